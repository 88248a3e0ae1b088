"""What hangs below a receipt as DataFrames: rows of goods, lines of text, findings, the journal; `receipt_id` first.

One receipt has many rows here; join them to `frame` by `receipt_id`. Missing is <NA>; boxes are px on the upright
image that the engine saw; times are Korean without a zone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
import pandas as pd

from workbench.domain.korean import KST
from workbench.domain.model import Box, Line, Receipt
from workbench.pipeline.storage.journal import Entry

EDGES = ("left", "top", "right", "bottom")


def items(receipts: Iterable[Receipt]) -> pd.DataFrame:
    """One row per printed row of goods: number (from 1 in its receipt), name, quantity, unit_price, amount, box."""
    rows = [(r.id, n, i) for r in receipts for n, i in enumerate(r.items, start=1)]
    return pd.DataFrame(
        {
            "receipt_id": _text(name for name, _, _ in rows),
            "number": _whole(number for _, number, _ in rows),
            "name": _text(item.name for *_, item in rows),
            "quantity": _whole(item.quantity for *_, item in rows),
            "unit_price": _whole(item.unit_price for *_, item in rows),
            "amount": _whole(item.amount for *_, item in rows),
        }
        | _edges([item.box for *_, item in rows])
    )


def lines(read: Iterable[tuple[str, tuple[Line, ...]]]) -> pd.DataFrame:
    """One row per line of text: number (from 1 in its receipt), text, confidence 0..1, box, angle in degrees."""
    texts: tuple[list[str], list[str]] = [], []
    numbers: list[int] = []
    reals: list[tuple[float, ...]] = []  # a large case has a million lines: their records go as soon as they are told
    for name, found in read:
        for number, line in enumerate(found, start=1):
            texts[0].append(name)
            texts[1].append(line.text)
            numbers.append(number)
            box = line.box
            reals.append((line.confidence, box.left, box.top, box.right, box.bottom, line.angle))
    table = np.array(reals, dtype=float).reshape(-1, 6)
    frame = pd.DataFrame(
        {
            "receipt_id": pd.array(texts[0], dtype="string"),
            "number": pd.array(numbers, dtype="Int64"),
            "text": pd.array(texts[1], dtype="string"),
        }
    )
    for place, column in enumerate(("confidence", *EDGES, "angle")):
        frame[column] = pd.array(table[:, place], dtype="Float64")
    return frame


def findings(receipts: Iterable[Receipt]) -> pd.DataFrame:
    """One row per finding: file, severity, code, message, fields and links (names and ids, separated by ", ").

    A receipt that could not be read has a row of code "failed".
    """
    rows: list[tuple[str | None, ...]] = []
    for receipt in receipts:
        if receipt.error and all(f.message != receipt.error for f in receipt.findings):
            rows.append((receipt.id, receipt.file, "error", "failed", receipt.error, None, None))
        for f in receipt.findings:
            joined = ", ".join(f.fields) or None, ", ".join(f.links) or None
            rows.append((receipt.id, receipt.file, f.severity, f.code or None, f.message, *joined))
    names = ("receipt_id", "file", "severity", "code", "message", "fields", "links")
    return pd.DataFrame({name: _text(row[place] for row in rows) for place, name in enumerate(names)})


def corrections(journal: Iterable[Entry], receipts: Mapping[str, Receipt]) -> pd.DataFrame:
    """The journal, oldest first: at, by, action, field, read (the machine's), before (what held until then), value.

    `action` is correct, empty (the person says that there is none), undo (earlier words taken back), approve, reopen.
    `receipts` are those still in the case; of a cleared one `read` and `before` may be <NA>.
    """
    rows: list[tuple[str | None, ...]] = []
    journal = list(journal)
    held: dict[tuple[str, str], str | None] = {}
    for entry in journal:
        read = before = value = None
        action = entry.action
        if entry.field is not None:
            receipt = receipts.get(entry.receipt)
            read = receipt.field(entry.field).read if receipt else None
            before = held.get((entry.receipt, entry.field), read)
            action = {None: "undo", "": "empty"}.get(entry.value, action)
            value = entry.value or None
            held[entry.receipt, entry.field] = read if entry.value is None else value
        rows.append((entry.by, action, entry.field, read, before, value))
    names = ("by", "action", "field", "read", "before", "value")
    return pd.DataFrame(
        {"receipt_id": _text(entry.receipt for entry in journal), "at": _times(entry.at for entry in journal)}
        | {name: _text(row[place] for row in rows) for place, name in enumerate(names)}
    )


def shows(entry: Entry) -> bool:
    """Whether an entry tells of an act, and does not only bind what is there (a picture, an older case's receipt)."""
    return entry.action != "draw" and (entry.action != "take-over" or not entry.receipt)


def history(entries: Iterable[Entry], receipts: Mapping[str, Receipt]) -> pd.DataFrame:
    """Every act, oldest first: number (in the journal), at, by ("" for the machine), action, receipt_id, file, field,
    before, value.

    `action` is add, read, fail, extract (rules applied anew), reread (asked for), supersede, correct, settle, unsettle
    (taken back), approve, confirm, reopen, approve-clean, put-aside, restore, delete, tax, setting, take-over (from an
    older program), erased (its words were deleted for good). A correct that takes earlier words back has the reading
    that holds again as its value. What a reading changed stands in before and value as JSON, by field.
    """
    entries = [entry for entry in entries if shows(entry)]
    rows = [
        (e.by, e.action, e.receipt or None, receipts[e.receipt].file if e.receipt in receipts else None, e.field,
         e.before, e.becomes)
        for e in entries
    ]  # fmt: skip
    names = ("by", "action", "receipt_id", "file", "field", "before", "value")
    return pd.DataFrame(
        {"number": _whole(entry.seq for entry in entries), "at": _times(entry.at for entry in entries)}
        | {name: _text(row[place] for row in rows) for place, name in enumerate(names)}
    )


def _text(cells: Iterable[str | None]) -> pd.api.extensions.ExtensionArray:
    return pd.array([pd.NA if cell is None else cell for cell in cells], dtype="string")


def _whole(cells: Iterable[int | None]) -> pd.api.extensions.ExtensionArray:
    return pd.array([pd.NA if cell is None else cell for cell in cells], dtype="Int64")


def _real(cells: Iterable[float | None]) -> pd.api.extensions.ExtensionArray:
    return pd.array([pd.NA if cell is None else cell for cell in cells], dtype="Float64")


def _times(cells: Iterable[datetime]) -> pd.api.extensions.ExtensionArray:
    moments = np.array(
        [c.astimezone(KST).replace(tzinfo=None) if c.year > 1 else "NaT" for c in cells], dtype="datetime64[us]"
    )
    return pd.Series(moments).array


def _edges(boxes: list[Box | None]) -> dict[str, pd.api.extensions.ExtensionArray]:
    return {edge: _real(None if box is None else getattr(box, edge) for box in boxes) for edge in EDGES}
