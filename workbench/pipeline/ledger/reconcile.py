"""Receipts reconciled with statements, as DataFrames: what belongs together, and what is left on both sides; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from workbench.pipeline.ledger.called_off import by_amount, called_off
from workbench.pipeline.ledger.levels import LEVELS, Rules
from workbench.pipeline.ledger.pairing import CALLED_OFF, Pair, Settled, settle
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.payments import with_years
from workbench.pipeline.ledger.sides import of_receipts, understood_frame
from workbench.pipeline.ledger.statements import row_of

SHOWN = ["receipt_id", "file", "merchant", "issued_at", "total", "approval_number"]


@dataclass(frozen=True, slots=True)
class Match:
    """What belongs together, and what is left on both sides, each with a reason in words.

    `matched` has one row a pair: the receipt, `match` (how strictly, in words), `level` (1 is strictest), `days` (from
    receipt to ledger), `others` (pairs that would have fitted as well), `note`, `ledger_row` (index in the ledger), and
    the ledger's own columns. `columns` tells which column of the ledger was taken for what, `notes` what of it could
    not be understood.
    """

    matched: pd.DataFrame
    receipts_only: pd.DataFrame
    ledger_only: pd.DataFrame
    columns: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

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
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<table><caption>명세서의 열: {escape(used)}</caption>{body}</table>{notes}"


def match(
    receipts: pd.DataFrame, ledger: pd.DataFrame, *, days: int = 3, minutes: int = 5, **columns: str | None
) -> Match:
    """Matches the rows of `Case.frame()` with those of a ledger.

    `columns` names the ledger's columns where they are not found by themselves: date, time, amount, approval,
    merchant, cancelled, … (see `columns.WORDS`). `days` is how far the two dates may lie apart where no approval number
    tells, `minutes` how far the times. Negative and cancelled rows match cancelled receipts; a row that is itself
    marked as cancelled matches its purchase as a last resort, with a note. Sums at the ledger's end are no payments.
    CaseError if amount or date of the ledger are not found.
    """
    statement = understood_frame(ledger, columns)
    ours = of_receipts(receipts)
    theirs = with_years(statement.payments, [p.day for p in ours if p.day])
    theirs_frame = statement.frame()
    theirs_frame.index = ledger.index[[row_of(number) - 2 for number in statement.numbers]]
    settled = settle_all(ours, theirs, Rules(days, minutes, sure=False))
    pairs = sorted(settled.pairs, key=lambda p: p.receipt)
    off = {place for place in called_off(theirs) if not theirs[place].back}
    return Match(
        _matched(receipts, theirs_frame, pairs, off),
        _left(receipts, _without(ours, {p.receipt for p in pairs}), theirs, days, "명세서", "영수증"),
        _left(theirs_frame, _without(theirs, {p.entry for p in pairs}), ours, days, "영수증", "명세서 줄"),
        statement.columns,
        statement.notes,
    )


def settle_all(ours: Sequence[Payment], theirs: Sequence[Payment], rules: Rules) -> Settled:
    """`pairing.settle` for each amount of both sides."""
    mine, others = by_amount(ours), by_amount(theirs)
    parts = [settle(mine[amount], others[amount], rules) for amount in mine.keys() & others.keys()]
    return Settled(tuple(pair for part in parts for pair in part.pairs), tuple(p for part in parts for p in part.open))


def _matched(receipts: pd.DataFrame, ledger: pd.DataFrame, pairs: Sequence[Pair], off: set[int]) -> pd.DataFrame:
    ours = receipts.iloc[[p.receipt for p in pairs]][SHOWN].reset_index(drop=True)
    notes = [p.note or (CALLED_OFF if p.entry in off else None) for p in pairs]
    between = pd.DataFrame(
        {
            "match": pd.array([LEVELS[p.level - 1] for p in pairs], dtype="string"),
            "level": pd.array([p.level for p in pairs], dtype="Int64"),
            "days": pd.array([p.days for p in pairs], dtype="Int64"),
            "others": pd.array([p.others for p in pairs], dtype="Int64"),
            "note": pd.array(notes, dtype="string"),
            "ledger_row": [ledger.index[p.entry] for p in pairs],
        }
    )
    theirs = ledger.iloc[[p.entry for p in pairs]].reset_index(drop=True)
    taken = {*ours.columns, *between.columns}
    theirs.columns = pd.Index([f"{name}_ledger" if name in taken else name for name in theirs.columns])
    return pd.concat([ours, between, theirs], axis=1)


def _without(payments: Sequence[Payment], paired: set[int]) -> list[Payment]:
    return [payment for payment in payments if payment.place not in paired]


def _left(
    frame: pd.DataFrame, alone: Sequence[Payment], others: Sequence[Payment], days: int, there: str, here: str
) -> pd.DataFrame:
    """The rows of `frame` whose payments are `alone`, with a `reason` of why none of the `others` is theirs."""
    buckets = by_amount(others)
    reasons = [reason(payment, buckets, days, there, here) for payment in alone]
    rest = frame.iloc[[payment.place for payment in alone]].copy()
    rest["reason"] = pd.array(reasons, dtype="string")
    return rest


def reason(payment: Payment, buckets: dict[int, list[Payment]], days: int, there: str, here: str) -> str:
    """Why a payment found no partner."""
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
