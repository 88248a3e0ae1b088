"""Arithmetic around the total that no word explains: a row of an unknown name may have taken something off it.

Tills name reductions and payments in more ways than any list holds. Where total - a = b stands on the paper in that
order, or the total is only one of several payments that add up to a larger sum above them, no reading is sure.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from workbench.domain.vat import tenth
from workbench.pipeline.extraction.amounts.choice import Split
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.extraction.amounts.settlement import REDUCTIONS

NEAR = 6
"""Rows between the total, what is taken off it, and what is left."""
MOST = 6
"""Rows that are tried together."""
KNOWN = 0.9
"""How alike a label must be for its role to be believed: an unknown word resembles one or another a little."""

MAY_CHANGE = REDUCTIONS | {"", "other", "tender", "added", "rest", "service_charge"}
"""Roles of rows that may take something off the total or be added to it, whether they say so or not."""
MAY_BE_LEFT = frozenset({"", "other", "rest", "amount", "tender", "received", "subtotal", "paid", "total"})
WAYS = frozenset({"tender", "received", "points", "discount", ""})
"""Roles of what may have paid another part of the sale."""


def unexplained(amounts: Iterable[Amount], split: Split, ways: tuple[Amount, ...]) -> str:
    """The arithmetic that speaks against the chosen total, in words for the reviewer; "" where there is none."""
    total = split.total or 0
    shown = [a for a in amounts if (a.marked or a.words) and not a.second]
    places = [a for a in shown if a.value == total]
    if not total or not places or ways:
        return ""
    own = {abs(a.value) for a in split.settlement.off} if split.settlement else set()
    for off, left, row in _ladders(shown, places):
        if off not in own and not any(a.row > row and known_role(a) for a in places):
            return f"{total:,} {'-' if left < total else '+'} {off:,} = {left:,}원"
    if against := _cash_says(shown, total):
        return against
    for rest, whole in () if split.settlement else _larger(shown, places):
        return f"{total:,} + {rest:,} = {whole:,}원"
    return ""


def _cash_says(shown: list[Amount], total: int) -> str:
    """What was handed over less the change, where that is not the total: a row took something off it, or is misread."""
    given, back = ([a.value for a in shown if known_role(a) == role and a.value > 0] for role in ("received", "change"))
    if len(given) != 1 or len(set(back)) != 1 or given[0] - back[0] == total or given[0] <= back[0]:
        return ""
    return f"받은금액 {given[0]:,} - 거스름돈 {back[0]:,} = {given[0] - back[0]:,}원"


def known_role(amount: Amount) -> str:
    """The role that its words clearly say, "" where they only resemble a known label."""
    return amount.role if amount.label and amount.label.score >= KNOWN else ""


def _ladders(shown: list[Amount], places: list[Amount]) -> Iterator[tuple[int, int, int]]:
    """What may be taken off the total or added to it, the amount under it that the two make, and the row of that."""
    for first in places:
        below = [a for a in shown if 0 < a.row - first.row <= NEAR]
        changes = [a for a in below if a.value and (known_role(a) in MAY_CHANGE or a.value < 0)][:MOST]
        for whole in changes:  # all of it, as a reduction that says so
            if abs(whole.value) == first.value and (whole.minus or known_role(whole) in REDUCTIONS):
                yield first.value, 0, whole.row
        for left in (a for a in below if a.value >= 0 and known_role(a) in MAY_BE_LEFT):
            for few in _few([a for a in changes if a.row < left.row]):
                change = sum(abs(a.value) for a in few)
                if _reaches(first.value, change, left, few):
                    yield change, left.value, left.row


def _reaches(total: int, change: int, left: Amount, few: tuple[Amount, ...]) -> bool:
    """Whether the total less that change is what is left, or with it what was paid."""
    if total - change == left.value:
        plain = all(known_role(a) not in REDUCTIONS and a.value > 0 for a in few)
        # Supply and VAT under labels that were not read are no reduction and its rest; a bare 0 is none.
        return not (plain and tenth(change, left.value)) and (left.value > 0 or known_role(left) in ("paid", "total"))
    said = known_role(left) in ("paid", "total") or any(known_role(a) == "added" for a in few)
    return said and total + change == left.value


def _few(rows: list[Amount]) -> Iterator[tuple[Amount, ...]]:
    for size in (1, 2, 3):
        yield from combinations(rows, size)


def _larger(shown: list[Amount], places: list[Amount]) -> Iterator[tuple[int, int]]:
    """What else was paid, and the larger sum above that it makes up with this payment."""
    top = min(a.row for a in places)
    rest = [a for a in shown if known_role(a) in WAYS and a.value > 0 and a not in places]
    for whole in (a for a in shown if a.value > places[0].value and a.row < top and a.marked):
        paid = [a for a in rest if whole.row < a.row and any(abs(a.row - p.row) <= NEAR for p in places)][:MOST]
        said = known_role(whole) in ("total", "paid", "subtotal")
        for few in _few(paid):
            named = sum(bool(known_role(a)) for a in (*few, whole))
            if whole.value == places[0].value + sum(a.value for a in few) and (said or named):
                yield whole.value - places[0].value, whole.value
