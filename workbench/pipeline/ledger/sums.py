"""One payment on one side, several on the other: a receipt paid with two cards, a row that sums several receipts; pure.

Only what is left after one to one is looked at, of one day and one shop, and only where one combination fits.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import combinations

from workbench.pipeline.ledger.levels import SUM
from workbench.pipeline.ledger.pairing import Pair
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.shop_likeness import UNLIKE, unlikeness

MOST_PARTS = 4
MOST_BESIDE = 12
"""Payments of one day and shop beyond which combinations fit by chance."""


def sums(ours: Sequence[Payment], theirs: Sequence[Payment]) -> list[Pair]:
    """Pairs of level SUM: several with one receipt, or several with one row."""
    found = _sums(ours, theirs)
    taken = {receipt for receipt, _ in found}, {entry for _, entry in found}
    rest = [p for p in ours if p.place not in taken[0]], [p for p in theirs if p.place not in taken[1]]
    found += [(receipt, entry) for entry, receipt in _sums(rest[1], rest[0])]
    return [Pair(receipt, entry, SUM, 0) for receipt, entry in found]


def _sums(wholes: Sequence[Payment], parts: Sequence[Payment]) -> list[tuple[int, int]]:
    """(place of a whole, place of a part) of each whole that one combination of parts comes to."""
    days: dict[date, list[Payment]] = defaultdict(list)
    for part in parts:
        if part.day and part.amount:
            days[part.day].append(part)
    found: list[tuple[int, int]] = []
    used: set[int] = set()
    for whole in wholes:
        if whole.day is None or not whole.amount:
            continue
        beside = [p for p in days.get(whole.day, ()) if p.place not in used and _of_one_shop(whole, p)]
        if not 2 <= len(beside) <= MOST_BESIDE:
            continue
        crowds = (crowd for size in range(2, MOST_PARTS + 1) for crowd in combinations(beside, size))
        fitting = [crowd for crowd in crowds if sum(p.amount or 0 for p in crowd) == whole.amount]
        if len(fitting) == 1:
            used.update(p.place for p in fitting[0])
            found += [(whole.place, p.place) for p in fitting[0]]
    return found


def _of_one_shop(whole: Payment, part: Payment) -> bool:
    if whole.back != part.back or abs(part.amount or 0) >= abs(whole.amount or 0):
        return False
    if whole.number and part.number:
        return whole.number == part.number
    unlike = unlikeness(whole.merchant, part.merchant)
    return unlike is not None and unlike < UNLIKE
