"""The journal outside of its case: a JSON line per entry, from which anybody can reckon the chain again.

A line holds what the entry says, its salt and the hash before it; of an entry whose words were erased, or are none of
the reader's business, its seal instead (see `journal`).
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from workbench.pipeline.storage import journal
from workbench.pipeline.storage.database import Database

SAID = ("receipt", "action", "field", "value", "before", "detail", "by", "at")


def journal_lines(store: Database, upto: int, shown: Collection[str] | None = None) -> Iterator[str]:
    """Entries 1 to `upto`; of receipts other than those `shown` (None: all) only the seals."""
    for row in store.rows(f"SELECT {journal.COLUMNS} FROM journal WHERE seq <= ? ORDER BY seq", upto):  # noqa: S608
        seq, *said, salt, seal, previous = row
        told = dict(zip(SAID, said, strict=True))
        hidden = shown is not None and told["receipt"] and told["receipt"] not in shown
        line = {"seq": seq, "previous": previous}
        if told["action"] == journal.ERASED and seal:
            line |= {"seal": seal}
        elif hidden:
            line |= {"seal": journal.seal_of(salt, said)}
        else:
            line |= {"salt": salt, **told}
        yield json.dumps(line, ensure_ascii=True)


@dataclass(slots=True)
class JournalCheck:
    """What a journal outside of its case tells: what is wrong with it, its last number and head, files it took in."""

    complaints: list[str] = field(default_factory=list)
    count: int = 0
    head: str = ""
    files: set[str] = field(default_factory=set)


def check_journal(lines: Iterable[str | bytes]) -> JournalCheck:
    """Reckons the chain again, entry by entry."""
    found = JournalCheck()
    for number, text in enumerate(lines, 1):
        try:
            line = json.loads(text)
            seal = line["seal"] if "seal" in line else journal.seal_of(line["salt"], [line[name] for name in SAID])
            seq, previous = int(line["seq"]), str(line["previous"])
            detail = json.loads(line.get("detail") or "{}")
        except (ValueError, KeyError, TypeError):
            found.complaints.append(f"기록 {number}째 줄을 읽을 수 없습니다.")
            continue
        if previous != found.head:
            found.complaints.append(f"기록 {seq}번 앞에서 사슬이 끊어졌습니다. 내용이나 순서가 바뀌었습니다.")
        if line.get("action") == "add":
            found.files.add(str(detail.get("file", "")))
        found.head, found.count = journal.hash_of(previous, seq, str(seal)), seq
    return found
