"""A list of any card company, bank or 홈택스 becomes payments that can be matched, and says what was understood; pure.

Rows are addressed by their number in the file, as a spreadsheet shows it. What cannot be understood is None or "", the
row stays, and how many there are is told.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

import pandas as pd

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.amounts import Cell, text_of
from workbench.pipeline.ledger.columns import WORDS, bare_heading, find_columns, missing_kinds
from workbench.pipeline.ledger.heading import Heading, no_payment
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.payments import Payment, payments_of
from workbench.pipeline.ledger.readers import Sheet
from workbench.pipeline.ledger.tables import ALIKE, Table, tables_of

PART = 1_000_000
"""Beyond the number of any row of a sheet."""
_LARGE_UNIT = re.compile(r"단위\s*[:：]?\s*(?:천|만|십만|백만|억)\s*원?")


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


def understand(
    sheets: Sequence[Sheet],
    name: str,
    given: Mapping[str, str | None] | None = None,
    remembered: Callable[[str], Mapping[str, str]] = lambda _: {},
    *,
    may_be_empty: bool = False,
) -> Statement:
    """The tables of payments that a file holds, understood as one list.

    `given` names of columns win over those `remembered` for a heading. ColumnsMissing (a CaseError) says in words why
    nothing can be matched where there is a heading but no column of amounts or days, CaseError where there is none.
    """
    found: list[Statement] = []
    trouble: CaseError | None = None
    tables = [table for sheet in sheets for table in tables_of(sheet) or (_first_row(sheet) if given else [])]
    known = {column for table in tables for column in table.heading.names}
    for table in tables:
        # A column that another table has is not asked of this one.
        names = table.heading.names
        own = {kind: col for kind, col in (given or {}).items() if not col or col in names or col not in known}
        try:
            found.append(_understood(table, name, {**remembered(signature(names)), **own}, may_be_empty))
        except CaseError as error:
            trouble = trouble or error
    if found:
        return _joined(found)
    raise trouble or CaseError(
        f"{name}: 제목 줄(이용일자, 이용금액 …)을 찾지 못했습니다. 대조할 수 있는 명세서인지 확인해 주세요."
    )


def _first_row(sheet: Sheet) -> list[Table]:
    place = next((n for n, row in enumerate(sheet.rows) if any(row)), None)
    if place is None:
        return []
    heading = Heading(tuple(text_of(cell) for cell in sheet.rows[place]), place + 1)
    return [Table(sheet.name, heading, sheet.rows[place + 1 :], place + 2)]


def _understood(table: Table, name: str, given: Mapping[str, str | None], may_be_empty: bool) -> Statement:
    heading = table.heading
    if unit := _LARGE_UNIT.search(f"{heading.above} {' '.join(heading.names)}"):
        raise CaseError(
            f"{name}: 원 단위가 아닌 목록({unit[0].strip()})은 영수증과 맞춰 볼 수 없습니다. 원 단위로 내려받아 주세요."
        )
    columns = _columns(table, given)
    date_place = heading.names.index(columns["date"]) if "date" in columns else None
    amounts = {heading.names.index(columns[kind]) for kind in ("amount", "returned", "foreign") if kind in columns}
    width = max(place for place, name in enumerate(heading.names, 1) if name)
    rows, numbers, skipped, mended = [], [], [], 0
    for number, row in enumerate(table.rows, start=table.first):
        why = no_payment(row, heading, date_place)
        if why:
            skipped.append((number, why))
        else:
            whole = _unsplit(row, width, amounts)
            mended += len(whole) < len(row)
            rows.append((*whole, *[None] * (len(heading.names) - len(whole))))
            numbers.append(number)
    rows, filled = _days_filled(rows, numbers, date_place, {heading.names.index(column) for column in columns.values()})
    payments, notes = payments_of(heading.names, rows, columns, heading.above)
    # A foot of remarks has neither a day nor an amount.
    kept = [n for n, p in enumerate(payments) if p.amount is not None or p.foreign is not None or p.day or p.month_day]
    skipped += [(numbers[n], "금액과 날짜가 없는 줄") for n in sorted(set(range(len(rows))) - set(kept))]
    if not may_be_empty and all(payments[n].amount is None and payments[n].foreign is None for n in kept):
        raise CaseError(f"{name}: 금액이 있는 줄이 없습니다. 대조할 것이 없는 목록입니다.")
    told = Counter(why for _, why in skipped if why != "빈 줄")
    notes += [f"따옴표 없이 쉼표로 갈라진 금액 {mended:,}줄을 이었습니다."] if mended else []
    notes += [f"날짜가 비어 있는 줄 {filled:,}개는 바로 위 줄의 날짜로 보았습니다."] if filled else []
    notes += [f"{why} {count:,}개는 거래로 보지 않았습니다." for why, count in told.items()]
    return Statement(
        name, heading.names, heading.below, columns, tuple(rows[n] for n in kept), tuple(numbers[n] for n in kept),
        tuple(replace(payments[n], place=place) for place, n in enumerate(kept)), tuple(sorted(skipped)), tuple(notes),
        (table,),
    )  # fmt: skip


def _unsplit(row: Sequence[Cell], width: int, amounts: set[int]) -> Sequence[Cell]:
    """The row with amounts put together again that a text file cut at their commas: 12,500 without quotes."""
    cells = list(row)
    for place in sorted(amounts):
        while sum(bool(text_of(cell)) for cell in cells[width:]) and place + 1 < len(cells):
            head, tail = text_of(cells[place]), text_of(cells[place + 1])
            if not (re.fullmatch(r"[-₩]?\d{1,3}|[-₩]?\d{1,3}(?:,\d{3})+", head) and re.fullmatch(r"\d{3}", tail)):
                break
            cells[place : place + 2] = [f"{head},{tail}"]
    return cells if len(cells) < len(row) else row


def _columns(table: Table, given: Mapping[str, str | None]) -> dict[str, str]:
    heading = table.heading
    columns = find_columns(heading.names, table.rows, given)
    columns = {kind: column for kind, column in columns.items() if column}
    if "amount" not in columns and "foreign" in columns:
        columns["amount"] = ""  # a list of foreign payments alone
    if missing := missing_kinds(columns):
        wanted = ", ".join(f"{WORDS[kind]} 열({kind}=)" for kind in missing)
        raise ColumnsMissing(
            f"명세서에서 {wanted}을 찾지 못했습니다. 열 이름을 알려 주세요. 제목은 {heading.below}행에 있습니다."
            f" 열: {', '.join(filter(None, heading.names))}",
            missing,
            heading.names,
            columns,
        )
    return {kind: column for kind, column in columns.items() if column}


def _days_filled(
    rows: list[tuple[Cell, ...]], numbers: Sequence[int], date_place: int | None, used: set[int]
) -> tuple[list[tuple[Cell, ...]], int]:
    """Rows whose cell of days is merged with the one above get its day; how many they were.

    Such a row follows right below, and fills as many of the columns that are understood as the one above but the day.
    """
    if date_place is None:
        return rows, 0
    filled, count = list(rows), 0
    for place in range(1, len(rows)):
        row, above = filled[place], filled[place - 1]
        if date_place >= len(row) or text_of(row[date_place]) or numbers[place] != numbers[place - 1] + 1:
            continue
        day = above[date_place] if date_place < len(above) else None
        here, there = (sum(n < len(one) and bool(text_of(one[n])) for n in used - {date_place}) for one in (row, above))
        if moment_of(day) and here >= max(2, there):
            filled[place] = (*row[:date_place], day, *row[date_place + 1 :])
            count += 1
    return filled, count


def _joined(found: Sequence[Statement]) -> Statement:
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
        known = sum(_facts(payment) in seen for payment in one.payments)
        kinds = best.columns.keys() & {"merchant", "approval", "number"}
        if _summary(one) or kinds - one.columns.keys() or known >= ALIKE * len(one.payments):
            notes.append(
                f"{title}의 {len(one.payments):,}줄은 다른 표에 이미 있거나 거래 목록이 아니어서 넣지 않았습니다."
            )
            continue
        same = any((table.sheet, table.left) == (one.parts[0].sheet, one.parts[0].left) for table in tables)
        shift = 0 if same and len({t.sheet for t in tables}) == 1 else PART * len(tables)
        tables.append(one.parts[0])
        seen |= {_facts(payment) for payment in one.payments}
        joined = _after(joined, one, shift)
        notes.append(f"{title}의 {len(one.payments):,}건도 함께 넣습니다.")
        notes += [f"{title}: {note}" for note in one.notes]
    return replace(joined, notes=tuple(notes), parts=tuple(tables))


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
