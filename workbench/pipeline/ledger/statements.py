"""A statement as it was understood, of one table or put together from several, and what it says of itself; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

import pandas as pd

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.amounts import Cell
from workbench.pipeline.ledger.columns import WORDS, bare_heading
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.tables import ALIKE, Table

PART = 1_000_000
"""Beyond the number of any row of a sheet."""


def row_of(number: int) -> int:
    """The row as its sheet counts it."""
    return number % PART


@dataclass(frozen=True, slots=True)
class Statement:
    """A list as it was understood: `columns` by kind, `payments` in order, `numbers` their rows in the file from 1.

    `parts` are the tables it was put together from; the rows of a second sheet or of a table beside the first count
    from PART on, those of a third from twice that (`row_of`). `skipped` are rows that are no payment, each with why;
    `notes` what the reader should know, in sentences.
    """

    name: str
    heading: tuple[str, ...]
    heading_row: int
    columns: dict[str, str]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    payments: tuple[Payment, ...]
    skipped: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[Table, ...] = ()

    @property
    def title(self) -> str:
        """What its first table is called beside others."""
        first = self.parts[0]
        return f"‘{first.sheet or self.name}’ {first.first - 1}행의 표" + (" (오른쪽)" if first.left else "")

    def name_of(self, number: int) -> str:
        """The list's name, with that of the table where the row is none of the first."""
        part = number // PART
        return f"{self.name} {self.parts[part].sheet or f'{part + 1}번째 표'}" if part else self.name

    def frame(self) -> pd.DataFrame:
        """The payments' rows as they stand in the file, indexed by their number there."""
        names = [name or f"({place})" for place, name in enumerate(self.heading, start=1)]
        width = len(names)
        cells = [(*row, *[None] * (width - len(row)))[:width] for row in self.rows]
        return pd.DataFrame(cells, columns=names, index=pd.Index(self.numbers, name="row"), dtype=object)

    def understood(self) -> pd.DataFrame:
        """What was made of each row: a table to look over before the list is taken in."""
        paid = self.payments
        cells = {
            "date": [_day_text(p) for p in paid],
            "merchant": [p.merchant for p in paid],
            "number": [p.number for p in paid],
            "approval": [p.approval for p in paid],
            "foreign": [f"{p.foreign} {p.currency}".strip() if p.foreign is not None else "" for p in paid],
            "state": ["취소" if p.back else "부분취소" if p.partial else "" for p in paid],
        }
        table = pd.DataFrame({name: pd.array(column, dtype="string") for name, column in cells.items()})
        table.insert(0, "row", self.numbers)
        amounts = [-p.amount if p.cancelled and p.amount else p.amount for p in paid]
        table.insert(2, "amount", pd.Series(amounts, dtype="Int64"))
        return table

    def words(self) -> str:
        """What was understood, in sentences."""
        used = ", ".join(f"{WORDS[kind]} = {self.columns[kind]}" for kind in WORDS if kind in self.columns)
        return "\n".join(
            [f"{self.name}: {self.heading_row}행의 제목 아래 {len(self.payments):,}건. {used}.", *self.notes]
        )

    def __repr__(self) -> str:
        return self.words()

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{escape(line)}</p>" for line in self.words().splitlines())
        return body + str(self.understood().head(8).to_html(index=False, na_rep=""))


class ColumnsMissing(CaseError):
    """Nothing says which column holds amounts or days (`missing`); `heading` and `columns` as far as they are known."""

    def __init__(
        self, message: str, missing: Sequence[str], heading: tuple[str, ...], columns: Mapping[str, str]
    ) -> None:
        super().__init__(message)
        self.missing, self.heading = tuple(missing), heading
        self.columns = {kind: name for kind, name in columns.items() if name}


def signature(heading: Iterable[str]) -> str:
    """What tells lists of one layout: their headings in order, so that columns once chosen are remembered for them."""
    return "|".join(bare_heading(name) for name in heading)


