"""Whether two receipts may be one payment, by amount, moment and approval number, as far as they were read."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import product

from rapidfuzz.distance import Hamming

from workbench.domain.model import SURE, Receipt

BITS_OFF = 5
"""Bits of 64 by which picture hashes may differ where nothing else is known, or one value looks misread. Measured on
photos of receipts: the same photo turned, lit and cut a little differs in 1 to 14 bits, two receipts on one table in 6
and more; two slips of one electronic form in none, so that their values decide (see `bits_off`)."""

BITS_OFF_AGREEING = 10
"""The same where amount, time and approval number agree as far as they were read."""

MINUTES_APART = 10
"""A shop's slip and the card slip of the same payment are printed within so many minutes."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What tells one payment from another, each as read and as people gave it; `sure`: no reading is doubtful."""

    totals: frozenset[str]
    moments: frozenset[str]
    approvals: frozenset[str]
    sure: bool


def facts_of(receipt: Receipt) -> Facts:
    """What a receipt says of its payment."""
    fields = [receipt.field(name) for name in ("total", "issued_at", "approval_number")]
    totals, moments, approvals = (frozenset(v for v in (f.read, f.value) if v) for f in fields)
    return Facts(totals, moments, approvals, all(f.corrected or f.confidence >= SURE for f in fields if f.read))


class Likeness(Enum):
    """How a value of one receipt stands to another's."""

    SAME, NEAR, APART, UNKNOWN = range(4)


def bits_off(one: Facts, other: Facts) -> int:
    """By how many bits the hashes of two pictures of one paper may differ, by what was read in them; -1: they are two.

    An approval number is given once. Without one, values that disagree are those of another slip of the same form.
    """
    approval, total, moment = _approvals(one, other), _totals(one, other), _moments(one, other)
    if approval is Likeness.SAME and not (total is moment is Likeness.APART):
        return -1 if _reversed(one, other) else BITS_OFF_AGREEING
    likeness = (approval, total, moment)
    if Likeness.APART in likeness:
        return -1
    return BITS_OFF_AGREEING if Likeness.NEAR not in likeness and Likeness.SAME in likeness else BITS_OFF


def one_purchase(one: Facts, other: Facts) -> bool:
    """False for another payment at the same shop: another day or hour, approval number, amount or direction."""
    approval, total, moment = _approvals(one, other), _totals(one, other), _moments(one, other)
    if approval is Likeness.SAME and not (total is moment is Likeness.APART):
        return not _reversed(one, other)
    return Likeness.APART not in (approval, total, moment)


def _approvals(one: Facts, other: Facts) -> Likeness:
    """Tills count approvals up, so that one differing digit is a misreading only where a reading is in doubt."""
    likeness = _alike(one.approvals, other.approvals)
    return Likeness.APART if likeness is Likeness.NEAR and one.sure and other.sure else likeness


def _totals(one: Facts, other: Facts) -> Likeness:
    return _alike(one.totals, other.totals)


def _alike(one: frozenset[str], other: frozenset[str]) -> Likeness:
    if not one or not other:
        return Likeness.UNKNOWN
    if one & other:
        return Likeness.SAME
    near = any(len(a) == len(b) and Hamming.distance(a, b) == 1 for a, b in product(one, other))
    return Likeness.NEAR if near else Likeness.APART


def _moments(one: Facts, other: Facts) -> Likeness:
    """Days decide; where both print a time, minutes do."""
    if not one.moments or not other.moments:
        return Likeness.UNKNOWN
    pairs = [(a[:16], b[:16]) for a, b in product(one.moments, other.moments)]
    if any(a == b or (min(len(a), len(b)) == len("2026-11-22") and a[:10] == b[:10]) for a, b in pairs):
        return Likeness.SAME
    return Likeness.NEAR if any(_minutes(a, b) <= MINUTES_APART for a, b in pairs) else Likeness.APART


def _minutes(one: str, other: str) -> float:
    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds()) / 60


def _reversed(one: Facts, other: Facts) -> bool:
    """Whether one gives back what the other took: a sale and its cancellation carry the same approval number."""
    pairs = list(product(one.totals, other.totals))
    return not one.totals & other.totals and any(a.lstrip("-") == b.lstrip("-") for a, b in pairs)
