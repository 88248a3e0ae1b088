"""What is released: a wheel that installs where nothing of this repository is at hand, and reads a receipt there."""

import csv
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.kit import ROOT
from workbench.version import VERSION

NEWLY_COMPILED = shutil.ignore_patterns("__pycache__")
"""Comes and goes while others run."""
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "workbench")


def run(*command: object, cwd: Path) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WORKBENCH"))}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        there = ROOT / name
        copy = partial(shutil.copytree, ignore=NEWLY_COMPILED) if there.is_dir() else shutil.copy
        copy(there, source / name)
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        "dist",
        ".",
        cwd=source,
    )
    (made,) = (source / "dist").glob("*.whl")
    return made


def test_the_wheel_holds_every_file_that_the_program_opens(wheel):
    held = set(ZipFile(wheel).namelist())
    files = [path for path in (ROOT / "workbench").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert [str(path) for path in files if path.relative_to(ROOT).as_posix() not in held] == []
    assert wheel.name.split("-")[1] == VERSION


def test_installed_alone_it_reads_a_receipt(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=False)
    places = {"base": str(tmp_path / "env"), "platbase": str(tmp_path / "env")}
    site, scripts = (Path(sysconfig.get_path(name, "venv", places)) for name in ("purelib", "scripts"))
    python = scripts / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel, cwd=tmp_path)
    # The libraries are those of the tests; this repository, installed there as editable, is not seen through a path.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    assert run(python, "-c", "import workbench; print(workbench.__file__)", cwd=tmp_path).startswith(str(site))
    sample = ROOT / "data" / "sample"
    run(scripts / "workbench", "read", sample / "card_slip.jpg", "-o", "out.csv", "--jobs", 1, cwd=tmp_path)
    truths = {entry["file"]: entry for entry in json.loads((sample / "truth.json").read_text("utf8"))}
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines())
    assert int(row["합계"].replace(",", "")) == truths["card_slip.jpg"]["total"]