def joined(found: Sequence[Statement]) -> Statement:
    """Several tables as one list: the longest first, then those that hold other payments of the same sort.

    Tables that share rows' numbers with one before get numbers of their own, PART further on each.
    """
    best = max(found, key=lambda one: (not _summary(one), len(one.payments)))
    joined, tables = best, [best.parts[0]]
    seen = {_facts(payment) for payment in best.payments}
    notes = list(best.notes)
    for one in found:
        if one is best or not one.payments:
            continue
        title = one.title
        again = [n for n, payment in enumerate(one.payments) if payment.approval and _facts(payment) in seen]
        known = sum(_facts(payment) in seen for payment in one.payments)
        kinds = best.columns.keys() & {"merchant", "approval", "number"}
        if _summary(one) or kinds - one.columns.keys() or known >= ALIKE * len(one.payments):
            notes.append(
                f"{title}의 {len(one.payments):,}줄은 다른 표에 이미 있거나 거래 목록이 아니어서 넣지 않았습니다."
            )
            continue
        same = any((table.sheet, table.left) == (one.parts[0].sheet, one.parts[0].left) for table in tables)
        if again:
            one = _without(one, set(again))
            notes.append(f"{title}의 {len(again):,}줄은 다른 표에 이미 있는 거래여서 넣지 않았습니다.")
        shift = 0 if same and len({t.sheet for t in tables}) == 1 else PART * len(tables)
        tables.append(one.parts[0])
        seen |= {_facts(payment) for payment in one.payments}
        joined = _after(joined, one, shift)
        notes.append(f"{title}의 {len(one.payments):,}건도 함께 넣습니다.")
        notes += [f"{title}: {note}" for note in one.notes]
    return replace(joined, notes=tuple(notes), parts=tuple(tables))


def _without(one: Statement, places: set[int]) -> Statement:
    """The list without the payments at these places."""
    kept = [n for n in range(len(one.payments)) if n not in places]
    why = [(one.numbers[n], "다른 표에 있는 줄") for n in sorted(places)]
    return replace(
        one,
        rows=tuple(one.rows[n] for n in kept),
        numbers=tuple(one.numbers[n] for n in kept),
        payments=tuple(replace(one.payments[n], place=place) for place, n in enumerate(kept)),
        skipped=tuple(sorted([*one.skipped, *why])),
    )


def _summary(one: Statement) -> bool:
    """Whether its rows are sums of several payments: they say of how many."""
    return any(bare_heading(name) in ("건수", "이용건수", "승인건수", "거래건수") for name in one.heading)


def _after(first: Statement, other: Statement, shift: int) -> Statement:
    """The rows of `other` behind those of `first`, in its columns."""
    places = {name: place for place, name in enumerate(other.heading)}
    moved = {kind: places[column] for kind, column in other.columns.items()}
    by_name = {first.columns[kind]: place for kind, place in moved.items() if kind in first.columns}
    from_ = [by_name.get(name, places.get(name)) if name else None for name in first.heading]
    rows = tuple(tuple(row[n] if n is not None and n < len(row) else None for n in from_) for row in other.rows)
    start = len(first.payments)
    return replace(
        first,
        rows=first.rows + rows,
        numbers=first.numbers + tuple(number + shift for number in other.numbers),
        payments=first.payments + tuple(replace(p, place=start + n) for n, p in enumerate(other.payments)),
        skipped=first.skipped + tuple((number + shift, why) for number, why in other.skipped),
    )


def _facts(payment: Payment) -> tuple[object, ...]:
    return (
        payment.amount,
        payment.foreign,
        payment.day or payment.month_day,
        payment.approval,
        payment.merchant,
        payment.back,
    )


def _day_text(payment: Payment) -> str:
    if payment.day is not None:
        clock = "" if payment.minute is None else f" {payment.minute // 60:02}:{payment.minute % 60:02}"
        return payment.day.isoformat() + clock
    return "{:02}-{:02}".format(*payment.month_day) if payment.month_day else ""
