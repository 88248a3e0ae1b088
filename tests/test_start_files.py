"""Files to double-click: they take the steps of the Makefile, and tell what is missing."""

import gc
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests.kit.processes import free_port
from workbench import server
from workbench.__main__ import main
from workbench.pipeline.jobs.local import cores
from workbench.server import door, running

ROOT = Path(__file__).parents[1]


PYTHON = """#!/bin/sh
echo "$(basename "$0") $*" >> calls
case "$(basename "$0") $*" in *"$(cat refused 2>/dev/null || echo nothing)"*) exit 1 ;; esac
if [ "$2" = venv ]; then mkdir -p .venv/bin && cp "$0" .venv/bin/python; fi
"""
"""A stand-in that notes what it is asked and refuses what the file `refused` says."""

posix = pytest.mark.skipif(os.name != "posix", reason="a shell script")


@pytest.fixture
def start(tmp_path):
    """Starts workbench.command in a folder as people have them: what it said, and what the Pythons were asked."""
    folder, tools = tmp_path / "내 영수증 (1) & 작업대", tmp_path / "tools"
    folder.mkdir()
    tools.mkdir()
    for name in ("workbench.command", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)

    def once(*pythons, refused="nothing"):
        for name in pythons:
            (tools / name).write_text(PYTHON)
            (tools / name).chmod(0o755)
        (folder / "refused").write_text(refused)
        (folder / "calls").write_text("")
        done = subprocess.run(
            ["/bin/sh", str(folder / "workbench.command")], input="\n", capture_output=True, text=True, check=False,
            env={"PATH": f"{tools}{os.pathsep}{bare(tmp_path)}", "LANG": "C.UTF-8"},
        )  # fmt: skip
        return done.returncode, done.stdout, (folder / "calls").read_text().splitlines()

    once.folder = folder
    return once


def bare(tmp_path):
    """A folder with what the script calls beside Python, and no Python."""
    place = tmp_path / "bare"
    if not place.exists():
        place.mkdir()
        for name in ("basename", "cat", "cmp", "cp", "dirname", "mkdir", "rm", "touch"):
            (place / name).symlink_to(shutil.which(name))
    return place


INSTALL = "python -m pip install --quiet -e .[notebook,dask]"
OPEN = "python -P -m workbench"


@posix
def test_the_file_for_macos_prepares_once_and_opens(start):
    code, _, calls = start("python3.11", "python3.13")
    assert code == 0
    assert [call for call in calls if "venv .venv" in call] == ["python3.13 -m venv .venv"]
    assert calls[-2:] == [INSTALL, OPEN]
    code, _, calls = start()
    assert (code, calls) == (0, ["python -P -c import workbench.version", OPEN])


@posix
@pytest.mark.parametrize(
    ("refused", "says"),
    [
        ("python3.13 -c", "python.org"),  # another version, or a name that a version manager left behind
        ("venv .venv", "쓸 수 있는지"),
        ("--upgrade pip", "네트워크"),
        ("-e .[notebook", "네트워크"),
    ],
)
def test_what_fails_is_told_and_is_tried_again(start, refused, says):
    code, said, calls = start("python3.13", refused=refused)
    assert code == 1
    assert says in said
    assert OPEN not in calls
    code, _, calls = start()
    assert code == 0
    assert calls[-2:] == [INSTALL, OPEN]


@posix
def test_a_start_without_any_python_says_which_one_to_get(start):
    code, said, calls = start()
    assert (code, calls) == (1, [])
    assert "python.org" in said


@posix
def test_what_was_updated_moved_or_lost_its_python_is_prepared_again(start):
    start("python3.12")
    with (start.folder / "pyproject.toml").open("a") as project:
        project.write("# one more dependency\n")
    assert start()[2][-2:] == [INSTALL, OPEN]
    assert start()[2][-1:] == [OPEN]
    code, _, calls = start(refused="import workbench.version")  # the folder has another name now
    assert code == 0
    assert calls[-2:] == [INSTALL, OPEN]
    assert not any("venv .venv" in call for call in calls)
    (start.folder / ".venv/bin/python").unlink()
    (start.folder / ".venv/bin/python").symlink_to("/gone/python3.12")
    code, _, calls = start()
    assert code == 0
    assert "python3.12 -m venv .venv" in calls
    assert calls[-2:] == [INSTALL, OPEN]


