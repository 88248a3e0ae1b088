"""Receipts and a card statement find each other, one to one, the strictest pairs first; pure.

A pair always agrees in the amount. Levels are tried in order, and within a level the nearest pair (days, then minutes,
then likeness of the names) is taken first, so the order of rows decides only
between pairs that are alike in all of this.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

import pandas as pd
from rapidfuzz import fuzz

from workbench.pipeline.ledger.statements import Payment, find_columns, of_receipts, payments

LEVELS = (
    "금액·날짜·승인번호",
    "금액·승인번호 (날짜가 다르거나 없음)",
    "금액·날짜·시각",
    "금액·날짜",
    "금액·날짜 (승인번호가 다름)",
    "금액 (날짜는 허용한 차이 안)",
    "금액 (날짜 없음, 그 금액은 하나뿐)",
)
"""How strictly a pair agrees, strictest first; `level` in the result is the place in this list, from 1."""
SHOWN = ["receipt_id", "file", "merchant", "issued_at", "total", "approval_number"]
CALLED_OFF = "명세서에는 취소된 거래입니다"


@dataclass(frozen=True, slots=True)
class Match:
    """What belongs together, and what is left on both sides, each with a reason in words.

    `matched` has one row a pair: the receipt, `match` (how strictly, in words), `level` (1 is strictest), `days` (from
    receipt to ledger), `others` (pairs that would have fitted as well), `note`, `ledger_row` (index in the ledger), and
    the ledger's own columns. `columns` tells which column of the ledger was taken for what.
    """

    matched: pd.DataFrame
    receipts_only: pd.DataFrame
    ledger_only: pd.DataFrame
    columns: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"맞은 쌍 {len(self.matched):,}, 영수증만 {len(self.receipts_only):,}, 명세서만 {len(self.ledger_only):,}"
        )

    def _repr_html_(self) -> str:
        counts = self.matched["match"].value_counts()
        rows = [(name, int(counts[name])) for name in LEVELS if name in counts]
        rows += [("영수증만 있음", len(self.receipts_only)), ("명세서에만 있음", len(self.ledger_only))]
        body = "".join(f"<tr><td style='text-align:left'>{escape(n)}</td><td>{c:,}</td></tr>" for n, c in rows)
        used = ", ".join(f"{kind}={name}" for kind, name in self.columns.items())
        return f"<table><caption>명세서의 열: {escape(used)}</caption>{body}</table>"


@dataclass(frozen=True, slots=True)
class _Pair:
    level: int
    days: int | None
    minutes: int
    unlike: float
    receipt: int
    entry: int
    note: str


def match(
    receipts: pd.DataFrame, ledger: pd.DataFrame, *, days: int = 3, minutes: int = 5, **columns: str | None
) -> Match:
    """Matches the rows of `Case.frame()` with those of a ledger.

    `columns` names the ledger's columns where they are not found by themselves: date, time, amount, approval,
    merchant, cancelled. `days` is how far the two dates may lie apart where no approval number tells, `minutes` how
    far the times. Negative and cancelled rows match cancelled receipts; a row that is itself marked as cancelled
    matches its purchase as a last resort, with a note. CaseError if amount or date of the ledger are not found.
    """
    used = find_columns(ledger, columns)
    ours, theirs = of_receipts(receipts), payments(ledger, used)
    chosen, rivals = _choose(list(_pairs(ours, theirs, days, minutes)))
    called_off = _called_off(theirs)
    matched = _matched(receipts, ledger, chosen, rivals, called_off)
    return Match(
        matched,
        _left(receipts, ours, theirs, {p.receipt for p in chosen}, days, "명세서", "영수증"),
        _left(ledger, theirs, ours, {p.entry for p in chosen}, days, "영수증", "명세서 줄"),
        used,
    )


def _pairs(ours: Sequence[Payment], theirs: Sequence[Payment], days: int, minutes: int) -> Iterator[_Pair]:
    buckets = _by_amount(theirs)
    mine = _by_amount(ours)
    for amount, receipts in mine.items():
        entries = buckets.get(amount, [])
        only = len(receipts) == 1 and len(entries) == 1
        for receipt in receipts:
            for entry in entries:
                pair = _pair(receipt, entry, days, minutes, only)
                if pair is not None:
                    yield pair


def _pair(receipt: Payment, entry: Payment, days: int, minutes: int, only: bool) -> _Pair | None:
    note = ""
    ours_back, theirs_back = (receipt.amount or 0) < 0, entry.cancelled or (entry.amount or 0) < 0
    if ours_back != theirs_back:
        if not entry.cancelled:
            return None
        note = CALLED_OFF
    apart = (entry.day - receipt.day).days if receipt.day and entry.day else None
    clock = (
        abs(entry.minute - receipt.minute)
        if apart == 0 and receipt.minute is not None and entry.minute is not None
        else None
    )
    level = _level(receipt, entry, apart, clock, days, minutes, only)
    if level is None:
        return None
    unlike = 100.0 - fuzz.partial_ratio(receipt.merchant, entry.merchant)
    late = len(LEVELS) if note else 0  # a row marked as cancelled matches its purchase only when nothing else does
    return _Pair(level + late, apart, 1440 if clock is None else clock, unlike, receipt.place, entry.place, note)


def _level(
    receipt: Payment, entry: Payment, apart: int | None, clock: int | None, days: int, minutes: int, only: bool
) -> int | None:
    """The place in LEVELS, from 1; None if the two are not of one purchase."""
    both = bool(receipt.approval and entry.approval)
    same = both and receipt.approval == entry.approval
    if same:
        return 1 if apart == 0 else 2
    if apart == 0:
        if clock is not None and clock <= minutes and not both:
            return 3
        return 5 if both else 4
    if both:
        return None
    if apart is None:
        return 7 if only else None
    return 6 if abs(apart) <= days else None


def _choose(pairs: list[_Pair]) -> tuple[list[_Pair], dict[_Pair, int]]:
    """One to one, strictest and nearest first; and for each chosen pair how many others fitted as well."""
    pairs.sort(key=lambda p: (p.level, abs(p.days or 0), p.minutes, p.unlike, p.receipt, p.entry))
    taken: set[int] = set()
    given: set[int] = set()
    chosen = []
    for pair in pairs:
        if pair.receipt not in taken and pair.entry not in given:
            taken.add(pair.receipt)
            given.add(pair.entry)
            chosen.append(pair)
    alike: dict[tuple[str, int, int, int], int] = defaultdict(int)
    for pair in pairs:
        alike["receipt", pair.receipt, pair.level, abs(pair.days or 0)] += 1
        alike["entry", pair.entry, pair.level, abs(pair.days or 0)] += 1
    rivals = {
        pair: alike["receipt", pair.receipt, pair.level, abs(pair.days or 0)]
        + alike["entry", pair.entry, pair.level, abs(pair.days or 0)]
        - 2
        for pair in chosen
    }
    return sorted(chosen, key=lambda p: p.receipt), rivals


def _called_off(theirs: Sequence[Payment]) -> set[int]:
    """Places of purchases that another row of the same ledger takes back: same amount, same approval number."""
    back = {(abs(p.amount), p.approval) for p in theirs if p.amount and p.approval and (p.amount < 0 or p.cancelled)}
    return {
        p.place
        for p in theirs
        if p.amount and p.amount > 0 and not p.cancelled and p.approval and (p.amount, p.approval) in back
    }


def _matched(
    receipts: pd.DataFrame, ledger: pd.DataFrame, chosen: list[_Pair], rivals: dict[_Pair, int], called_off: set[int]
) -> pd.DataFrame:
    ours = receipts.iloc[[p.receipt for p in chosen]][SHOWN].reset_index(drop=True)
    notes = [p.note or (CALLED_OFF if p.entry in called_off else None) for p in chosen]
    levels = [(p.level - 1) % len(LEVELS) for p in chosen]
    between = pd.DataFrame(
        {
            "match": pd.array([LEVELS[level] for level in levels], dtype="string"),
            "level": pd.array([level + 1 for level in levels], dtype="Int64"),
            "days": pd.array([p.days for p in chosen], dtype="Int64"),
            "others": pd.array([rivals[p] for p in chosen], dtype="Int64"),
            "note": pd.array(notes, dtype="string"),
            "ledger_row": [ledger.index[p.entry] for p in chosen],
        }
    )
    theirs = ledger.iloc[[p.entry for p in chosen]].reset_index(drop=True)
    taken = {*ours.columns, *between.columns}
    theirs.columns = [f"{name}_ledger" if name in taken else name for name in theirs.columns]
    return pd.concat([ours, between, theirs], axis=1)


def _left(
    frame: pd.DataFrame, own: Sequence[Payment], others: Sequence[Payment], gone: set[int], days: int, there: str,
    here: str,
) -> pd.DataFrame:  # fmt: skip
    """The rows of `frame` that found no partner, with a `reason` of why."""
    buckets = _by_amount(others)
    places = [p for p in own if p.place not in gone]
    reasons = [_reason(p, buckets, days, there, here) for p in places]
    left = frame.iloc[[p.place for p in places]].copy()
    left["reason"] = pd.array(reasons, dtype="string")
    return left


def _reason(payment: Payment, buckets: dict[int, list[Payment]], days: int, there: str, here: str) -> str:
    if payment.amount is None:
        return f"{here}의 금액을 알 수 없습니다"
    same = buckets.get(abs(payment.amount), [])
    if not same:
        return f"같은 금액이 {there}에 없습니다"
    if payment.day is None:
        return f"{here}의 날짜를 알 수 없고 같은 금액이 여럿입니다"
    nearest = min((abs((o.day - payment.day).days) for o in same if o.day), default=None)
    if nearest is not None and nearest > days:
        return f"같은 금액이 있으나 날짜가 {nearest}일 다릅니다"
    return f"같은 금액의 {there} 거래가 이미 다른 것과 맞았거나 승인번호·취소 여부가 다릅니다"


def _by_amount(rows: Sequence[Payment]) -> dict[int, list[Payment]]:
    buckets: dict[int, list[Payment]] = defaultdict(list)
    for payment in rows:
        if payment.amount is not None:
            buckets[abs(payment.amount)].append(payment)
    return buckets
