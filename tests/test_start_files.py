"""Files to double-click: they take the steps of the Makefile, and tell what is missing."""

import os
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from workbench.__main__ import main

ROOT = Path(__file__).parents[1]


def started(tmp_path, *names):
    """workbench.command in a folder of its own, with stand-ins for the Pythons of those names."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in names:
        tool = tools / name
        tool.write_text(
            '#!/bin/sh\necho "$0 $*" >> calls\n'
            'if [ "$2" = venv ]; then mkdir -p .venv/bin; cp "$0" .venv/bin/python; cp "$0" .venv/bin/workbench; fi\n'
        )
        tool.chmod(0o755)
    script = tmp_path / "workbench.command"
    script.write_bytes((ROOT / "workbench.command").read_bytes())
    done = subprocess.run(
        ["/bin/sh", str(script)],
        env={"PATH": f"{tools}{os.pathsep}/usr/bin{os.pathsep}/bin", "LANG": "C.UTF-8"},
        input=b"\n", capture_output=True, check=False,
    )  # fmt: skip
    calls = tmp_path / "calls"
    return done, calls.read_text().splitlines() if calls.exists() else []


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_file_for_macos_prepares_once_and_opens(tmp_path):
    done, calls = started(tmp_path, "python3.11", "python3.13")
    assert done.returncode == 0, done.stdout.decode()
    assert any("python3.13 -m venv .venv" in call for call in calls)
    assert any("-m pip install --quiet -e .[notebook,dask]" in call for call in calls)
    assert calls[-1].split()[0].endswith("workbench")
    assert (tmp_path / ".venv" / "installed").exists()
    again = subprocess.run(
        ["/bin/sh", str(tmp_path / "workbench.command")],
        env={"PATH": f"{tmp_path / 'tools'}{os.pathsep}/usr/bin{os.pathsep}/bin"}, input=b"", check=False,
    )  # fmt: skip
    assert again.returncode == 0
    assert sum("venv .venv" in line for line in (tmp_path / "calls").read_text().splitlines()) == 1


def test_both_files_and_the_makefile_install_the_same():
    extras = '".[notebook,dask]"'
    for name in ("Makefile", "workbench.command", "workbench.bat"):
        assert extras in (ROOT / name).read_text("utf-8"), name
    assert b"\r\n" in (ROOT / "workbench.bat").read_bytes()
    assert (ROOT / "workbench.command").stat().st_mode & stat.S_IXUSR


def test_the_conda_file_asks_for_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    [python] = [d for d in environment["dependencies"] if isinstance(d, str) and d.startswith("python=")]
    low, high = (tuple(map(int, part.lstrip("<>=").split("."))) for part in project["requires-python"].split(","))
    assert low <= tuple(map(int, python.split("=")[1].split("."))) < high
    [installed] = [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)]
    asked = installed[0].split("[")[1].rstrip("]").split(",")
    assert set(asked) <= set(project["optional-dependencies"])


def test_without_a_command_the_own_cases_are_served_and_the_browser_opens(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("workbench.commands.serve", lambda given, settings: asked.append((given.case, given.show)) or 0)
    monkeypatch.setattr("sys.argv", ["workbench"])
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    assert main() == 0
    assert asked == [(None, True)]
