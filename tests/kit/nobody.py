"""What a user without rights sees of a folder, in tests that run as root."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def as_nobody(folder: Path) -> Iterator[Path]:
    """A copy of `folder` with its rights, in one that all may write to, while this process has nobody's rights.

    Not where pytest puts it: whichever pytest starts meanwhile closes its own folders to others again.
    """
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o777)
        place = shutil.copytree(folder, Path(scratch) / folder.name, symlinks=True)
        os.seteuid(NOBODY)
        try:
            yield place
        finally:
            os.seteuid(0)
