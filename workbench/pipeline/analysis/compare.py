"""Two readings of the same receipts, side by side: what another engine, other weights or other rules changed; pure."""

from collections.abc import Iterable

import pandas as pd

from workbench.domain import schema
from workbench.domain.model import Field, Receipt

COLUMNS = ("receipt_id", "file", "field", "before", "after", "change", "human", "verdict", "engine_before",
           "engine_after")  # fmt: skip


def compare(before: Iterable[Receipt], after: Iterable[Receipt]) -> pd.DataFrame:
    """One row per field whose machine reading differs, in receipts that are in both; all columns text.

    `change` is found, lost or changed. `human` is what a person said (of the later reading, else of the earlier); then
    `verdict` tells which reading agrees with it: better, worse, or neither. Human values are compared with, never
    changed. Two more kinds of row have no field: `change` is "unreadable" or "readable" where the reading as such
    failed in only one of them, "missing" or "new" where the receipt is in only one of them.
    """
    old, new = ({r.id: r for r in receipts if r.status != "waiting"} for receipts in (before, after))
    rows: list[tuple[str | None, ...]] = []
    for name in dict.fromkeys([*old, *new]):
        rows += _rows(old.get(name), new.get(name))
    return pd.DataFrame(
        {
            column: pd.array([pd.NA if row[place] is None else row[place] for row in rows], dtype="string")
            for place, column in enumerate(COLUMNS)
        }
    )


def _rows(old: Receipt | None, new: Receipt | None) -> list[tuple[str | None, ...]]:
    known = new or old
    assert known is not None  # noqa: S101  # one of the two has the id
    head = (known.id, known.file)
    engines = (old.engine or None if old else None, new.engine or None if new else None)
    if old is None or new is None:
        return [(*head, None, None, None, "new" if new else "missing", None, None, *engines)]
    if bool(old.error) != bool(new.error):
        return [(*head, None, None, None, "unreadable" if new.error else "readable", None, None, *engines)]
    rows: list[tuple[str | None, ...]] = []
    for spec in schema.FIELDS:
        a, b = old.field(spec.name), new.field(spec.name)
        if a.read != b.read:
            change = "found" if a.read is None else "lost" if b.read is None else "changed"
            human = b if b.corrected else a
            rows.append((*head, spec.name, a.read, b.read, change, *_verdict(a, b, human), *engines))
    return rows


def _verdict(old: Field, new: Field, human: Field) -> tuple[str | None, str | None]:
    if not human.corrected:
        return None, None
    said = human.value
    if new.read == said:
        return said, "better"
    return said, "worse" if old.read == said else "neither"
