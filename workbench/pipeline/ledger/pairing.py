"""Payments of two sides find each other, one to one, the strictest pairs first; pure.

A pair always agrees in the amount, so each amount is settled by itself. Within an amount the levels are tried in order,
and within a level the nearest pair (days, then minutes, then likeness of the names) is taken first.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from workbench.pipeline.ledger.payments import Payment

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
CALLED_OFF = "명세서에는 취소된 거래입니다"
PARTLY_BACK = "명세서에는 부분취소된 거래입니다"

UNLIKE = 45
"""Of 100: from here on two names may speak of two shops (benchmarks.ledger names)."""
UNKNOWN = 50.0
"""What stands for a likeness that cannot be known."""
CLEARLY = 20
"""How much liker (of 100) one of two candidates must be named to be chosen for its name."""
FAR_MINUTES = 90
"""Minutes between ordering and paying at most; what lies further apart on one day is two purchases."""
ROUND = 100
"""Won: amounts that are no multiple of it hardly ever meet by chance."""
SAME_MINUTE = 2
ALL_DAY = 1440


@dataclass(frozen=True, slots=True)
class Rules:
    """`days` and `minutes` that the two sides may lie apart where no approval number tells.

    `sure` leaves open what could as well be otherwise: two candidates alike, or names that speak of two shops.
    """

    days: int = 3
    minutes: int = 5
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """A receipt and a row by their places; days from receipt to row; minutes apart (ALL_DAY: unknown); 0..100 unlike.

    `others` is how many pairs would have fitted as well; `doubt` that nothing but the amount and a day speaks for it.
    """

    receipt: int
    entry: int
    level: int
    days: int | None = None
    minutes: int = ALL_DAY
    unlike: float = 0.0
    note: str = ""
    others: int = 0
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """What was paired, and `open`: pairs that may be right but were left to a person."""

    pairs: tuple[Pair, ...] = ()
    open: tuple[Pair, ...] = ()


def settle(
    ours: Sequence[Payment],
    theirs: Sequence[Payment],
    rules: Rules,
    barred: frozenset[tuple[int, int]] = frozenset(),
) -> Settled:
    """Pairs payments of one amount; `barred` (receipt, row) are never paired."""
    free, given = {p.place: p for p in ours}, {p.place: p for p in theirs}
    alone = len(ours) == 1 and len(theirs) == 1
    pairs: list[Pair] = []
    left_open: list[Pair] = []
    for crossed in (False, True):  # a row marked as cancelled matches its purchase only when nothing else does
        for phase in (_by_approval, _by_day, _by_near_day):
            fitting = [
                pair
                for our, their in phase(list(free.values()), list(given.values()), rules)
                if (our.back != their.back) == crossed and (not crossed or their.cancelled)
                and (our.place, their.place) not in barred
                and (pair := _pair(our, their, rules, alone, crossed)) is not None
            ]  # fmt: skip
            taken, open_now = _choose(fitting, free, given, rules)
            pairs += taken
            left_open += open_now
            for pair in (*taken, *(pair for pair in open_now if not pair.doubt)):
                free.pop(pair.receipt, None)
                given.pop(pair.entry, None)
    return Settled(tuple(pairs), tuple(left_open))


Candidates = Iterator[tuple[Payment, Payment]]


def _by_approval(ours: Sequence[Payment], theirs: Sequence[Payment], _: Rules) -> Candidates:
    index: dict[str, list[Payment]] = defaultdict(list)
    for their in theirs:
        if their.approval:
            index[their.approval].append(their)
    return ((our, their) for our in ours if our.approval for their in index.get(our.approval, ()))


def _by_day(ours: Sequence[Payment], theirs: Sequence[Payment], _: Rules) -> Candidates:
    index: dict[object, list[Payment]] = defaultdict(list)
    for their in theirs:
        if their.day:
            index[their.day].append(their)
    return ((our, their) for our in ours if our.day for their in index.get(our.day, ()))


def _by_near_day(ours: Sequence[Payment], theirs: Sequence[Payment], rules: Rules) -> Candidates:
    index: dict[object, list[Payment]] = defaultdict(list)
    for their in theirs:
        index[their.day].append(their)
    for our in ours:
        if our.day is None:
            yield from ((our, their) for their in theirs)
            continue
        for off in range(-rules.days, rules.days + 1):
            yield from ((our, their) for their in index.get(our.day + timedelta(off), ()))
        yield from ((our, their) for their in index.get(None, ()))


def _pair(our: Payment, their: Payment, rules: Rules, alone: bool, crossed: bool) -> Pair | None:
    apart = (their.day - our.day).days if our.day and their.day else None
    timed = apart == 0 and our.minute is not None and their.minute is not None
    clock = abs((their.minute or 0) - (our.minute or 0)) if timed else None
    level = _level(our, their, apart, clock, rules, alone)
    if level is None:
        return None
    note = CALLED_OFF if crossed else PARTLY_BACK if their.partial else ""
    unlike = unlikeness(our.merchant, their.merchant)
    doubt = rules.sure and _doubtful(our, their, level, clock, unlike)
    unlike = 0.0 if our.number and our.number == their.number else UNKNOWN if unlike is None else unlike
    if _tail(our.card) and _tail(our.card) == _tail(their.card):
        unlike -= CLEARLY  # tells two alike apart; another tail says nothing, for phones pay under numbers of their own
    return Pair(our.place, their.place, level, apart, ALL_DAY if clock is None else clock, unlike, note, doubt=doubt)


def _level(our: Payment, their: Payment, apart: int | None, clock: int | None, rules: Rules, alone: bool) -> int | None:
    """The place in LEVELS, from 1; None if the two are not of one purchase."""
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


def _doubtful(our: Payment, their: Payment, level: int, clock: int | None, unlike: float | None) -> bool:
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


def _choose(
    pairs: list[Pair], free: dict[int, Payment], given: dict[int, Payment], rules: Rules
) -> tuple[list[Pair], list[Pair]]:
    pairs.sort(key=lambda p: (p.level, abs(p.days or 0), p.minutes, p.unlike, p.receipt, p.entry))
    rivals: dict[tuple[str, int], list[Pair]] = defaultdict(list)
    for pair in pairs:
        rivals["receipt", pair.receipt].append(pair)
        rivals["entry", pair.entry].append(pair)
    gone: set[tuple[str, int]] = set()
    chosen, left_open = [], []
    for pair in pairs:
        ends = ("receipt", pair.receipt), ("entry", pair.entry)
        if gone & set(ends):
            continue
        rest = [rival for end in ends for rival in rivals[end] if rival is not pair and _beside(pair, rival)]
        if pair.doubt:
            left_open.append(pair)
            continue
        alive = [r for r in rest if not gone & {("receipt", r.receipt), ("entry", r.entry)}]
        if rules.sure and pair.level > APPROVED_OTHER_DAY and any(_as_good(pair, r) for r in alive):
            crowd = [pair, *(r for r in alive if _as_good(pair, r))]
            left_open += crowd
            gone.update(end for r in crowd for end in (("receipt", r.receipt), ("entry", r.entry)))
            continue
        chosen.append(replace(pair, others=len(rest)))
        gone.update(ends)
    return chosen, left_open


def _beside(pair: Pair, rival: Pair) -> bool:
    return rival.level == pair.level and abs(rival.days or 0) == abs(pair.days or 0)


def _as_good(pair: Pair, rival: Pair) -> bool:
    return rival.minutes <= pair.minutes + SAME_MINUTE and rival.unlike < pair.unlike + CLEARLY


_FORM = re.compile(r"㈜|㈔|\(주\)|\(유\)|주식회사|유한회사|유한책임회사|\(사\)|\(재\)|[^0-9A-Za-z가-힣]")


@lru_cache(maxsize=100_000)
def bare_name(name: str) -> str:
    """A shop's name without its legal form, spaces and marks."""
    return _FORM.sub("", unicodedata.normalize("NFC", name).replace("（", "(").replace("）", ")")).upper()


