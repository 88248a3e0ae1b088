"""What was read before is not read again: readings of the same bytes by the same engine, from the owner's other cases.

The other cases themselves are the cache: nothing is kept twice, and a deleted case leaves no text behind. Only folders
beside this case are looked into, and only those of the same owner, so nobody's reading reaches anybody else. However
many an owner keeps, only the latest used are looked into, up to a number and a size.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from itertools import combinations
from pathlib import Path

from workbench.domain.geometry import overlap
from workbench.domain.model import Box, Reading, receipt_id
from workbench.pipeline.reading.worker import extract_again
from workbench.pipeline.storage import pictures
from workbench.pipeline.storage.other_cases import cases_beside
from workbench.pipeline.storage.records import stored_reading
from workbench.pipeline.storage.sqlite import SUPERSEDED

CASES, BYTES = 100, 2 << 30
"""What is looked into at most: other cases, and their databases together. A thousand receipts take 20 MB of one."""

APART = 0.5
"""How much of the smaller of two receipts found by one reading may lie in the other."""

Page = tuple[str, int]
"""A file's hash and a page of it, from 1."""


def cached_readings(folder: Path, wanted: Iterable[Page], engine: str) -> Iterator[tuple[Page, tuple[Reading, ...]]]:
    """For pages of `wanted` that a case beside `folder` holds as read by `engine`: one reading a receipt region.

    They stand under today's rules; their pictures are copied to `folder`.
    """
    left: dict[str, set[int]] = defaultdict(set)
    for file_hash, page in wanted:
        left[file_hash].add(page)
    for other in _looked_into(folder):
        if not left:
            return
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{other}/case.sqlite?mode=ro", uri=True)) as db:
            for (file_hash,) in db.execute("SELECT hash FROM files").fetchall():
                for page in sorted(left.get(file_hash, ())):
                    if readings := _readings(db, file_hash, page, engine):
                        _copy_pictures(
                            db, other, folder, [receipt_id(file_hash, page, n + 1) for n in range(len(readings))]
                        )
                        left[file_hash].discard(page)
                        yield (file_hash, page), readings
                if not left.get(file_hash, True):
                    del left[file_hash]


def _looked_into(folder: Path) -> Iterator[Path]:
    """The latest used cases beside `folder` within `CASES` and `BYTES`; one too big for what is left is passed over."""
    left = BYTES
    for other in cases_beside(folder)[:CASES]:
        with suppress(OSError):
            size = (other / "case.sqlite").stat().st_size
            if size <= left:
                left -= size
                yield other


def _readings(db: sqlite3.Connection, file_hash: str, page: int, engine: str) -> tuple[Reading, ...]:
    """The receipts of a page as one reading found them, region 1 first; () where some stayed from an earlier one."""
    rows = db.execute(
        "SELECT status, reading, lines, region FROM receipts WHERE hash = ? AND page = ? AND hidden != ?"
        " ORDER BY region",
        (file_hash, page, SUPERSEDED),
    ).fetchall()
    if any(status != "read" or packed is None for status, packed, *_ in rows):
        return ()
    readings = tuple(stored_reading(packed, lines) for _, packed, lines, _ in rows)
    places = [one.geometry.region or Box(0, 0, *one.geometry.size) for one in readings]
    if [region for *_, region in rows] != list(range(1, len(rows) + 1)):
        return ()
    if any(overlap(one, other) > APART for one, other in combinations(places, 2)):
        return ()
    return tuple(map(extract_again, readings)) if all(r.engine == engine for r in readings) else ()


def _copy_pictures(db: sqlite3.Connection, other: Path, folder: Path, receipts: Iterable[str]) -> None:
    """What cannot be had, or is not what was drawn there, is drawn again when it is looked at."""
    for name in receipts:
        to = pictures.path_of(folder, name)
        to.parent.mkdir(exist_ok=True)
        to.unlink(missing_ok=True)
        with suppress(OSError, sqlite3.Error):
            if kept := pictures.trusted(other, name, db.execute(pictures.BOUND, (name,)).fetchall()):
                to.write_bytes(kept)
