"""SQLite behind a case: files, readings, the journal of every act, and the tax service's answers.

Several processes may have one case open; `receipts(since)` tells each what the others did.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from workbench.domain.errors import Changed, Gone
from workbench.domain.model import Line, Reading, Receipt, TaxFailure, TaxRecord, receipt_id
from workbench.pipeline.storage import journal, pictures, records
from workbench.pipeline.storage.atomic import is_old
from workbench.pipeline.storage.complaints import OLD, in_words
from workbench.pipeline.storage.database import Database
from workbench.pipeline.storage.intake import Taken
from workbench.pipeline.storage.journal import OF_RECEIPTS, WORDS, Entry, Word
from workbench.pipeline.storage.migrations import file_detail, reading_detail, sha
from workbench.pipeline.storage.pictures import BOUND, told, trusted
from workbench.pipeline.storage.regions import OnPage, numbers
from workbench.pipeline.storage.spoken import Unless, changed, check

CLEARED, SUPERSEDED = 1, 2
"""Why a receipt is hidden: a person put it aside, or a new reading of its page found fewer receipts."""

MOVES = ("put-aside", "restore")
"""What people say of where a receipt is."""

CHANGED = f"receipt IN (SELECT id FROM receipts WHERE revision > ?) AND action IN ({records.HEARD})"  # noqa: S608  # names
"""Entries that `records.receipt_of` listens to, of receipts changed after a revision."""


class Store(Database):
    """The database of one case folder."""

    # files

    def add_file(
        self, file_hash: str, name: str, suffix: str, size: int, pages: int, by: str = ""
    ) -> tuple[list[str], bool]:
        """Ids of the file's receipts, and whether the file is new. A file put aside that comes back is shown again."""
        with self.writing() as db:
            return self._add(db, (file_hash, name, suffix, size, pages), by)

    def take(self, taken: Taken, name: str, by: str) -> tuple[list[str], bool]:
        """As `add_file`; the original comes to its place when all that is left is to keep its row."""
        with self.writing() as db:
            added = self._add(db, (taken.hash, name, taken.suffix, taken.size, taken.pages), by)
            taken.arrive()
            return added

    def _add(self, db: sqlite3.Connection, file: tuple[str, str, str, int, int], by: str) -> tuple[list[str], bool]:
        file_hash, name, _, size, pages = file
        known = db.execute("SELECT 1 FROM files WHERE hash = ?", (file_hash,)).fetchone() is not None
        revision = _next_revision(db)
        if not known:
            db.execute(
                "INSERT INTO files (hash, name, suffix, size, pages, added_at) VALUES (?, ?, ?, ?, ?, ?)",
                (*file, journal.now()),
            )
            for page in range(1, pages + 1):
                _insert_waiting(db, file_hash, page, 1, revision)
            detail = file_detail(file_hash, name, size, pages)
            journal.append(db, Word("add", by, receipt_id(file_hash, 1, 1), value=name, detail=detail))
        aside = db.execute("SELECT id FROM receipts WHERE hash = ? AND hidden = ?", (file_hash, CLEARED)).fetchall()
        self._show(db, [row[0] for row in aside], 0, by, revision)
        shown = "SELECT id FROM receipts WHERE hash = ? AND NOT hidden ORDER BY page, region"
        return [row[0] for row in db.execute(shown, (file_hash,))], not known or bool(aside)

    def unlink(self, paths: Iterable[Path]) -> None:
        """Removes originals and pictures that nothing tells of by now; one that comes in again stays."""
        if not (going := list(paths)):
            return
        with self.writing() as db:  # while nobody else can keep a row
            for path in going:
                told = "SELECT 1 FROM files WHERE hash = ? UNION SELECT 1 FROM receipts WHERE id = ?"
                if db.execute(told, (path.stem, path.stem)).fetchone() is None:
                    path.unlink(missing_ok=True)

    def file_count(self) -> int:
        """How many files the case holds."""
        return int(self.rows("SELECT count(*) FROM files")[0][0])

    def size(self) -> int:
        """Bytes of all originals."""
        return int(self.rows("SELECT coalesce(sum(size), 0) FROM files")[0][0])

    def path_of(self, receipt: str) -> Path:
        """Where the original of a receipt lies."""
        found = self.rows("SELECT hash, suffix FROM receipts JOIN files USING (hash) WHERE id = ?", receipt)
        if not found:
            raise Gone(receipt)
        return self.folder / "files" / f"{found[0][0]}{found[0][1]}"

    # receipts

    def has(self, receipt: str) -> bool:
        """Whether there is a receipt of that id, hidden or not."""
        return bool(self.rows("SELECT 1 FROM receipts WHERE id = ?", receipt))

    def revision(self) -> int:
        """A number that grows with every change, whoever made it; CaseError where the case is another by now."""
        self.refuse_replaced(OLD)
        return int(self.rows("SELECT value FROM meta WHERE key = 'revision'")[0][0])

    def receipts(self, since: int = -1) -> list[tuple[int, int, Receipt]]:
        """Receipts changed after revision `since`: the place of their file in the case, `hidden`, the record."""
        words: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._entries(CHANGED, since):
            words[entry.receipt].append(entry)
        rows = self.rows(
            f"SELECT files.position, hidden, {records.SELECT.removeprefix('SELECT ')}"
            " WHERE revision > ? ORDER BY files.position, page, region",
            since,
        )
        with in_words(self.folder):
            return [(at, hidden, records.receipt_of(tuple(row), words.get(row[0], ()))) for at, hidden, *row in rows]

    def some(self, ids: Iterable[str]) -> list[Receipt]:
        """The receipts of those ids, hidden or not."""
        with self._lock, in_words(self.folder):
            return [self._now(self._db, name) for name in ids]

    def never_read(self) -> set[str]:
        """Ids of what waits and was never read: the rest waits because somebody asked for another reading."""
        return {row[0] for row in self.rows("SELECT id FROM receipts WHERE status = 'waiting' AND reading IS NULL")}

    def waiting(self) -> list[tuple[str, Path, int]]:
        """What is still to be read: id of the first receipt, path of the original, page.

        A page with all its receipts put aside is not.
        """
        return [
            (row[0], self.folder / "files" / f"{row[1]}{row[2]}", row[3])
            for row in self.rows(
                "SELECT id, hash, suffix, page FROM receipts JOIN files USING (hash)"
                " WHERE status = 'waiting' AND region = 1 AND EXISTS (SELECT 1 FROM receipts AS shown"
                " WHERE shown.hash = receipts.hash AND shown.page = receipts.page AND NOT shown.hidden)"
                " ORDER BY files.position, page"
            )
        ]

    def put_page(
        self, first: str, readings: tuple[Reading, ...], by: str = "", pictures: Sequence[bytes] = ()
    ) -> list[str]:
        """Keeps what was read from one page, `first` being the id of its region 1; ids of its receipts.

        `pictures` (one a reading, b"" for none) are bound by the journal, not kept here.

        A receipt keeps its id where it stands at the same place as before. Those that an earlier reading found and this
        one does not go, unless a person has worked on them: these stay as they were read. Without any reading (a page
        of a bill that begins on another) all go. A reading that finds something else than the one before is told in the
        journal, and the one before is kept.
        """
        with self.writing() as db:
            row = db.execute("SELECT hash, page FROM receipts WHERE id = ?", (first,)).fetchone()
            if row is None:  # deleted while it was being read
                return []
            file_hash, page = row
            revision = _next_revision(db)
            known, ids = _on_page(db, file_hash, page), []
            placed = numbers(known, [reading.geometry for reading in readings])
            for place, (region, reading) in enumerate(zip(placed, readings, strict=True)):
                name = receipt_id(file_hash, page, region)
                _insert_waiting(db, file_hash, page, region, revision)
                drawn = pictures[place] if place < len(pictures) else None
                word = Word("read", by, name, detail={"picture": sha(drawn) if drawn else None})
                _put_reading(db, word, reading, records.squeezed(reading.lines))
                db.execute(
                    "UPDATE receipts SET status = 'read', error = '', read_at = ?, revision = ?,"
                    " hidden = iif(hidden = 2, 0, hidden) WHERE id = ?",
                    (journal.now(), revision, name),
                )
                ids.append(name)
            _leave(db, [one for one in known if one.id not in ids], revision, by)
        return ids

    def picture(self, receipt: str) -> bytes | None:
        """The receipt's picture in `pictures/`; None where there is none, or another than the one that was drawn."""
        return trusted(self.folder, receipt, self.rows(BOUND, receipt))

    def put_picture(self, receipt: str, picture: bytes) -> None:
        """Binds a picture that was drawn anew, unless it is bound already; it is not kept here."""
        if told(self.rows(BOUND, receipt)) == (drawn := sha(picture)):
            return
        with self.writing() as db:
            if db.execute("SELECT 1 FROM receipts WHERE id = ?", (receipt,)).fetchone():
                journal.append(db, Word("draw", "", receipt, detail={"picture": drawn}))

    def put_failure(self, receipt: str, error: str, by: str = "") -> None:
        """Marks a receipt as failed, with a sentence for a person."""
        with self.writing() as db:
            known = db.execute(
                "UPDATE receipts SET status = 'failed', error = ?, read_at = ?, revision = ? WHERE id = ?",
                (error, journal.now(), _next_revision(db), receipt),
            ).rowcount
            if known:
                journal.append(db, Word("fail", by, receipt, value=error))

    def put_extraction(self, changed: Mapping[str, tuple[Reading, Reading]], by: str = "") -> list[str]:
        """Replaces what was extracted (not the lines): by receipt the reading it was extracted from, and the new one.

        Ids of those replaced: one that was read afresh or deleted meanwhile stays as it is.
        """
        done = []
        with self.writing() as db:
            revision = _next_revision(db)
            for name, (before, reading) in changed.items():
                if self.reading(name) == before:
                    _put_reading(db, Word("extract", by, name), reading, None)
                    db.execute("UPDATE receipts SET revision = ? WHERE id = ?", (revision, name))
                    done.append(name)
        return done

    def wait_again(self, ids: Iterable[str], by: str = "") -> None:
        """Puts receipts back to waiting, to be read afresh; earlier readings stay until then."""
        again = tuple(ids)
        with self.writing() as db:
            revision = _next_revision(db)
            for name in again:
                # Pages that were read with another one may be papers of their own this time.
                found = db.execute(
                    "UPDATE receipts SET status = 'waiting', error = '', revision = ?,"
                    " hidden = iif(hidden = ?, 0, hidden) WHERE id = ? OR (region = 1 AND hidden = ?"
                    " AND hash = (SELECT hash FROM receipts WHERE id = ?)) RETURNING id",
                    (revision, SUPERSEDED, name, SUPERSEDED, name),
                ).fetchall()
                for (one,) in found:
                    journal.append(db, Word("reread", by, one))

    def lines(self, receipt: str) -> tuple[Line, ...]:
        """The lines read from a receipt; () if it is not read."""
        found = self.rows("SELECT lines FROM receipts WHERE id = ?", receipt)
        return records.unsqueezed(found[0][0]) if found and found[0][0] else ()

    def reading(self, receipt: str) -> Reading | None:
        """The whole reading of a receipt, its lines too; None if it is not read."""
        found = self.rows("SELECT reading, lines FROM receipts WHERE id = ?", receipt)
        if not found or found[0][0] is None:
            return None
        return records.stored_reading(*found[0])

    def earlier_readings(self, receipt: str) -> list[Reading]:
        """Readings that later ones replaced, oldest first, with their lines."""
        return [
            records.stored_reading(*row)
            for row in self.rows(
                "SELECT reading, lines FROM earlier_readings WHERE receipt = ? ORDER BY replaced_by", receipt
            )
        ]

    def hide(
        self, ids: Iterable[str], hidden: bool = True, by: str = "", same_as: str = "",
        since: Mapping[str, int] | None = None,
    ) -> dict[str, int]:  # fmt: skip
        """Puts receipts aside (or brings them back), perhaps for one of the same purchase; nothing is deleted.

        By id the entries of those that were not so already. Changed where the one of the same purchase is out of sight
        itself: of one purchase one receipt has to stay. `since` names the last entry that is known of each: one that
        another has spoken of since stays, and Changed tells of the first when the others are done.
        """
        news: list[Changed] = []
        with self.writing() as db:
            if same_as:
                self._refuse_hidden(db, same_as)
            wanted = tuple(ids)
            if since is not None:
                told = {one: self._news(db, one, hidden, by, since[one]) for one in wanted}
                wanted, news = tuple(one for one in wanted if told[one] is None), [one for one in told.values() if one]
            moved = self._show(db, wanted, CLEARED if hidden else 0, by, _next_revision(db), same_as)
        if news:
            raise news[0]
        return moved

    def _news(self, db: sqlite3.Connection, receipt: str, hidden: bool, by: str, since: int) -> Changed | None:
        """What another said since that stands against moving a receipt; words on its values do not keep it aside."""
        heard = (*WORDS, *MOVES) if hidden else MOVES
        found = db.execute(
            f"SELECT {journal.COLUMNS} FROM journal WHERE receipt = ? AND seq > ? AND by != ?"  # noqa: S608  # marks only
            f" AND action IN ({', '.join('?' * len(heard))}) ORDER BY seq DESC LIMIT 1",
            (receipt, since, by, *heard),
        ).fetchone()
        return changed(self._now(db, receipt), None, Unless(), journal.entry_of(found)) if found else None

    def _refuse_hidden(self, db: sqlite3.Connection, receipt: str) -> None:
        stays = self._now(db, receipt)
        if db.execute("SELECT 1 FROM receipts WHERE id = ? AND hidden", (receipt,)).fetchone():
            said = f"{stays.file}: 그 사이 이 영수증을 치웠습니다. 둘 다 치우지 않았으니 목록을 보고 다시 골라 주세요."
            raise Changed(said, receipt=receipt)

    def _show(
        self, db: sqlite3.Connection, ids: Iterable[str], hidden: int, by: str, revision: int, same_as: str = ""
    ) -> dict[str, int]:
        moved = {}
        for name in ids:
            changed = db.execute(
                "UPDATE receipts SET hidden = ?, revision = ? WHERE id = ? AND hidden != ?",
                (hidden, revision, name, hidden),
            ).rowcount
            if changed:
                detail = {"same_as": same_as} if same_as else None
                moved[name] = journal.append(db, Word("put-aside" if hidden else "restore", by, name, detail=detail))
        return moved

    def erase(self, ids: Iterable[str], by: str = "") -> tuple[list[str], list[Path]]:
        """Deletes for good: the files of those receipts, with all receipts on them, their readings and words.

        Ids of the receipts that are gone, and paths of originals that are now the caller's to delete. What is deleted
        is overwritten in the database; its write-ahead log is emptied, now or by `finish_erasing`. The journal keeps
        that they were there and who deleted them, not what they said.
        """
        with self.writing() as db:
            found = [db.execute("SELECT hash FROM receipts WHERE id = ?", (name,)).fetchone() for name in ids]
            hashes = sorted({row[0] for row in found if row is not None})
            revision = _next_revision(db)
            gone, paths = [], []
            for file_hash in hashes:
                (suffix,) = db.execute("SELECT suffix FROM files WHERE hash = ?", (file_hash,)).fetchone()
                paths.append(self.folder / "files" / f"{file_hash}{suffix}")
                names = [row[0] for row in db.execute("SELECT id FROM receipts WHERE hash = ?", (file_hash,))]
                entries = journal.erase(db, names)
                db.executemany("DELETE FROM earlier_readings WHERE receipt = ?", [(name,) for name in names])
                db.executemany("INSERT OR REPLACE INTO erased VALUES (?, ?)", [(name, revision) for name in names])
                db.execute("DELETE FROM receipts WHERE hash = ?", (file_hash,))
                db.execute("DELETE FROM files WHERE hash = ?", (file_hash,))
                detail = {"gone": names, "entries": entries}
                journal.append(db, Word("delete", by, value=", ".join(names), detail=detail))
                gone += names
            self._erasing = bool(gone)
        return gone, paths

    def erased(self, since: int) -> list[str]:
        """Ids of receipts deleted for good after revision `since` and not added again."""
        return [
            row[0]
            for row in self.rows(
                "SELECT id FROM erased WHERE revision > ? AND id NOT IN (SELECT id FROM receipts)", since
            )
        ]

    def left_of_erased(self) -> list[Path]:
        """Originals and pictures whose receipts were deleted for good, that are still on the disk.

        Only old ones: the same file may just be coming in again, and is there before its row is.
        """
        if not (names := self.erased(0)):
            return []
        kept = {row[0] for row in self.rows("SELECT hash FROM files")}
        starts = {name.partition("-")[0] for name in names}
        originals = [
            path
            for path in (self.folder / "files").iterdir()
            if path.stem not in kept and path.name.partition(".")[0][:16] in starts
        ]
        drawn = (pictures.path_of(self.folder, name) for name in names)
        return [path for path in (*originals, *drawn) if path.exists() and is_old(path)]

    # what people said

    def append(self, word: Word, unless: Unless | None = None) -> int:
        """Keeps what a person says of a receipt (one of WORDS) and what stood before; the number of the entry.

        `correct` with value None takes earlier words back. `unless` names what the person saw: Changed, and nothing is
        kept, where something else holds by now. An approval binds itself to the receipt as it stands, and a word taken
        back to the reading that holds from then on.
        """
        with self.writing() as db:
            return self._said(db, word, unless)

    def append_all(self, words: Iterable[tuple[Word, Unless | None]]) -> list[int | Changed]:
        """Many words at once, flushed to the disk once; for each its entry, or why it alone was not kept."""
        kept: list[int | Changed] = []
        with self.writing() as db:
            for word, unless in words:
                try:
                    kept.append(self._said(db, word, unless))
                except Changed as error:  # raised before anything was written
                    kept.append(error)
        return kept

    def _said(self, db: sqlite3.Connection, word: Word, unless: Unless | None) -> int:
        now = self._now(db, word.receipt)
        if unless is not None:
            check(db, now, word.field, unless, word.by)
        detail = word.detail or {}
        if word.action in ("approve", "confirm"):
            word = replace(word, value=now.revision, detail={"values": now.values, **detail})
        if word.action == "correct" and word.field and word.value is None:
            word = replace(word, detail={"restored": now.field(word.field).read or "", **detail})
        before = now.value(word.field) if word.field else now.status
        db.execute("UPDATE receipts SET revision = ? WHERE id = ?", (_next_revision(db), word.receipt))
        return journal.append(db, replace(word, before=before))

    def _now(self, db: sqlite3.Connection, receipt: str) -> Receipt:
        row = db.execute(f"{records.SELECT} WHERE id = ?", (receipt,)).fetchone()
        if row is None:
            raise Gone(receipt)
        return records.receipt_of(row, map(journal.entry_of, db.execute(records.WORDS_OF, (receipt,)).fetchall()))

    def journal(self, since: int = -1) -> list[Entry]:
        """Everything people said, oldest first; of receipts changed after revision `since`."""
        return [entry for entry in self._entries(CHANGED, since) if entry.action in WORDS]

    def history(self, receipt: str | None = None) -> list[Entry]:
        """Every act, oldest first; of one receipt where it is named."""
        return self._entries("receipt = ?", receipt) if receipt else self._entries("true")

    def _entries(self, which: str, *values: object) -> list[Entry]:
        rows = self.rows(f"SELECT {journal.COLUMNS} FROM journal WHERE {which} ORDER BY seq", *values)  # noqa: S608
        return [journal.entry_of(row) for row in rows]

    # settings of the case

    def setting(self, name: str) -> str | None:
        """What people set for this case; None where nobody has."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", f"setting:{name}")
        return str(found[0][0]) if found else None

    def put_setting(self, name: str, value: str | None, by: str) -> None:
        """Sets it, for everybody who works on the case; None takes it back."""
        with self.writing() as db:
            before = self.setting(name)
            if value == before:
                return
            db.execute("DELETE FROM meta WHERE key = ?", (f"setting:{name}",))
            if value is not None:
                db.execute("INSERT INTO meta VALUES (?, ?)", (f"setting:{name}", value))
            _next_revision(db)
            journal.append(db, Word("setting", by, field=name, value=value, before=before))

    # what the tax service said

    def put_tax(self, answers: dict[str, TaxRecord | TaxFailure], by: str = "") -> None:
        """Keeps answers; a failure is kept beside an earlier record, not in its place."""
        with self.writing() as db:
            revision = _next_revision(db)
            for number, answer in answers.items():
                answered = isinstance(answer, TaxRecord)
                column, other = ("record", ", failure = NULL") if answered else ("failure", "")
                stored = records.packed(answer)
                if isinstance(answer, TaxRecord):
                    before = db.execute("SELECT record FROM tax WHERE number = ?", (number,)).fetchone()
                    known = msgspec.json.decode(before[0], type=TaxRecord) if before and before[0] else None
                    before = _in_short(known) if known else None
                    detail = {"tax": sha(stored)}
                    journal.append(db, Word("tax", by, "", number, _in_short(answer), before, detail))
                db.execute(
                    f"INSERT INTO tax (number, {column}, revision) VALUES (?, ?, ?)"  # noqa: S608  # one of two names
                    " ON CONFLICT (number) DO UPDATE"
                    f" SET {column} = excluded.{column}, revision = excluded.revision{other}",
                    (number, stored, revision),
                )

    def tax(self, since: int = -1) -> dict[str, tuple[TaxRecord | None, TaxFailure | None]]:
        """By business number, changed after revision `since`: the last answer, and a later query's failure."""
        with in_words(self.folder):
            return {
                number: (
                    msgspec.json.decode(record, type=TaxRecord) if record else None,
                    msgspec.json.decode(failure, type=TaxFailure) if failure else None,
                )
                for number, record, failure in self.rows(
                    "SELECT number, record, failure FROM tax WHERE revision > ?", since
                )
            }