@lru_cache(maxsize=200_000)
def unlikeness(one: str, other: str) -> float | None:
    """0 (the one stands in the other) to 100; None where a name is not known."""
    ours, theirs = bare_name(one), bare_name(other)
    if len(ours) < 2 or len(theirs) < 2:
        return None
    return 100.0 - fuzz.partial_ratio(ours, theirs)


def _tail(card: str) -> str:
    digits = re.sub(r"[\s-]", "", card)[-4:]
    return digits if len(digits) == 4 and digits.isdigit() else ""


def by_amount(payments: Sequence[Payment]) -> dict[int, list[Payment]]:
    """The payments of known amount, by what they come to without their sign."""
    buckets: dict[int, list[Payment]] = defaultdict(list)
    for payment in payments:
        if payment.amount is not None:
            buckets[abs(payment.amount)].append(payment)
    return buckets


def called_off(theirs: Sequence[Payment]) -> dict[int, int]:
    """Rows that take each other back, by place, both ways: a purchase and its cancellation.

    They agree in amount and approval number; without a number, in amount, shop and card within 31 days, and only where
    one purchase fits.
    """
    found: dict[int, int] = {}
    for rows in by_amount(theirs).values():
        backs = [p for p in rows if p.back]
        if not backs:
            continue
        forth = [p for p in rows if not p.back]
        for back in backs:
            fitting = [p for p in forth if p.place not in found and _one_purchase(p, back)]
            if len(fitting) == 1 or (fitting and back.approval):
                found[fitting[0].place], found[back.place] = back.place, fitting[0].place
    return found


def _one_purchase(purchase: Payment, back: Payment) -> bool:
    if purchase.approval and back.approval:
        return purchase.approval == back.approval
    if not (purchase.day and back.day and 0 <= (back.day - purchase.day).days <= 31):
        return False
    return unlikeness(purchase.merchant, back.merchant) == 0.0 and purchase.card == back.card
