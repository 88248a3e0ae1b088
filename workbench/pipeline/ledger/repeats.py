"""Payments that stand in several lists of a case: the months of two lists overlap; pure."""

from collections.abc import Mapping, Sequence

from workbench.pipeline.ledger.links import RowKey
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.statements import Statement, row_of


def repeated(theirs: Sequence[Payment], keys: Sequence[RowKey]) -> dict[int, int]:
    """Places of rows that say the same as one of a list before, and the place of that one.

    Only where an approval number, the day and the amount are the same; two such rows of one list both stay.
    """
    first: dict[tuple[object, ...], int] = {}
    found: dict[int, int] = {}
    for their in theirs:
        if not their.approval or their.day is None or (their.amount is None and their.foreign is None):
            continue
        facts = their.approval, their.day, abs(their.amount or 0), their.foreign, their.currency, their.back
        before = first.setdefault(facts, their.place)
        if keys[before][0] != keys[their.place][0]:
            found[their.place] = before
    return found


def told(again: Mapping[int, int], keys: Sequence[RowKey], statements: Mapping[str, Statement]) -> dict[int, str]:
    """In words which row says the same, by the place of the row that repeats it."""
    return {
        place: f"‘{statements[keys[first][0]].name_of(keys[first][1])}’ {row_of(keys[first][1])}행과 같은 거래입니다"
        for place, first in again.items()
    }
