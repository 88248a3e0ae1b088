"""What a user without rights sees of a folder, in tests that run as root."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def as_nobody(place: Path) -> Iterator[None]:
    """This process with nobody's rights; the folders above `place` may be looked into, however deep tests are put."""
    scratch = Path(tempfile.gettempdir()).resolve()
    for folder in place.resolve().parents:
        if folder.is_relative_to(scratch) and folder != scratch:
            folder.chmod(0o755)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
