"""A case's tables as they stood at one moment, whoever writes meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.pipeline.storage.complaints import in_words
from workbench.pipeline.storage.database import NAME, Database
from workbench.pipeline.storage.patience import seconds


@dataclass(frozen=True, slots=True)
class Moment:
    """What `Database` tells, all of it of the same moment."""

    folder: Path
    told: tuple[int, str] | None
    """What the file beside the database said of the end of the journal."""
    db: sqlite3.Connection

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return self.db.execute(query, values).fetchall()


@contextmanager
def at_one_moment(store: Database) -> Iterator[Moment]:
    """The tables as they stand now; it costs writers nothing, but what is erased is overwritten only afterwards."""
    told = store.head_file()  # first: it may lag behind the journal, never lead
    with in_words(store.folder), closing(sqlite3.connect(store.folder / NAME, timeout=seconds())) as db:
        db.execute("BEGIN")
        yield Moment(store.folder, told, db)