def test_the_file_for_windows_takes_the_same_steps():
    """It never ran here: what can be read of it is checked."""
    text = (ROOT / "workbench.bat").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines()]
    wanted = set(re.findall(r"goto (\w+)", text))
    assert wanted == {line[1:] for line in lines if line.startswith(":")}
    assert text.count("%~dp0") == text.count('"%~dp0"') == 1  # blanks, brackets, & in a path
    assert lines.index("chcp 65001 >nul") < next(k for k, line in enumerate(lines) if not line.isascii())
    shell = (ROOT / "workbench.command").read_text("utf-8")
    steps = ("-m pip install --quiet --upgrade pip", '-m pip install --quiet -e ".[notebook,dask]"', "-m venv .venv",
             "-P -m workbench", '-P -c "import workbench.version"', '-c "import pip"')  # fmt: skip
    for step in steps:
        assert step in text, step
        assert step in shell, step
    said = [line for line in lines if line.startswith("echo ") and "다시 열어" in line]
    assert len(said) == 5
    for line in lines:
        if line.startswith(":") and line not in (":prepare", ":install", ":open", ":failed"):
            assert lines[lines.index(line) + 1].startswith("echo "), line
    check = re.search(r'set "FITS=(.*)"', text)
    assert check is not None
    assert "%" not in check[1]
    assert subprocess.run([sys.executable, "-c", check[1]], check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", check[1].replace("(3, 14)", "(3, 9)")], check=False).returncode == 1


def test_both_files_and_the_makefile_install_the_same():
    assert "installed: EXTRAS := notebook,dask\n" in (ROOT / "Makefile").read_text("utf-8")
    for name in ("workbench.command", "workbench.bat"):
        assert '".[notebook,dask]"' in (ROOT / name).read_text("utf-8"), name
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


@pytest.fixture
def opened(monkeypatch):
    """Addresses that the browser was sent to."""
    found = []
    monkeypatch.setattr("webbrowser.open", found.append)
    return found


@pytest.fixture
def start_on(monkeypatch, tmp_path, opened):
    """Starts `serve` without its server; the port that it took, None where it did not get so far."""
    asked, ready = [], []
    served = SimpleNamespace(serve=lambda settings, case, sockets, address, show: asked.append((sockets, show)))
    monkeypatch.setattr(server, "application", served, raising=False)  # its import would take seconds
    monkeypatch.setattr("workbench.pipeline.reading.started_workers.start", lambda *given: ready.append(given))
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))

    def start(*words):
        asked.clear()
        code = main(["serve", *words])
        if not asked:
            return None
        ((sockets, shows_later),) = asked
        ports = {one.getsockname()[1] for one in sockets}
        for one in sockets:
            one.close()
        assert (code, len(ports)) == (0, 1)
        assert shows_later is ("--show" in words and "--case" in words)
        most = [given[1] for given in ready]  # the screen wants a core, too
        assert most == [max(1, cores() - 1)] * ("--show" in words and "--case" not in words)
        ready.clear()
        (tmp_path / running.NAME).unlink(missing_ok=True)  # as if it had ended
        return ports.pop()

    return start


def test_a_second_start_shows_the_page_that_is_there(tmp_path, start_on, opened):
    running.note(tmp_path, "http://127.0.0.1:5006/")
    assert start_on("--show") is None
    assert opened == ["http://127.0.0.1:5006/"]
    assert start_on("--show", "--port", str(port := free_port())) == port
    (tmp_path / running.NAME).write_text("999999999 1.0 http://127.0.0.1:5006/")  # it was killed, or the computer was
    assert running.where(tmp_path) == ""
    (tmp_path / running.NAME).write_text("torn")
    assert running.where(tmp_path) == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Tornado leaves that socket open
def test_where_the_usual_port_is_taken_another_is_used_unless_one_was_named(monkeypatch, start_on, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr("workbench.server.door.USUAL_PORT", taken := other.getsockname()[1])
        assert start_on("--show") not in (None, taken)
        assert start_on() is None  # a service does not move: that is told instead
        assert str(taken) in capsys.readouterr().err
        gc.collect()  # here and in no other test
    monkeypatch.setattr("workbench.server.door.USUAL_PORT", port := free_port())
    assert start_on("--show") == port


def test_a_port_that_there_is_not_is_told(capsys):
    with pytest.raises(SystemExit):
        main(["serve", "--port", "70000"])  # the system would listen at 4464
    assert "70000" in capsys.readouterr().err


def test_the_browser_is_on_its_way_while_the_screen_is_loaded(tmp_path, start_on, monkeypatch):
    """To a port that takes its question already; to a case's page, whose address is known later, afterwards."""
    shown, known = [], []
    monkeypatch.setattr(
        "workbench.server.door.show", lambda url: shown.append(url) or known.append(running.where(tmp_path))
    )
    served = server.application.serve
    server.application.serve = lambda *given, **named: known.append(running.where(tmp_path)) or served(*given, **named)
    port = start_on("--show", "--port", "0")
    assert shown == [f"http://127.0.0.1:{port}/"]
    assert known == shown * 2  # who double-clicks once more in these seconds is shown the same
    assert start_on("--show", "--port", "0", "--case", str(tmp_path / "case"))
    assert len(shown) == 1


@posix
def test_a_home_that_is_made_before_the_screen_is_loaded_is_its_owners_only(tmp_path, start_on, monkeypatch):
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    assert start_on("--show", "--port", "0")
    assert running.where(tmp_path / "home")
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_home_that_cannot_be_used_is_told_before_the_browser_is_sent_there(
    tmp_path, start_on, monkeypatch, opened, capsys
):
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    assert start_on("--show", "--port", "0") is None
    assert opened == []
    assert "WORKBENCH_HOME" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Tornado leaves that socket open
def test_an_address_of_another_family_has_the_usual_port_too():
    try:
        port = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 here")
    with port:
        usual = port.getsockname()[1]
        (other,) = door.bound_or_any(usual, "::1")
        with other:
            assert other.getsockname()[1] != usual
        gc.collect()  # here and in no other test
    (own,) = door.bound_or_any(usual, "::1")
    with own:
        assert own.getsockname()[1] == usual


def test_without_a_command_the_own_cases_are_served_and_the_browser_opens(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("workbench.commands.serve", lambda given, settings: asked.append((given.case, given.show)) or 0)
    monkeypatch.setattr("sys.argv", ["workbench"])
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    assert main() == 0
    assert asked == [(None, True)]