def _on_page(db: sqlite3.Connection, file_hash: str, page: int) -> list[OnPage]:
    rows = db.execute(
        "SELECT id, region, reading, hidden, EXISTS (SELECT 1 FROM journal WHERE receipt = id"  # noqa: S608  # marks only
        f" AND action IN ({', '.join('?' * len(OF_RECEIPTS))}))"
        " FROM receipts WHERE hash = ? AND page = ? ORDER BY region",
        (*OF_RECEIPTS, file_hash, page),
    )
    return [
        OnPage(
            name,
            region,
            records.reading_of(packed).geometry if packed else None,
            hidden != SUPERSEDED,
            hidden == CLEARED or bool(said),
        )
        for name, region, packed, hidden, said in rows
    ]


def _leave(db: sqlite3.Connection, left: Iterable[OnPage], revision: int, by: str) -> None:
    """What a new reading of their page did not find stays as it was read; what nobody spoke of goes out of sight."""
    for one in left:
        if db.execute(
            "UPDATE receipts SET status = 'read', revision = ?"
            " WHERE id = ? AND status = 'waiting' AND reading IS NOT NULL",
            (revision, one.id),
        ).rowcount:
            reading, lines = db.execute("SELECT reading, lines FROM receipts WHERE id = ?", (one.id,)).fetchone()
            journal.append(db, Word("read", by, one.id, detail=reading_detail(reading, lines)))
        if one.shown and not one.said:
            db.execute("UPDATE receipts SET hidden = ?, revision = ? WHERE id = ?", (SUPERSEDED, revision, one.id))
            journal.append(db, Word("supersede", by, one.id))


