"""Temporary files in a folder of each process's own: what a killed one left behind goes when the next one starts."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.pipeline.storage.atomic import runs


def stay_under(home: Path) -> Path:
    """Makes this process's temporary folder under `home` and uses it from now on; those of ended ones are removed."""
    for rest in home.glob("*"):
        if not (rest.name.isdecimal() and runs(int(rest.name))):
            shutil.rmtree(rest, ignore_errors=True)
    own = home / str(os.getpid())
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    tempfile.tempdir = str(own)
    return own


@contextmanager
def for_a_while() -> Iterator[None]:
    """A temporary folder for one command and the processes it starts; what it leaves in it goes with it."""
    home, before = _of_user(), (tempfile.tempdir, os.environ.get("TMPDIR"))
    if home is None:
        yield
        return
    own = stay_under(home)
    os.environ["TMPDIR"] = str(own)
    try:
        yield
    finally:
        tempfile.tempdir = before[0]
        if before[1] is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before[1]
        shutil.rmtree(own, ignore_errors=True)


def _of_user() -> Path | None:
    """Where this user's commands keep theirs, in the system's folder for such; None where that name is another's."""
    if not hasattr(os, "getuid"):
        return Path(tempfile.gettempdir()) / "workbench"  # a folder of the user's own there
    home = Path(tempfile.gettempdir()) / f"workbench-{os.getuid()}"
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        known = home.lstat()
    except OSError:  # nothing can be written there: whatever needs room says so itself
        return None
    whole = known.st_uid == os.getuid() and not known.st_mode & 0o077 and not home.is_symlink()
    return home if whole else None
