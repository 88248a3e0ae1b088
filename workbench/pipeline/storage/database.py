"""A case's SQLite file: opened, brought up to today's tables, written in whole transactions.

Every write is one transaction, flushed to disk before it returns (WAL, synchronous=FULL): what was accepted survives
`kill -9` and a power cut.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from workbench.domain.errors import CaseError
from workbench.pipeline.storage import journal, patience
from workbench.pipeline.storage.complaints import NO_LOCKS, REPLACED, busy, in_words
from workbench.pipeline.storage.intake import coming_in
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.migrations import VERSION, bring_up

NAME = "case.sqlite"
ERASE_MS = 250
"""How long one try to empty the write-ahead log may wait for others who read."""
HEAD = "case.head"
"""The file beside the database that tells how far the journal has come: a copy that lost its end is found out."""


class Database:
    """One database; safe for several threads, and for several processes at once."""

    def __init__(self, folder: Path) -> None:
        """Opens or makes `folder`; CaseError says what stands in the way."""
        self.folder = folder
        self._lock = threading.RLock()
        self._holder = 0
        self._erasing = False
        with in_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "files").mkdir(exist_ok=True)
            self._refuse_emptied()
            self._db = self._connected()
            self._opened = os.stat(folder / NAME)
            self._glance: sqlite3.Connection | None = None
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.folder / NAME, timeout=patience.seconds(), check_same_thread=False, isolation_level=None
        )

    def _refuse_emptied(self) -> None:
        """CaseError where originals lie beside a database that is missing or knows none of them.

        A new one has its tables before its first original; one that was copied without its log may have lost all.
        """
        originals = {path.name for path in (self.folder / "files").glob("[0-9a-f]*")} - coming_in(self.folder)
        path = self.folder / NAME
        if not originals or (path.is_file() and path.stat().st_size and self._knows(originals, path)):
            return
        raise CaseError(
            f"사건 기록이 비어 있는데 원본은 남아 있습니다: {self.folder.name}. {NAME}을 {NAME}-wal과 함께 복사했는지 "
            "확인하거나 백업에서 되살려 주세요."
        )

    def _knows(self, originals: set[str], path: Path) -> bool:
        """Whether the database has rows of files, no journal that says there were any, or erased just those."""
        with closing(sqlite3.connect(path, timeout=patience.seconds())) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            if "files" not in tables:
                return False
            told = self.head_file()
            if told is None or told[0] == 0 or db.execute("SELECT 1 FROM files").fetchone() is not None:
                return True
            erased = db.execute("SELECT id FROM erased").fetchall() if "erased" in tables else []
            return {name[:16] for name in originals} <= {name.partition("-")[0] for (name,) in erased}

    def refuse_replaced(self, sentence: str = REPLACED) -> None:
        """CaseError where the file that is open is no longer the case's (restored, moved, deleted): what is written to
        it would be kept nowhere, and what is read from it is old."""
        try:
            same = os.path.samestat(self._opened, os.stat(self.folder / NAME))
        except FileNotFoundError:
            same = False
        if not same:
            raise CaseError(sentence.format(name=self.folder.name))

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """The connection that writes, to oneself; sqlite3.OperationalError where this thread may not wait for it."""
        if not self._lock.acquire(timeout=patience.seconds()):
            raise busy()
        try:
            self._db.execute(f"PRAGMA busy_timeout = {round(patience.seconds() * 1000)}")
            yield self._db
        finally:
            self._lock.release()

    def _prepare(self) -> None:
        with in_words(self.folder):
            # WAL lets others read while one writes; FULL flushes each commit, so an accepted word survives a power cut;
            # secure_delete overwrites what is deleted.
            (mode,) = self._db.execute("PRAGMA journal_mode=WAL").fetchone()
            if mode != "wal":  # a drive whose locks or shared memory do not work: two programs would undo each other
                raise CaseError(NO_LOCKS.format(name=self.folder.name))
            for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                self._db.execute(f"PRAGMA {pragma}")
        self._told = self.head_file()
        self._astray = True  # nothing is told of the head until it is known to go on from what was told before
        with self.writing() as db:
            version = bring_up(db)
        if version > VERSION:
            raise CaseError(f"{self.folder} 사건은 다른 버전의 프로그램이 만들었습니다. 프로그램을 업데이트해 주세요.")
        self._astray = self._told is not None and self.hash_at(self._told[0]) != self._told[1]
        # Whether the log may hold what was erased, also by an earlier process that was killed.
        self._erasing = bool(self.rows("SELECT 1 FROM erased LIMIT 1"))

    def close(self) -> None:
        """Releases the database; it cannot be used any more."""
        with self._lock:
            self._db.close()
            if self._glance is not None:
                self._glance.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its start; all of it or nothing."""
        with in_words(self.folder), self._alone():
            self.refuse_replaced()
            self._db.execute("BEGIN IMMEDIATE")
            self._holder, before = threading.get_ident(), self._holder
            try:
                yield self._db
                head = self._head() if not self._astray else None
            except BaseException:
                if self._db.in_transaction:  # SQLite itself rolls back when the disk is full
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._holder = before
            self._db.execute("COMMIT")
            if head is not None and (self._told is None or head[0] > self._told[0]):
                self._tell(head)
            self._empty_log()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds. A thread that must not wait looks through a connection of its own, past any writer."""
        with in_words(self.folder):
            if patience.hurried() and self._holder != threading.get_ident():
                if self._glance is None:
                    self._glance = self._connected()
                return self._glance.execute(query, values).fetchall()
            with self._alone() as db:
                return db.execute(query, values).fetchall()

    # the end of the journal

    def _head(self) -> tuple[int, str] | None:
        found = self._db.execute(
            "SELECT (SELECT max(seq) FROM journal), value FROM meta WHERE key = 'head' AND value != ''"
        ).fetchone()
        return (int(found[0]), str(found[1])) if found and found[0] else None

    def head(self) -> tuple[int, str]:
        """Number of the last entry and the chain's head, 64 hex digits; (0, "") before the first entry."""
        with in_words(self.folder), self._alone():
            return self._head() or (0, "")

    def head_file(self) -> tuple[int, str] | None:
        """What the file beside the database says of the end of the journal; None where there is no such file."""
        try:
            seq, _, told = (self.folder / HEAD).read_text("ascii").strip().partition(" ")
            return int(seq), told
        except (FileNotFoundError, ValueError):
            return None

    def hash_at(self, seq: int) -> str:
        """The hash of entry `seq`, as the entry after it carries it; "" where there is no such entry."""
        last, head = self.head()
        if seq == last:
            return head
        found = self.rows("SELECT previous FROM journal WHERE seq > ? ORDER BY seq LIMIT 1", seq)
        return str(found[0][0]) if found else ""

    def _tell(self, head: tuple[int, str]) -> None:
        """Writes the file; it may lag behind, never lead: another process may have told more, and that stays."""
        known = self.head_file()
        if known is None or known[0] < head[0]:
            draft = self.folder / f".{HEAD}-{os.getpid()}-{threading.get_ident()}"
            with suppress(OSError):  # a full disk: the entry itself is kept, and the next one tells of both
                draft.write_text(f"{head[0]} {head[1]}\n", "ascii")
                draft.replace(self.folder / HEAD)
        self._told = head

    # what is erased

    def finish_erasing(self) -> bool:
        """Empties the write-ahead log if it may hold what was erased; False while others read and it cannot be.

        Each later write tries this, too, and closing the case does it at last.
        """
        with in_words(self.folder), self._alone():
            self._empty_log()
            return not self._erasing

    def _empty_log(self) -> None:
        if self._erasing and not patience.hurried():
            self._db.execute(f"PRAGMA busy_timeout = {ERASE_MS}")
            try:
                self._erasing = bool(self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
            finally:
                self._db.execute(f"PRAGMA busy_timeout = {round(patience.seconds() * 1000)}")

    def note(self, word: Word) -> int:
        """Writes an act of the whole case (a rule, a sample, a list that was taken in) to the journal; its number."""
        with self.writing() as db:
            return journal.append(db, word)
