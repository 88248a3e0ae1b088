"""The owner's other cases: folders beside a case's own, of the same owner; read, never written.

Only folders beside this case are looked into, so nothing of anybody's reaches anybody else.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any


def cases_beside(folder: Path) -> list[Path]:
    """Other case folders in the same folder, of the same owner, the latest used first."""
    here = folder.resolve()
    owner = here.stat().st_uid
    found = []
    for database in here.parent.glob("*/case.sqlite"):
        with suppress(OSError):
            about = database.stat()
            if database.parent != here and about.st_uid == owner:
                found.append((about.st_mtime, database.parent))
    return [other for _, other in sorted(found, reverse=True)]


def details_beside(folder: Path, *actions: str) -> Iterator[dict[str, Any]]:
    """What the journals of the other cases bind to acts of those names, the latest case and entry first."""
    marks = ",".join("?" * len(actions))
    query = f"SELECT detail FROM journal WHERE action IN ({marks}) AND detail IS NOT NULL ORDER BY seq DESC"  # noqa: S608  # marks only
    for other in cases_beside(folder):
        # One that is locked, damaged, or of an earlier program has nothing to tell.
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{other}/case.sqlite?mode=ro", uri=True)) as db:
            for (detail,) in db.execute(query, actions).fetchall():
                yield json.loads(detail)
