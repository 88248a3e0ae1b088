"""The journal of a case: every act that changes what the case says, each entry bound to the one before it.

An entry's *seal* is the SHA-256 of a random salt, a line feed and the JSON list of what it says; its *hash* is the
SHA-256 of the hash of the entry before, its number and its seal, with a line feed between. The hash of the last entry
is the chain's head. What is deleted for good leaves its seal behind, so that the chain holds although nobody can learn
what it said.
"""

import dataclasses
import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WORDS = ("correct", "approve", "confirm", "reopen", "settle", "unsettle")
"""What people say of one receipt; the other actions are of the pile, the machine and the service."""
OF_RECEIPTS = (*WORDS, "pair", "unpair", "sample-check")
"""With these, all that a person's work on one receipt may be."""
ERASED = "erased"
"""The action that an entry shows whose words were deleted for good."""
COLUMNS = "seq, receipt, action, field, value, before, detail, by, at, salt, seal, previous"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: who did what to which receipt ("" for the case) and field, when, and what stood `before`.

    `detail` is what else it binds: hashes of what was stored, values an approval saw, a place on the picture, a reason.
    """

    seq: int
    receipt: str
    action: str
    field: str | None
    value: str | None
    by: str
    at: datetime
    before: str | None = None
    detail: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def becomes(self) -> str | None:
        """What holds after it: the value said, or the machine's reading where earlier words were taken back."""
        return self.value if self.value is not None else self.detail.get("restored")


@dataclass(frozen=True, slots=True)
class Word:
    """What is to be written as an entry; see there."""

    action: str
    by: str
    receipt: str = ""
    field: str | None = None
    value: str | None = None
    before: str | None = None
    detail: dict[str, Any] | None = None


def append(db: sqlite3.Connection, word: Word) -> int:
    """Writes an entry at the end of the chain, inside the caller's transaction; its number."""
    (previous,) = db.execute("SELECT value FROM meta WHERE key = 'head'").fetchone()
    detail = json.dumps(word.detail) if word.detail else None
    said = (word.receipt, word.action, word.field, word.value, word.before, detail, word.by, now())
    salt = secrets.token_hex(16)
    cursor = db.execute(
        "INSERT INTO journal (receipt, action, field, value, before, detail, by, at, salt, previous)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*said, salt, previous),
    )
    seq = int(cursor.lastrowid or 0)
    db.execute("UPDATE meta SET value = ? WHERE key = 'head'", (hash_of(previous, seq, seal_of(salt, said)),))
    return seq


def chain(db: sqlite3.Connection) -> None:
    """Binds entries that an earlier program wrote, in their order, and makes the head."""
    head = ""
    for seq, *said in db.execute(
        "SELECT seq, receipt, action, field, value, before, detail, by, at FROM journal ORDER BY seq"
    ).fetchall():
        salt = secrets.token_hex(16)
        db.execute("UPDATE journal SET salt = ?, previous = ? WHERE seq = ?", (salt, head, seq))
        head = hash_of(head, seq, seal_of(salt, said))
    db.execute("INSERT INTO meta VALUES ('head', ?)", (head,))


def erase(db: sqlite3.Connection, receipts: Iterable[str]) -> list[int]:
    """Takes the words out of all entries of those receipts and leaves their seals; numbers of the entries."""
    gone = []
    for receipt in receipts:
        for row in db.execute(f"SELECT {COLUMNS} FROM journal WHERE receipt = ?", (receipt,)).fetchall():  # noqa: S608
            seq, *said, salt, _, _ = row
            db.execute(
                "UPDATE journal SET receipt = '', action = ?, field = NULL, value = NULL, before = NULL, detail = NULL,"
                " by = '', at = '', salt = '', seal = ? WHERE seq = ?",
                (ERASED, seal_of(salt, said), seq),
            )
            gone.append(seq)
    return sorted(gone)


def entry_of(row: tuple[Any, ...]) -> Entry:
    """The entry in a row of COLUMNS."""
    seq, receipt, action, field_, value, before, detail, by, at, *_ = row
    moment = datetime.fromisoformat(at) if at else datetime.min
    return Entry(seq, receipt, action, field_, value, by, moment, before, json.loads(detail) if detail else {})


def seal_of(salt: str, said: Iterable[str | None]) -> str:
    """See the module: what the words of an entry are bound by."""
    return hashlib.sha256(f"{salt}\n{json.dumps(list(said))}".encode()).hexdigest()


def hash_of(previous: str, seq: int, seal: str) -> str:
    """See the module: what the next entry carries of this one."""
    return hashlib.sha256(f"{previous}\n{seq}\n{seal}".encode()).hexdigest()


def now() -> str:
    """The present moment as entries tell it: ISO 8601 with the machine's zone, in seconds."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