def _put_reading(db: sqlite3.Connection, word: Word, reading: Reading, lines: bytes | None) -> None:
    """Stores a reading (`lines` None: those that are there stay), keeps the one before, and tells what changed.

    `word` says who does it to which receipt, and what its entry binds beside the reading.
    """
    name = word.receipt
    old, old_lines, read_at = db.execute(
        "SELECT reading, lines, read_at FROM receipts WHERE id = ?", (name,)
    ).fetchone()
    fresh = records.packed(replace(reading, lines=()))
    lines = old_lines if lines is None else lines
    before = records.reading_of(old) if old else None
    was, now = _values(before), _values(reading)
    names = [field for field in {**was, **now} if was.get(field) != now.get(field)]
    word = replace(word, detail={**reading_detail(fresh, lines), **(word.detail or {})})
    word = replace(word, value=_as_text({field: now.get(field) for field in names}))
    if before:
        word = replace(word, before=_as_text({field: was.get(field) for field in names}))
    seq = journal.append(db, word)
    if before is not None and (replace(before, seconds=0.0), old_lines) != (
        replace(reading, lines=(), seconds=0.0),
        lines,
    ):
        db.execute("INSERT INTO earlier_readings VALUES (?, ?, ?, ?, ?)", (name, seq, old, old_lines, read_at))
    db.execute("UPDATE receipts SET reading = ?, lines = ? WHERE id = ?", (fresh, lines, name))


def _values(reading: Reading | None) -> dict[str, str]:
    return {field.name: field.read for field in reading.fields if field.read} if reading else {}


def _as_text(values: dict[str, str | None]) -> str | None:
    return json.dumps(values, ensure_ascii=False) if values else None


def _in_short(record: TaxRecord) -> str:
    return " · ".join(part for part in (record.type, record.status, record.source) if part)


def _insert_waiting(db: sqlite3.Connection, file_hash: str, page: int, region: int, revision: int) -> None:
    db.execute(
        "INSERT OR IGNORE INTO receipts (id, hash, page, region, status, revision) VALUES (?, ?, ?, ?, 'waiting', ?)",
        (receipt_id(file_hash, page, region), file_hash, page, region, revision),
    )


def _next_revision(db: sqlite3.Connection) -> int:
    (revision,) = db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision' RETURNING value").fetchone()
    return int(revision)
