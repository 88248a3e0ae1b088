"""Cases as version 0.1.0 made them."""

import sqlite3

OLD = """
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
INSERT INTO meta VALUES ('version', 1), ('revision', 7);
"""
"""The tables as version 0.1.0 made them."""


def as_version_0_1_0(folder):
    """The case in `folder` with its tables as 0.1.0 made them, and words as 0.1.0 kept them."""
    path = folder / "case.sqlite"
    new = sqlite3.connect(path)
    kept = {
        table: new.execute(f"SELECT {columns} FROM {table}").fetchall()
        for table, columns in (
            ("files", "position, hash, name, suffix, size, pages, added_at"),
            ("receipts", "id, hash, page, region, status, error, reading, lines, read_at, hidden, revision"),
        )
    }
    new.close()
    for file in (*folder.glob("case.sqlite*"), folder / "case.head"):
        file.unlink()
    old = sqlite3.connect(path)
    old.executescript(OLD)
    kept["receipts"] = [tuple(map(_with_a_turn, row)) for row in kept["receipts"]]
    for table, rows in kept.items():
        old.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    ids = [row[0] for row in kept["receipts"]]
    at = "2026-01-05T10:00:00+09:00"
    words = [
        (ids[0], "correct", "total", "11000", "kim"),
        (ids[0], "approve", None, None, "kim"),
        (ids[1], "approve", None, None, "kim"),
        (ids[1], "correct", "merchant", "새 이름", "lee"),
    ]
    old.executemany(
        "INSERT INTO journal (receipt, action, field, value, by, at) VALUES (?, ?, ?, ?, ?, ?)",
        [(*word, at) for word in words],
    )
    old.commit()
    old.close()
    return ids


def _with_a_turn(value):
    """A reading as 0.1.0 stored it."""
    return value.replace(b'"orientation":', b'"turn":') if isinstance(value, bytes) else value
