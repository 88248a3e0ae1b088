"""SQLite behind a case: files, readings, an append-only journal of what people said, and the tax service's answers.

Every write is one transaction, flushed to disk before it returns (WAL, synchronous=FULL): what was accepted survives
`kill -9` and a power cut. Several processes may have one case open; `changed_since` tells each what the others did.
"""

import sqlite3
import threading
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.errors import CaseError
from workbench.domain.model import Correction, Field, Line, Reading, Receipt, TaxFailure, TaxRecord, receipt_id

VERSION = 1
BUSY_SECONDS = 30
ERASE_MS = 250
"""How long one try to empty the write-ahead log may wait for others who read."""
CLEARED, SUPERSEDED = 1, 2
"""Why a receipt is hidden: a person cleared it, or a new reading of its page found fewer receipts."""
SCHEMA = """
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
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: who did what (correct, approve, reopen) to which receipt and field, when."""

    seq: int
    receipt: str
    action: str
    field: str | None
    value: str | None
    by: str
    at: datetime


class Store:
    """The database of one case folder; safe for several threads, and for several processes at once."""

    def __init__(self, folder: Path) -> None:
        """Opens or makes `folder`; CaseError says what stands in the way."""
        self.folder = folder
        self._lock = threading.RLock()
        self._erasing = False
        with _in_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "files").mkdir(exist_ok=True)
            self._db = sqlite3.connect(
                folder / "case.sqlite", timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
            )
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        with _in_words(self.folder):
            # WAL lets others read while one writes; FULL flushes each commit, so an accepted word survives a power cut;
            # secure_delete overwrites what is deleted.
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._make_tables()
            # Whether the log may hold what was erased, also by an earlier process that was killed.
            self._erasing = self._has_erased()

    def _make_tables(self) -> None:
        with self._writing() as db:
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
                for statement in SCHEMA.split(";"):
                    db.execute(statement)
                db.execute("INSERT INTO meta VALUES ('version', ?), ('revision', 0)", (VERSION,))
            (version,) = db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        if version != VERSION:
            raise CaseError(f"{self.folder} 사건은 다른 버전의 프로그램이 만들었습니다. 프로그램을 업데이트해 주세요.")

    def close(self) -> None:
        """Releases the database; the store cannot be used any more."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its start; all of it or nothing."""
        with self._lock, _in_words(self.folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # SQLite itself rolls back when the disk is full
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            self._empty_log()

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, _in_words(self.folder):
            return self._db.execute(query, values).fetchall()

    # files

    def add_file(self, file_hash: str, name: str, suffix: str, size: int, pages: int) -> tuple[list[str], bool]:
        """Ids of the file's receipts, and whether the file is new. A cleared file that comes back is shown again."""
        with self._writing() as db:
            known = db.execute("SELECT 1 FROM files WHERE hash = ?", (file_hash,)).fetchone() is not None
            if not known:
                db.execute(
                    "INSERT INTO files (hash, name, suffix, size, pages, added_at) VALUES (?, ?, ?, ?, ?, ?)",
                    (file_hash, name, suffix, size, pages, _now()),
                )
                revision = _next_revision(db)
                for page in range(1, pages + 1):
                    _insert_waiting(db, file_hash, page, 1, revision)
            shown = db.execute(
                "UPDATE receipts SET hidden = 0, revision = ? WHERE hash = ? AND hidden = ?",
                (_next_revision(db), file_hash, CLEARED),
            ).rowcount
            ids = [
                row[0]
                for row in db.execute(
                    "SELECT id FROM receipts WHERE hash = ? AND NOT hidden ORDER BY page, region", (file_hash,)
                )
            ]
        return ids, not known or shown > 0

    def file_count(self) -> int:
        """How many files the case holds."""
        return int(self._rows("SELECT count(*) FROM files")[0][0])

    def size(self) -> int:
        """Bytes of all originals."""
        return int(self._rows("SELECT coalesce(sum(size), 0) FROM files")[0][0])

    def path_of(self, receipt: str) -> Path:
        """Where the original of a receipt lies."""
        found = self._rows("SELECT hash, suffix FROM receipts JOIN files USING (hash) WHERE id = ?", receipt)
        if not found:
            raise CaseError(f"이 사건에 없는 영수증입니다: {receipt}")
        return self.folder / "files" / f"{found[0][0]}{found[0][1]}"

    # receipts

    def has(self, receipt: str) -> bool:
        """Whether there is a receipt of that id, hidden or not."""
        return bool(self._rows("SELECT 1 FROM receipts WHERE id = ?", receipt))

    def revision(self) -> int:
        """A number that grows with every change, whoever made it."""
        return int(self._rows("SELECT value FROM meta WHERE key = 'revision'")[0][0])

    def receipts(self, since: int = -1) -> list[tuple[int, bool, Receipt]]:
        """Receipts changed after revision `since`: the place of their file in the case, whether hidden, the record."""
        words: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.journal(since):
            words[entry.receipt].append(entry)
        rows = self._rows(
            "SELECT position, hidden, id, name, hash, page, region, status, error, reading, read_at FROM receipts"
            " JOIN files USING (hash) WHERE revision > ? ORDER BY files.position, page, region",
            since,
        )
        return [(place, bool(hidden), _receipt(row, words.get(row[0], ()))) for place, hidden, *row in rows]

    def never_read(self) -> set[str]:
        """Ids of what waits and was never read: the rest waits because somebody asked for another reading."""
        return {row[0] for row in self._rows("SELECT id FROM receipts WHERE status = 'waiting' AND reading IS NULL")}

    def waiting(self) -> list[tuple[str, Path, int]]:
        """What is still to be read: receipt id, path of the original, page."""
        return [
            (row[0], self.folder / "files" / f"{row[1]}{row[2]}", row[3])
            for row in self._rows(
                "SELECT id, hash, suffix, page FROM receipts JOIN files USING (hash)"
                " WHERE status = 'waiting' AND region = 1 AND NOT hidden ORDER BY files.position, page"
            )
        ]

    def put_page(self, first: str, readings: tuple[Reading, ...]) -> list[str]:
        """Keeps what was read from one page, `first` being the id of its region 1; ids of its receipts.

        Regions that an earlier reading found and this one does not go, unless a person has worked on them.
        """
        with self._writing() as db:
            row = db.execute("SELECT hash, page FROM receipts WHERE id = ?", (first,)).fetchone()
            if row is None:  # deleted while it was being read
                return []
            file_hash, page = row
            revision = _next_revision(db)
            ids = []
            for region, reading in enumerate(readings, start=1):
                name = receipt_id(file_hash, page, region)
                _insert_waiting(db, file_hash, page, region, revision)
                db.execute(
                    "UPDATE receipts SET status = 'read', error = '', reading = ?, lines = ?, read_at = ?,"
                    " revision = ?, hidden = iif(hidden = 2, 0, hidden) WHERE id = ?",
                    (_packed(replace(reading, lines=())), _squeezed(reading.lines), _now(), revision, name),
                )
                ids.append(name)
            db.execute(
                "UPDATE receipts SET hidden = ?, revision = ? WHERE hash = ? AND page = ? AND region > ? AND NOT hidden"
                " AND id NOT IN (SELECT receipt FROM journal)",
                (SUPERSEDED, revision, file_hash, page, max(len(readings), 1)),
            )
        return ids

    def put_failure(self, receipt: str, error: str) -> None:
        """Marks a receipt as failed, with a sentence for a person."""
        with self._writing() as db:
            db.execute(
                "UPDATE receipts SET status = 'failed', error = ?, read_at = ?, revision = ? WHERE id = ?",
                (error, _now(), _next_revision(db), receipt),
            )

    def put_extraction(self, changed: dict[str, Reading]) -> None:
        """Replaces what was extracted (not the lines) of read receipts."""
        with self._writing() as db:
            revision = _next_revision(db)
            db.executemany(
                "UPDATE receipts SET reading = ?, revision = ? WHERE id = ?",
                [(_packed(replace(reading, lines=())), revision, name) for name, reading in changed.items()],
            )

    def wait_again(self, ids: Iterable[str]) -> None:
        """Puts receipts back to waiting, to be read afresh; earlier readings stay until then."""
        with self._writing() as db:
            revision = _next_revision(db)
            db.executemany(
                "UPDATE receipts SET status = 'waiting', error = '', revision = ? WHERE id = ?",
                [(revision, i) for i in ids],
            )

    def lines(self, receipt: str) -> tuple[Line, ...]:
        """The lines read from a receipt; () if it is not read."""
        found = self._rows("SELECT lines FROM receipts WHERE id = ?", receipt)
        return _unsqueezed(found[0][0]) if found and found[0][0] else ()

    def all_lines(self) -> Iterator[tuple[str, tuple[Line, ...]]]:
        """Id and lines of every read receipt, one after the other."""
        for (name,) in self._rows("SELECT id FROM receipts WHERE lines IS NOT NULL AND NOT hidden"):
            yield name, self.lines(name)

    def reading(self, receipt: str) -> Reading | None:
        """The whole reading of a receipt, its lines too; None if it is not read."""
        found = self._rows("SELECT reading, lines FROM receipts WHERE id = ?", receipt)
        if not found or found[0][0] is None:
            return None
        return stored_reading(*found[0])

    def hide(self, ids: Iterable[str], hidden: bool = True) -> None:
        """Clears receipts from the case (or brings them back); nothing is deleted."""
        with self._writing() as db:
            revision = _next_revision(db)
            db.executemany(
                "UPDATE receipts SET hidden = ?, revision = ? WHERE id = ?",
                [(CLEARED if hidden else 0, revision, i) for i in ids],
            )

    def erase(self, ids: Iterable[str]) -> tuple[list[str], list[Path]]:
        """Deletes for good: the files of those receipts, with all receipts on them, their readings and journal.

        Ids of the receipts that are gone, and paths of originals that are now the caller's to delete. What is deleted
        is overwritten in the database; its write-ahead log is emptied, now or by `finish_erasing`.
        """
        with self._writing() as db:
            found = [db.execute("SELECT hash FROM receipts WHERE id = ?", (name,)).fetchone() for name in ids]
            hashes = sorted({row[0] for row in found if row is not None})
            revision = _next_revision(db)
            db.execute("CREATE TABLE IF NOT EXISTS erased (id TEXT PRIMARY KEY, revision INTEGER NOT NULL)")
            gone, paths = [], []
            for file_hash in hashes:
                (suffix,) = db.execute("SELECT suffix FROM files WHERE hash = ?", (file_hash,)).fetchone()
                paths.append(self.folder / "files" / f"{file_hash}{suffix}")
                names = [row[0] for row in db.execute("SELECT id FROM receipts WHERE hash = ?", (file_hash,))]
                db.executemany("DELETE FROM journal WHERE receipt = ?", [(name,) for name in names])
                db.executemany("INSERT OR REPLACE INTO erased VALUES (?, ?)", [(name, revision) for name in names])
                db.execute("DELETE FROM receipts WHERE hash = ?", (file_hash,))
                db.execute("DELETE FROM files WHERE hash = ?", (file_hash,))
                gone += names
            self._erasing = bool(gone)
        return gone, paths

    def finish_erasing(self) -> bool:
        """Empties the write-ahead log if it may hold what was erased; False while others read and it cannot be.

        Each later write tries this, too, and closing the case does it at last.
        """
        with self._lock, _in_words(self.folder):
            self._empty_log()
            return not self._erasing

    def _empty_log(self) -> None:
        if self._erasing:
            self._db.execute(f"PRAGMA busy_timeout = {ERASE_MS}")
            try:
                self._erasing = bool(self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
            finally:
                self._db.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")

    def _has_erased(self) -> bool:
        return bool(self._rows("SELECT 1 FROM sqlite_master WHERE name = 'erased'"))

    def erased(self, since: int) -> list[str]:
        """Ids of receipts deleted for good after revision `since` and not added again."""
        if not self._has_erased():
            return []
        return [
            row[0]
            for row in self._rows(
                "SELECT id FROM erased WHERE revision > ? AND id NOT IN (SELECT id FROM receipts)", since
            )
        ]

    # what people said

    def say(self, receipt: str, action: str, field: str | None, value: str | None, by: str) -> None:
        """Appends to the journal: action `correct` (value None takes earlier words back), `approve` or `reopen`."""
        with self._writing() as db:
            touched = db.execute(
                "UPDATE receipts SET revision = ? WHERE id = ?", (_next_revision(db), receipt)
            ).rowcount
            if not touched:
                raise CaseError(f"이 사건에 없는 영수증입니다: {receipt}")
            db.execute(
                "INSERT INTO journal (receipt, action, field, value, by, at) VALUES (?, ?, ?, ?, ?, ?)",
                (receipt, action, field, value, by, _now()),
            )

    def journal(self, since: int = -1) -> list[Entry]:
        """Everything people said, oldest first; of receipts changed after revision `since`."""
        return [
            Entry(seq, name, action, field, value, by, datetime.fromisoformat(at))
            for seq, name, action, field, value, by, at in self._rows(
                "SELECT seq, receipt, action, field, value, by, at FROM journal"
                " WHERE receipt IN (SELECT id FROM receipts WHERE revision > ?) ORDER BY seq",
                since,
            )
        ]

    # what the tax service said

    def put_tax(self, answers: dict[str, TaxRecord | TaxFailure]) -> None:
        """Keeps answers; a failure is kept beside an earlier record, not in its place."""
        with self._writing() as db:
            revision = _next_revision(db)
            for number, answer in answers.items():
                column, other = ("record", ", failure = NULL") if isinstance(answer, TaxRecord) else ("failure", "")
                db.execute(
                    f"INSERT INTO tax (number, {column}, revision) VALUES (?, ?, ?)"  # noqa: S608  # one of two names
                    " ON CONFLICT (number) DO UPDATE"
                    f" SET {column} = excluded.{column}, revision = excluded.revision{other}",
                    (number, _packed(answer), revision),
                )

    def tax(self, since: int = -1) -> dict[str, tuple[TaxRecord | None, TaxFailure | None]]:
        """By business number, changed after revision `since`: the last answer, and a later query's failure."""
        return {
            number: (
                msgspec.json.decode(record, type=TaxRecord) if record else None,
                msgspec.json.decode(failure, type=TaxFailure) if failure else None,
            )
            for number, record, failure in self._rows(
                "SELECT number, record, failure FROM tax WHERE revision > ?", since
            )
        }


def _receipt(row: list[Any], entries: Iterable[Entry]) -> Receipt:
    name, file, file_hash, page, region, status, error, packed, read_at = row
    reading = _reading(packed) if packed else None
    receipt = Receipt(
        name, file, file_hash, page, region, status, error=error,
        read_at=datetime.fromisoformat(read_at) if read_at else None,
    )  # fmt: skip
    if reading is not None:
        receipt = replace(
            receipt, kind=reading.kind, geometry=reading.geometry, fields=reading.fields, items=reading.items,
            read_findings=reading.findings, engine=reading.engine, seconds=reading.seconds,
            picture_hash=reading.picture_hash,
        )  # fmt: skip
    words: dict[str, list[Correction]] = defaultdict(list)
    approved_by = ""
    for entry in entries:
        if entry.action == "correct" and entry.field:
            words[entry.field].append(Correction(entry.value, entry.by, entry.at))
        # A word after the approval takes it back: what was approved is no longer what stands there.
        approved_by = entry.by if entry.action == "approve" else ""
    for field, corrections in words.items():
        known = next((f for f in receipt.fields if f.name == field), Field(field))
        receipt = receipt.with_field(replace(known, corrections=tuple(corrections)))
    if approved_by and status in ("read", "failed"):
        receipt = replace(receipt, status="approved", approved_by=approved_by)
    return receipt


def _insert_waiting(db: sqlite3.Connection, file_hash: str, page: int, region: int, revision: int) -> None:
    db.execute(
        "INSERT OR IGNORE INTO receipts (id, hash, page, region, status, revision) VALUES (?, ?, ?, ?, 'waiting', ?)",
        (receipt_id(file_hash, page, region), file_hash, page, region, revision),
    )


def _next_revision(db: sqlite3.Connection) -> int:
    (revision,) = db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision' RETURNING value").fetchone()
    return int(revision)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _packed(record: object) -> bytes:
    return msgspec.json.encode(record)


def _reading(packed: bytes) -> Reading:
    return msgspec.json.decode(packed, type=Reading)


def stored_reading(packed: bytes, lines: bytes) -> Reading:
    """A whole reading from the two columns that hold it."""
    return replace(_reading(packed), lines=_unsqueezed(lines))


def _squeezed(lines: tuple[Line, ...]) -> bytes:
    return zlib.compress(msgspec.json.encode(lines), 1)


def _unsqueezed(squeezed: bytes) -> tuple[Line, ...]:
    return msgspec.json.decode(zlib.decompress(squeezed), type=tuple[Line, ...])


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """What the system and SQLite complain of, as a CaseError that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error).lower()
        if "full" in text or "disk i/o" in text:  # the latter for a quota, too
            raise CaseError(
                f"디스크가 가득 찼거나 고장 나서 저장하지 못했습니다: {folder.name}. 공간을 확인하고 다시 해 주세요."
            ) from error
        if "readonly" in text or "unable to open" in text or "permission" in text:
            raise CaseError(f"사건 폴더에 쓸 수 없습니다: {folder.name}. 폴더의 권한을 확인해 주세요.") from error
        if "locked" in text or "busy" in text:
            raise CaseError(
                f"다른 프로그램이 사건을 쓰고 있습니다: {folder.name}. 잠시 뒤 다시 시도해 주세요."
            ) from error
        if "not a database" in text or "malformed" in text:
            raise CaseError(f"사건 파일이 손상되었습니다: {folder.name}. 백업에서 복원해 주세요.") from error
        raise CaseError(f"사건을 저장하지 못했습니다: {folder.name} ({error}). 공간과 권한을 확인해 주세요.") from error
    except OSError as error:
        reason = "디스크가 가득 찼습니다" if error.errno == 28 else "폴더에 쓸 수 없습니다"
        raise CaseError(f"{reason}: {folder.name}. 공간과 권한을 확인해 주세요.") from error
