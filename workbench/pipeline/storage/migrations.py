"""How the tables of a case came to be, one numbered step after another; `meta.version` counts the steps a case has.

A new case takes all steps, an older one those that it lacks, in one transaction: all or none. A step, once released,
is never changed; what is needed next is a step of its own at the end of STEPS.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from workbench.domain.model import receipt_id
from workbench.pipeline.storage import journal, records
from workbench.pipeline.storage.journal import Word

FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files (
    position INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT UNIQUE NOT NULL, name TEXT NOT NULL, suffix TEXT NOT NULL,
    size INTEGER NOT NULL, pages INTEGER NOT NULL, added_at TEXT NOT NULL);
CREATE TABLE receipts (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL REFERENCES files (hash), page INTEGER NOT NULL, region INTEGER NOT NULL,
    status TEXT NOT NULL, error TEXT NOT NULL DEFAULT '', reading BLOB, lines BLOB, read_at TEXT,
    hidden INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL);
CREATE INDEX receipts_by_hash ON receipts (hash);
CREATE INDEX receipts_by_revision ON receipts (revision);
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, receipt TEXT NOT NULL, action TEXT NOT NULL, field TEXT, value TEXT,
    by TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX journal_by_receipt ON journal (receipt);
CREATE TABLE tax (number TEXT PRIMARY KEY, record BLOB, failure BLOB, revision INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('version', 0), ('revision', 0);
"""
CHAINED = """
CREATE TABLE IF NOT EXISTS erased (id TEXT PRIMARY KEY, revision INTEGER NOT NULL);
ALTER TABLE journal ADD COLUMN before TEXT;
ALTER TABLE journal ADD COLUMN detail TEXT;
ALTER TABLE journal ADD COLUMN salt TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN seal TEXT;
ALTER TABLE journal ADD COLUMN previous TEXT NOT NULL DEFAULT '';
CREATE TABLE earlier_readings (
    receipt TEXT NOT NULL, replaced_by INTEGER NOT NULL, reading BLOB NOT NULL, lines BLOB, read_at TEXT,
    PRIMARY KEY (receipt, replaced_by));
"""
LISTS = """
CREATE TABLE lists (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    sheets BLOB NOT NULL, columns TEXT NOT NULL);
"""


def _first(db: sqlite3.Connection) -> None:
    _run(db, FIRST)


def _chained(db: sqlite3.Connection) -> None:
    """Every act in the journal, each bound to the one before; what an older case holds is bound as it stands now."""
    _run(db, CHAINED)
    journal.chain(db)
    files = db.execute("SELECT hash, name, size, pages FROM files ORDER BY position").fetchall()
    if not files and not db.execute("SELECT 1 FROM journal").fetchone():
        return
    journal.append(db, Word("take-over", "", value="0.1.0"))
    for file in files:
        first = receipt_id(file[0], 1, 1)
        journal.append(db, Word("add", "", first, value=file[1], before="0.1.0", detail=file_detail(*file)))
    for name, *_ in db.execute("SELECT id FROM receipts ORDER BY rowid").fetchall():
        row = db.execute(f"{records.SELECT} WHERE id = ?", (name,)).fetchone()
        status, hidden, reading, lines = db.execute(
            "SELECT status, hidden, reading, lines FROM receipts WHERE id = ?", (name,)
        ).fetchone()
        said = [journal.entry_of(entry) for entry in db.execute(records.WORDS_OF, (name,)).fetchall()]
        receipt = records.receipt_of(row, said)
        detail = {"status": status, "hidden": hidden, **reading_detail(reading, lines), "values": receipt.values}
        journal.append(db, Word("take-over", "", name, value=receipt.revision, detail=detail))
    for number, record in db.execute("SELECT number, record FROM tax WHERE record IS NOT NULL ORDER BY number"):
        journal.append(db, Word("take-over", "", field=number, detail={"tax": sha(record)}))


def _lists(db: sqlite3.Connection) -> None:
    """The auditor's other lists: statements and vendor masters, as they were read."""
    _run(db, LISTS)


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first, _chained, _lists)
VERSION = len(STEPS)


def bring_up(db: sqlite3.Connection) -> int:
    """Takes the steps that this database lacks, inside the caller's transaction; the version that it has then.

    A database of a later program is left alone, and its version is greater than VERSION.
    """
    made = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None
    version = int(db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()[0]) if made else 0
    for step in STEPS[version:]:
        step(db)
        version += 1
        db.execute("UPDATE meta SET value = ? WHERE key = 'version'", (version,))
    return version


def file_detail(file_hash: str, name: str, size: int, pages: int) -> dict[str, Any]:
    """What an entry binds of a file."""
    return {"file": file_hash, "name": name, "size": size, "pages": pages}


def reading_detail(reading: bytes | None, lines: bytes | None) -> dict[str, Any]:
    """What an entry binds of a reading: SHA-256 of both parts as stored."""
    return {"reading": sha(reading), "lines": sha(lines)}


def sha(stored: bytes | None) -> str | None:
    """SHA-256 of what is stored, None for nothing."""
    return None if stored is None else hashlib.sha256(stored).hexdigest()


def _run(db: sqlite3.Connection, script: str) -> None:
    statements: Iterable[str] = filter(str.strip, script.split(";"))  # executescript would end the transaction
    for statement in statements:
        db.execute(statement)
