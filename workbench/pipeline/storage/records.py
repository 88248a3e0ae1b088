"""Rows of a case's tables become records, and records what a table holds."""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from workbench.domain.model import Approval, Box, Correction, Field, Line, Reading, Receipt, Settled
from workbench.pipeline.storage.journal import COLUMNS, WORDS, Entry

SELECT = "SELECT id, name, hash, page, region, status, error, reading, read_at FROM receipts JOIN files USING (hash)"
"""What `receipt_of` makes a receipt from."""
HEARD = ", ".join(f"'{action}'" for action in (*WORDS, "take-over"))
"""The actions that `receipt_of` listens to."""
WORDS_OF = f"SELECT {COLUMNS} FROM journal WHERE receipt = ? AND action IN ({HEARD}) ORDER BY seq"  # noqa: S608  # names
"""Those of one receipt."""


def receipt_of(row: tuple[Any, ...], entries: Iterable[Entry]) -> Receipt:
    """A receipt from a row of SELECT and what people said of it, oldest first."""
    name, file, file_hash, page, region, status, error, packed, read_at = row
    reading = reading_of(packed) if packed else None
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
    return _with_words(receipt, tuple(entries))


def _with_words(receipt: Receipt, entries: tuple[Entry, ...]) -> Receipt:
    words: dict[str, list[Correction]] = defaultdict(list)
    settled: dict[tuple[str, str], list[Settled]] = defaultdict(list)  # each person's word stands for itself
    for entry in entries:
        if entry.action == "correct" and entry.field:
            place = entry.detail.get("box")
            words[entry.field].append(Correction(entry.value, entry.by, entry.at, Box(*place) if place else None))
        elif entry.action == "settle":
            said = Settled(entry.value or "", entry.detail["message"], entry.by, entry.at, entry.detail["reason"])
            settled[said.code, said.message].append(said)
        elif entry.action == "unsettle":
            said_of = settled[entry.value or "", entry.detail["message"]]
            if mine := [place for place, one in enumerate(said_of) if one.by == entry.by]:
                del said_of[mine[-1]]
    for field, corrections in words.items():
        known = next((f for f in receipt.fields if f.name == field), Field(field))
        receipt = receipt.with_field(replace(known, corrections=tuple(corrections)))
    receipt = replace(receipt, settled=tuple(said_of[-1] for said_of in settled.values() if said_of))
    return _with_approvals(receipt, entries) if receipt.status in ("read", "failed") else receipt


def _with_approvals(receipt: Receipt, entries: tuple[Entry, ...]) -> Receipt:
    """An approval stands while the revision holds that it approved; a second person's of the same confirms it.

    Where another value holds that no person has put there since, the receipt has changed behind the approval's back.
    """
    approvals: list[Approval] = []
    correctors: set[str] = set()
    corrected_since: set[str] = set()
    for entry in entries:
        values = tuple(entry.detail.get("values", {}).items())
        if entry.action in ("approve", "confirm"):
            known, reckoned = entry.detail.get("known"), tuple(entry.detail.get("reckoned", {}).items())
            seen = None if known is None else tuple(known)
            given = Approval(entry.by, entry.at, entry.value or "", values, seen, reckoned)
            second = entry.action == "confirm" and bool(approvals) and approvals[0].revision == given.revision
            if second and entry.by not in correctors | {approvals[0].by}:
                approvals = [approvals[0], given]
            elif not second:
                approvals, corrected_since = [given], set()
        elif entry.action == "reopen":
            own = entry.detail.get("own")  # only what that person gave
            approvals = [one for one in approvals if one.by != entry.by] if own else []
        elif entry.action == "take-over":  # approvals of an older program named no revision: they approved this one
            approvals = [one if one.revision else _bound(one, entry.value, values) for one in approvals]
        elif entry.field:
            correctors.add(entry.by)
            corrected_since.add(entry.field)
            approvals = [one for one in approvals if one.revision]
    if not approvals:
        return receipt
    if approvals[-1].revision == receipt.revision:
        names = [approval.by for approval in approvals]
        return replace(
            receipt, status="approved" if len(names) == 1 else "confirmed", approvals=tuple(approvals),
            approved_by=names[0], confirmed_by="".join(names[1:]),
        )  # fmt: skip
    changed = replace(receipt, status="changed", approvals=tuple(approvals))
    behind = {name for name, *_ in changed.changed_values} - corrected_since - {n for n, _ in approvals[-1].reckoned}
    return changed if behind or not corrected_since else receipt


def _bound(approval: Approval, revision: str | None, values: tuple[tuple[str, str], ...]) -> Approval:
    return replace(approval, revision=revision or "", values=values)


def packed(record: object) -> bytes:
    """A record as it is stored."""
    return msgspec.json.encode(record)


def reading_of(stored: bytes) -> Reading:
    """A reading without its lines, from the column that holds it; version 0.1.0 called the orientation a turn."""
    stored = stored.replace(b'"turn":', b'"orientation":', 1)  # inside a text its quotes would be escaped
    return msgspec.json.decode(stored, type=Reading)


def stored_reading(stored: bytes, lines: bytes) -> Reading:
    """A whole reading from the two columns that hold it."""
    return replace(reading_of(stored), lines=unsqueezed(lines))


def squeezed(lines: tuple[Line, ...]) -> bytes:
    """Lines as they are stored."""
    return zlib.compress(msgspec.json.encode(lines), 1)


def unsqueezed(stored: bytes) -> tuple[Line, ...]:
    """Lines from the column that holds them."""
    return msgspec.json.decode(zlib.decompress(stored), type=tuple[Line, ...])
