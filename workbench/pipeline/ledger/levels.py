"""How strictly a payment of one side agrees with one of the other, and whether that may be chance; pure."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.shop_likeness import UNLIKE

LEVELS = (
    "금액·날짜·승인번호",
    "금액·승인번호 (날짜가 다르거나 없음)",
    "금액·날짜·시각 또는 사업자번호",
    "금액·날짜",
    "금액·날짜 (승인번호가 다름)",
    "금액 (날짜는 허용한 차이 안)",
    "금액 (날짜 없음, 그 금액은 하나뿐)",
    "여러 건의 합",
    "직접 연결",
)
"""How strictly a pair agrees, strictest first; `level` in the result is the place in this list, from 1."""
APPROVED, APPROVED_OTHER_DAY, TIMED, SAME_DAY, OTHER_APPROVAL, NEAR, ONLY, SUM, BY_HAND = range(1, len(LEVELS) + 1)
FAR_MINUTES = 90
"""Minutes between ordering and paying at most; what lies further apart on one day is two purchases."""
ROUND = 100
"""Won: amounts that are no multiple of it hardly ever meet by chance."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`days` and `minutes` that the two sides may lie apart where no approval number tells.

    `sure` leaves open what could as well be otherwise: two candidates alike, or names that speak of two shops.
    """

    days: int = 3
    minutes: int = 5
    sure: bool = True


def level_of(
    our: Payment, their: Payment, apart: int | None, clock: int | None, rules: Rules, alone: bool
) -> int | None:
    """The place in LEVELS, from 1; None if the two are not of one purchase.

    `apart` is in days, `clock` in minutes (None: not known), `alone` says that no other payment has the amount.
    """
    both = bool(our.approval and their.approval)
    if rules.sure and our.approval and their.lost and not begins_as(our.approval, their.lost):
        return None
    if both and our.approval == their.approval:
        return APPROVED if apart == 0 else APPROVED_OTHER_DAY
    if apart == 0:
        if not both and ((clock is not None and clock <= rules.minutes) or (our.number and our.number == their.number)):
            return TIMED
        if both and rules.sure and not _misread(our.approval, their.approval):
            return None
        return OTHER_APPROVAL if both else SAME_DAY
    if both:
        return None
    if apart is None:
        return ONLY if alone else None
    return NEAR if abs(apart) <= rules.days else None


def begins_as(approval: str, lost: str) -> bool:
    """Whether a number may be the one of which a spreadsheet kept the first digits: 58210043 and "5.82E+07"."""
    found = re.fullmatch(r"\d(?:\.(\d+))?E\+?\d+", lost, re.IGNORECASE)
    if found is None or not approval.isdigit():
        return True
    return float(f"{float(approval):.{len(found[1] or '')}E}") == float(lost)


def _misread(one: str, other: str) -> bool:
    """Whether one number may be the other with a digit or two misread."""
    return min(len(one), len(other)) >= 6 and Levenshtein.distance(one, other, score_cutoff=2) <= 2


def is_doubtful(our: Payment, their: Payment, level: int, clock: int | None, unlike: float | None) -> bool:
    """Whether amount and day may agree by chance: nothing else speaks for it, or something speaks against it."""
    if level <= TIMED:
        return False
    if our.number and their.number:
        return our.number != their.number or (level > SAME_DAY and not _tells(our))
    if clock is not None and clock > FAR_MINUTES:
        return True
    if unlike is not None and unlike >= UNLIKE:
        return True
    return (unlike is None or level > SAME_DAY) and not _tells(our)


def _tells(payment: Payment) -> bool:
    return payment.amount is None or payment.amount % ROUND != 0
