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

MAY_REDUCE = frozenset({"", "other", "tender", "added", "rest"})
"""Roles of rows that may take something off without saying so, beside those that say so."""
MAY_BE_LEFT = frozenset({"", "other", "rest", "amount", "tender", "received", "subtotal", "paid", "total"})
MAY_ADD = frozenset({"", "added", "service_charge"})
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
    for off, left, row in (*_ladders(shown, places), *_wiped_out(shown, places), *_more(shown, places)):
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
    """What may be taken off the total, the smaller amount under it that then is left, and the row of that."""
    for first in places:
        below = [a for a in shown if 0 < a.row - first.row <= NEAR and 0 < abs(a.value) < first.value]
        offs = [a for a in below if known_role(a) in REDUCTIONS | MAY_REDUCE or a.value < 0][:MOST]
        for left in (a for a in below if a.value > 0 and known_role(a) in MAY_BE_LEFT):
            for few in _few([a for a in offs if a.row < left.row]):
                off = sum(abs(a.value) for a in few)
                plain = all(known_role(a) not in REDUCTIONS and a.value > 0 for a in few)
                # Supply and VAT under labels that were not read are no reduction and its rest.
                if first.value - off == left.value and not (plain and tenth(off, left.value)):
                    yield off, left.value, left.row


def _more(shown: list[Amount], places: list[Amount]) -> Iterator[tuple[int, int, int]]:
    """What may be added under the total, the larger payment that the two make, and its row."""
    for first in places:
        below = [a for a in shown if 0 < a.row - first.row <= NEAR and a.value > 0]
        for left in (a for a in below if a.value > first.value and known_role(a) in ("paid", "total", "")):
            for few in _few([a for a in below if a.row < left.row and known_role(a) in MAY_ADD][:MOST]):
                said = known_role(left) or any(known_role(a) == "added" for a in few)
                if said and first.value + sum(a.value for a in few) == left.value:
                    yield left.value - first.value, left.value, left.row


def _few(rows: list[Amount]) -> Iterator[tuple[Amount, ...]]:
    for size in (1, 2, 3):
        yield from combinations(rows, size)


def _wiped_out(shown: list[Amount], places: list[Amount]) -> Iterator[tuple[int, int, int]]:
    """A reduction by all of the total; one that does not say what it is, with a 0 below."""
    for first in places:
        for off in (a for a in shown if abs(a.value) == first.value and 0 < a.row - first.row <= NEAR):
            zero = any(
                a.value == 0 and 0 < a.row - off.row <= NEAR and known_role(a) in ("paid", "total") for a in shown
            )
            if off.minus or known_role(off) in REDUCTIONS or (zero and off.marked):
                yield first.value, 0, off.row


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
