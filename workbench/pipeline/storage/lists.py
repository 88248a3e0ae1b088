"""The auditor's other lists in a case: the cells of each file as they were read, and what people paired by hand.

Pairs live in the journal alone: the last word on a receipt and a row holds.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.errors import Act, CaseError, Changed
from workbench.pipeline.storage import journal
from workbench.pipeline.storage.journal import Entry, Word
from workbench.pipeline.storage.sqlite import Store

Cells = list[list[Any]]
Pair = tuple[str, tuple[str, int]]
"""A receipt's id, and a row: the id of a list and the row's number in its file."""

PAIRING = ("pair", "unpair", "pair-open")
"""What is said of a receipt and a row: they belong together, they do not, nobody says so any more (undone)."""


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list that was taken in: its `sheets` as (title, rows of cells), and the columns that a person chose."""

    id: str
    kind: str
    name: str
    sheets: tuple[tuple[str, Cells], ...] = field(repr=False)
    columns: dict[str, str]


class ListStore:
    """What of a case's database is about lists."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._restored: dict[int, int] = {}  # by number of an entry: the earlier one (0: none) that it says again

    def put(
        self, kind: str, name: str, sheets: Sequence[tuple[str, Cells]], columns: Mapping[str, str], by: str,
        detail: Mapping[str, Any],
    ) -> tuple[str, bool]:  # fmt: skip
        """Keeps a list; its id, which follows from its cells, and whether it is new. A known one gets new columns."""
        packed = json.dumps([[title, rows] for title, rows in sheets], ensure_ascii=False).encode()
        name_ = hashlib.sha256(kind.encode() + packed).hexdigest()[:12]
        with self._store.writing() as db:
            known = db.execute("SELECT columns FROM lists WHERE id = ?", (name_,)).fetchone()
            chosen = json.dumps(dict(columns), ensure_ascii=False)
            if known is None:
                db.execute(
                    "INSERT INTO lists (id, kind, name, sheets, columns) VALUES (?, ?, ?, ?, ?)",
                    (name_, kind, name, zlib.compress(packed), chosen),
                )
            else:
                db.execute("UPDATE lists SET columns = ? WHERE id = ?", (chosen, name_))
            facts = {"list": name_, "cells": hashlib.sha256(packed).hexdigest(), "columns": dict(columns), **detail}
            journal.append(db, Word(kind, by, value=name, before=known[0] if known else None, detail=facts))
            _changed(db)
        return name_, known is None

    def remove(self, list_id: str, by: str) -> None:
        """Takes a list out again; the journal keeps that it was there."""
        with self._store.writing() as db:
            row = db.execute("DELETE FROM lists WHERE id = ? RETURNING name, kind", (list_id,)).fetchone()
            if row is None:
                raise CaseError(f"이 사건에 없는 목록입니다: {list_id}")
            journal.append(db, Word(f"{row[1]}-removed", by, value=row[0], detail={"list": list_id}))
            _changed(db)

    def ids(self) -> list[str]:
        """Ids of all lists with the columns chosen, as one text each: equal texts, equal lists."""
        return [
            f"{name}:{columns}" for name, columns in self._store.rows("SELECT id, columns FROM lists ORDER BY position")
        ]

    def kept(self, kind: str) -> list[KeptList]:
        """The lists of that kind, in the order in which they were taken in."""
        return [
            KeptList(
                name, kind, title, tuple((t, r) for t, r in json.loads(zlib.decompress(sheets))), json.loads(columns)
            )
            for name, title, sheets, columns in self._store.rows(
                "SELECT id, name, sheets, columns FROM lists WHERE kind = ? ORDER BY position", kind
            )
        ]

    # what people paired

    def pair(
        self, pairs: Iterable[Pair], action: str, by: str, reason: str = "", last: Mapping[Pair, int] | None = None
    ) -> dict[Pair, int]:
        """Writes one of `PAIRING` on receipts and rows; as `say`."""
        return self.append(dict.fromkeys(pairs, action), by, reason, last)

    def append(
        self, words: Mapping[Pair, str], by: str, reason: str = "", last: Mapping[Pair, int] | None = None,
        again: Mapping[Pair, int] | None = None,
    ) -> dict[Pair, int]:  # fmt: skip
        """Writes a word on each pair, one of `PAIRING`, all of them or none.

        The numbers of the entries. With `last`, those of the entries that held when it was asked for; Changed where
        somebody has spoken of a pair since. `again` names the entries (0: none) that are only said again: from then on
        the new ones are those.
        """
        said: dict[Pair, int] = {}
        with self._store.writing() as db:
            for pair, action in words.items():
                receipt, (list_id, row) = pair
                if db.execute("SELECT 1 FROM receipts WHERE id = ?", (receipt,)).fetchone() is None:
                    raise CaseError(f"이 사건에 없는 영수증입니다: {receipt}")
                value, held = f"{list_id}:{row}", None if last is None else last.get(pair, 0)
                newest = "SELECT MAX(seq), by FROM journal WHERE receipt = ? AND value = ? AND action IN (?, ?, ?)"
                seq, who = db.execute(newest, (receipt, value, *PAIRING)).fetchone()
                if held is not None and held != self.first_of(seq or 0):
                    said_by = f"{who or '다른 사람'}님이 이 짝을 바꾸었습니다. 지금 상태를 보고 다시 해 주세요."
                    raise Changed(f"그 사이 {said_by}", receipt=receipt, last=Act(who or ""))
                detail = {"reason": reason} if reason else None
                said[pair] = journal.append(db, Word(action, by, receipt, value=value, detail=detail))
            _changed(db)
        self._restored |= {seq: again[pair] for pair, seq in said.items()} if again is not None else {}
        return said

    def first_of(self, seq: int) -> int:
        """The number of the entry that entry `seq` says again, else its own; 0 for none."""
        return self._restored.get(seq, seq)

    def pairs(self) -> tuple[list[Pair], list[Pair]]:
        """What people paired, and what they parted."""
        last = {pair: action for pair, (action, _) in self.words().items()}
        return [p for p, a in last.items() if a == "pair"], [p for p, a in last.items() if a == "unpair"]

    def words(self) -> dict[Pair, tuple[str, int]]:
        """The last word on each pair, and the number of its entry."""
        last: dict[Pair, tuple[str, int]] = {}
        for entry in self.entries(*PAIRING):
            list_id, _, row = (entry.value or "").partition(":")
            if row.isdigit():
                last[entry.receipt, (list_id, int(row))] = entry.action, entry.seq
        return last

    def entries(self, *actions: str) -> list[Entry]:
        """The journal's entries of those actions, oldest first."""
        marks = ",".join("?" * len(actions))
        rows = self._store.rows(
            f"SELECT {journal.COLUMNS} FROM journal WHERE action IN ({marks}) ORDER BY seq",  # noqa: S608  # marks only
            *actions,
        )
        return [journal.entry_of(row) for row in rows]

    def note(self, word: Word) -> int:
        """Writes an act to the journal and tells all who look on; the number of the entry."""
        with self._store.writing() as db:
            seq = journal.append(db, word)
            _changed(db)
            return seq


def _changed(db: Any) -> None:
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")
