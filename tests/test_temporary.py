"""What commands keep for a while: one folder a process, gone with it, or when the next command starts."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from workbench.__main__ import main
from workbench.pipeline.storage import temporary

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="of systems where several share a folder")


@pytest.fixture
def system(tmp_path, monkeypatch):
    """In the place of the system's folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_command_left_goes_when_the_next_one_starts(system):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    home = system / f"workbench-{os.getuid()}"
    for pid in (dead.pid, os.getppid()):
        (home / str(pid)).mkdir(parents=True)
        (home / str(pid) / "export.zip").write_text("confidential")
    home.chmod(0o700)
    main(["verify", str(system / "none")])
    assert [path.parent.name for path in home.glob("*/export.zip")] == [str(os.getppid())]


def test_a_command_keeps_everything_in_its_own_folder_and_takes_it_away(system, monkeypatch):
    monkeypatch.delenv("TMPDIR", raising=False)
    with temporary.for_a_while():
        own = Path(tempfile.mkdtemp())
        assert own.parent == system / f"workbench-{os.getuid()}" / str(os.getpid())
        assert os.environ["TMPDIR"] == str(own.parent)  # for the processes it starts
        assert own.parent.stat().st_mode & 0o077 == 0
    assert not own.exists()
    assert tempfile.tempdir == str(system)
    assert "TMPDIR" not in os.environ


def test_a_folder_that_another_made_first_is_not_used(system):
    (system / "elsewhere").mkdir()
    (system / f"workbench-{os.getuid()}").symlink_to(system / "elsewhere")
    with temporary.for_a_while():
        assert Path(tempfile.mkdtemp()).parent == system
    assert list((system / "elsewhere").iterdir()) == []
