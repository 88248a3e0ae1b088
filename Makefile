# make run: sets up what it needs in .venv and opens the workbench on the sample receipts.
# make test: sets up and runs every check that CI runs.  make install: only the set-up.
# make audit: asks PyPI whether any installed package has a known weakness; with ADVISORIES=FILE (OSV records, JSON or a
#   ZIP of them) it asks that file instead and needs no network.  make sbom: build/sbom.json, what is installed (CycloneDX).
# The newest Python that starts: a version manager may leave names on the path behind which there is none.
PYTHON := $(firstword $(foreach v,3.13 3.12 3.11,$(shell python$(v) -c 'import venv' 2>/dev/null && echo python$(v))) python3)
VENV := .venv
BIN := $(VENV)/bin
# Tests wait for browsers and servers half of their time: two more than there are cores.
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 2)')
export WORKBENCH_HOME ?= $(CURDIR)/data/home

.PHONY: run test checked tested audit sbom install clean python
run: $(VENV)/installed
	@echo "== The workbench opens on the sample receipts; stop it with Ctrl+C."
	$(BIN)/workbench serve --case data/cases/sample --add data/sample/*.jpg data/sample/*.png data/sample/*.pdf --show

# Side by side: those that look at the code and those that run it. One that fails ends nothing else, and fails all.
test: $(VENV)/installed-test
	@$(MAKE) --no-print-directory --keep-going --jobs=2 tested checked

checked:  # what it says comes in one piece, among the dots of the tests
	@mkdir -p build
	@( set -ex; $(BIN)/ruff check .; $(BIN)/ruff format --check .; $(BIN)/mypy; $(BIN)/lint-imports; $(BIN)/vulture ) \
		>build/checked.txt 2>&1; ended=$$?; echo; cat build/checked.txt; exit $$ended

tested:
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder  # in the order of tests/conftest.py

audit: $(VENV)/installed
ifdef ADVISORIES
	$(BIN)/python .ci/audit.py $(ADVISORIES)
else
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/pip-audit --local --skip-editable
endif

sbom: $(VENV)/installed-test
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json $(BIN)/python

install: $(VENV)/installed

# Once for everything that is needed: pip looks at all of it anew each time it is called.
$(VENV)/installed: EXTRAS := notebook,dask
$(VENV)/installed-test: EXTRAS := notebook,dask,paddle,training,test
$(VENV)/installed $(VENV)/installed-test: pyproject.toml
	@echo "== Setting up $(VENV) with $(PYTHON) (once; a few minutes)"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; found: $$($(PYTHON) --version 2>&1)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e ".[$(EXTRAS)]"
	@touch $(VENV)/installed $@

python:  # which one all is set up with
	@echo $(PYTHON)

clean:
	rm -rf $(VENV) build *.egg-info
