"""Payments of two sides find each other, one to one, the strictest pairs first; pure.

A pair always agrees in the amount, so each amount is settled by itself. Within an amount the levels are tried in order,
and within a level the nearest pair (days, then minutes, then likeness of the names) is taken first.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from workbench.pipeline.ledger.levels import APPROVED_OTHER_DAY, Rules, is_doubtful, level_of
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.shop_likeness import unlikeness

CALLED_OFF = "명세서에는 취소된 거래입니다"
PARTLY_BACK = "명세서에는 부분취소된 거래입니다"

UNKNOWN = 50.0
"""What stands for a likeness that cannot be known."""
CLEARLY = 20
"""How much liker (of 100) one of two candidates must be named to be chosen for its name."""
SAME_MINUTE = 2
ALL_DAY = 1440


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
    level = level_of(our, their, apart, clock, rules, alone)
    if level is None:
        return None
    note = CALLED_OFF if crossed else PARTLY_BACK if their.partial else ""
    unlike = unlikeness(our.merchant, their.merchant)
    doubt = rules.sure and is_doubtful(our, their, level, clock, unlike)
    unlike = 0.0 if our.number and our.number == their.number else UNKNOWN if unlike is None else unlike
    if _tail(our.card) and _tail(our.card) == _tail(their.card):
        unlike -= CLEARLY  # tells two alike apart; another tail says nothing, for phones pay under numbers of their own
    return Pair(our.place, their.place, level, apart, ALL_DAY if clock is None else clock, unlike, note, doubt=doubt)


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


def _tail(card: str) -> str:
    digits = re.sub(r"[\s-]", "", card)[-4:]
    return digits if len(digits) == 4 and digits.isdigit() else ""
