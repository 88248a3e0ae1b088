"""What an owner has filed before, told without being known: salted fingerprints of approved receipts, over all cases.

The file lies beside the owner's case folders and holds nothing that stands on a receipt but its day: keyed digests of
(business number, amount, moment) and the like, and picture hashes under a secret mask, whose distances stay what they
were. It outlives the deletion of pictures and cases.
"""

import hmac
import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.domain.model import Receipt

NAME = "fingerprints.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (salt BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, folder TEXT NOT NULL, title TEXT NOT NULL, receipt TEXT NOT NULL,
    day TEXT NOT NULL, picture INTEGER, revision TEXT NOT NULL, UNIQUE (folder, receipt));
CREATE TABLE IF NOT EXISTS prints (print INTEGER NOT NULL, entry INTEGER NOT NULL, kind TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS prints_by_print ON prints (print);
CREATE INDEX IF NOT EXISTS prints_by_entry ON prints (entry);
"""
BITS_OFF = 10
"""Bits of 64 by which pictures of one paper may differ where amount and day agree (see validation.duplicates)."""
HOW = {
    "file": "같은 파일",
    "approval": "승인번호와 금액이 같음",
    "number": "사업자번호·금액·시각이 같음",
    "merchant": "상호·금액·시각이 같음",
    "picture": "그림과 금액·날짜가 같음",
}
"""Ways in which a purchase was seen before, the surest first."""
AGREES = "agrees"
EARLIER = "SELECT title, day, kind, entries.id FROM prints JOIN entries ON entry = entries.id"


@dataclass(frozen=True, slots=True)
class Seen:
    """An earlier filing: the case it was in, the day of the purchase, and in which way (of HOW) it is the same."""

    title: str
    day: str
    how: str


class Fingerprints:
    """The fingerprints of one owner; safe for several threads and processes. Where none can be kept, none are known."""

    def __init__(self, case_folder: Path) -> None:
        here = case_folder.resolve()
        self.path, self._folder, self._title = here.parent / NAME, here.name, _title(here)
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._salt = b""

    def filed(self) -> dict[str, str]:
        """Revision of each receipt of this case that is told of."""
        return dict(self._ask("SELECT receipt, revision FROM entries WHERE folder = ?", self._folder))

    def keep(self, receipts: Iterable[Receipt], gone: Iterable[str] = ()) -> None:
        """Tells of receipts as filed, and no longer of those of ids `gone`."""
        with self._lock, suppress(sqlite3.Error, OSError):
            db = self._open(make=True)
            if db is None:
                return
            with db:
                for name in gone:
                    self._forget(db, name)
                for receipt in receipts:
                    self._forget(db, receipt.id)
                    self._put(db, receipt)

    def seen(self, receipt: Receipt) -> tuple[Seen, ...]:
        """Earlier filings of the same purchase in other cases of the owner, at most three."""
        with self._lock, suppress(sqlite3.Error, OSError):
            if self._open() is None:
                return ()
            prints = {self._print(kind, text): kind for kind, text in _texts(receipt)}
            if not prints:
                return ()
            marks = ",".join("?" * len(prints))
            query = f"{EARLIER} WHERE print IN ({marks}) AND folder != ?"
            rows = self._ask(query, *prints, self._folder)
            alike = self._alike(receipt, [entry for *_, kind, entry in rows if kind == AGREES])
            found = [(list(HOW).index(kind), title, day, kind) for title, day, kind, _ in rows if kind in HOW]
            found += [
                (list(HOW).index("picture"), title, day, "picture") for title, day, _, entry in rows if entry in alike
            ]
            best: dict[tuple[str, str], Seen] = {}
            for _, title, day, kind in sorted(found):
                best.setdefault((title, day), Seen(title, day, kind))
            return tuple(best.values())[:3]
        return ()

    def count(self) -> int:
        """How many filings are told of; grows and shrinks with them."""
        rows = self._ask("SELECT count(*), coalesce(max(id), 0) FROM entries")
        return rows[0][0] * 1_000_003 + rows[0][1] if rows else 0

    # inner parts

    def _open(self, make: bool = False) -> sqlite3.Connection | None:
        if self._db is None and (make or self.path.exists()):
            self._db = sqlite3.connect(self.path, timeout=10, check_same_thread=False)
            with suppress(OSError):
                os.chmod(self.path, 0o600)
            self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; {SCHEMA}")
            with self._db as db:
                db.execute(
                    "INSERT INTO secret SELECT ? WHERE NOT EXISTS (SELECT 1 FROM secret)", (secrets.token_bytes(32),)
                )
            self._salt = self._db.execute("SELECT salt FROM secret").fetchone()[0]
        return self._db

    def _ask(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]  # rows of any query
        with self._lock, suppress(sqlite3.Error, OSError):
            db = self._open()
            if db is not None:
                return db.execute(query, values).fetchall()
        return []

    def _print(self, kind: str, text: str) -> int:
        digest = hmac.digest(self._salt, f"{kind}\n{text}".encode(), "sha256")
        return int.from_bytes(digest[:8], "big", signed=True)

    def _masked(self, receipt: Receipt) -> int | None:
        if len(receipt.picture_hash) != 16:
            return None
        mask = int.from_bytes(hmac.digest(self._salt, b"picture", "sha256")[:8], "big")
        return int(receipt.picture_hash, 16) ^ mask

    def _forget(self, db: sqlite3.Connection, receipt_id: str) -> None:
        found = db.execute(
            "SELECT id FROM entries WHERE folder = ? AND receipt = ?", (self._folder, receipt_id)
        ).fetchone()
        if found:
            db.execute("DELETE FROM prints WHERE entry = ?", found)
            db.execute("DELETE FROM entries WHERE id = ?", found)

    def _put(self, db: sqlite3.Connection, receipt: Receipt) -> None:
        picture = self._masked(receipt)
        signed = None if picture is None else picture - (1 << 64) if picture >> 63 else picture
        day = (receipt.value("issued_at") or "")[:10]
        entry = db.execute(
            "INSERT INTO entries (folder, title, receipt, day, picture, revision) VALUES (?, ?, ?, ?, ?, ?)",
            (self._folder, self._title, receipt.id, day, signed, receipt.revision),
        ).lastrowid
        rows = [(self._print(kind, text), entry, kind) for kind, text in dict.fromkeys(_texts(receipt))]
        db.executemany("INSERT INTO prints VALUES (?, ?, ?)", rows)

    def _alike(self, receipt: Receipt, entries: Sequence[int]) -> set[int]:
        picture = self._masked(receipt)
        if picture is None or not entries:
            return set()
        marks = ",".join("?" * len(entries))
        rows = self._ask(f"SELECT id, picture FROM entries WHERE picture IS NOT NULL AND id IN ({marks})", *entries)  # noqa: S608
        return {entry for entry, other in rows if ((other % (1 << 64)) ^ picture).bit_count() <= BITS_OFF}


def _texts(receipt: Receipt) -> list[tuple[str, str]]:
    """What is printed of a receipt, each as (kind, text); the machine's reading beside the corrected value."""

    def both(name: str) -> list[str]:
        field = receipt.field(name)
        return [value for value in dict.fromkeys((field.value, field.read)) if value]

    totals, moments = both("total"), [m[:16] for m in both("issued_at")]
    timed = [m for m in moments if len(m) == 16]
    found = [("file", f"{receipt.file_hash} {receipt.page} {receipt.region}")] if receipt.file_hash else []
    for total in totals:
        found += [("approval", f"{a.lstrip('0')} {total}") for a in both("approval_number") if len(a) >= 6]
        found += [("number", f"{n} {total} {m}") for n in both("business_number") for m in timed]
        found += [("merchant", f"{''.join(n.split())} {total} {m}") for n in both("merchant") for m in timed]
        found += [(AGREES, f"{total} {m[:10]}") for m in moments]
    return found


def _title(folder: Path) -> str:
    """What people call a case: the title that a server keeps beside it, or the name of its folder."""
    with suppress(OSError, ValueError):
        title = json.loads((folder / "about.json").read_text("utf-8")).get("title")
        if title:
            return str(title)
    return folder.name
