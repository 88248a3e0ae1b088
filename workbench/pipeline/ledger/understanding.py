"""A list of any card company, bank or 홈택스 becomes one statement of payments, and says what was understood; pure.

Rows are addressed by their number in the file, as a spreadsheet shows it. What cannot be understood is None or "", the
row stays, and how many there are is told.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.amounts import Cell, text_of
from workbench.pipeline.ledger.columns import WORDS, find_columns, missing_kinds
from workbench.pipeline.ledger.heading import Heading, no_payment
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.payments import payments_of
from workbench.pipeline.ledger.readers import Sheet
from workbench.pipeline.ledger.statements import ColumnsMissing, Statement, joined, signature
from workbench.pipeline.ledger.tables import Table, tables_of

_LARGE_UNIT = re.compile(r"단위\s*[:：]?\s*(?:천|만|십만|백만|억)\s*원?")


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
        return joined(found)
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
