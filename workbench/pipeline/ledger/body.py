"""The rows below a heading that may be payments, mended where a file cut or merged them; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.pipeline.ledger.amounts import Cell, decimal_of, text_of
from workbench.pipeline.ledger.heading import no_payment
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.payment_notes import rows_told
from workbench.pipeline.ledger.row_states import never_paid
from workbench.pipeline.ledger.tables import Table


@dataclass(slots=True)
class Body:
    """Rows of a table and their numbers; `skipped` are those that are no payment, each with why; `notes` in words."""

    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def body_of(table: Table, columns: Mapping[str, str]) -> Body:
    """What of the table may be payments; `columns` by kind."""
    names = table.heading.names
    places = {kind: names.index(column) for kind, column in columns.items()}
    amounts = {places[kind] for kind in ("amount", "returned", "foreign") if kind in places}
    width = max(place for place, name in enumerate(names, 1) if name)
    body, mended, moved = Body(), 0, []
    since: list[Sequence[Cell]] = []  # rows since the last sum
    for number, row in enumerate(table.rows, start=table.first):
        whole = _unsplit(row, width, amounts)
        mended += len(whole) < len(row)
        at_home = _unmoved(whole, width, places)
        moved += [number] if at_home is not whole else []
        why = no_payment(row, table.heading, places.get("date")) or never_paid(row, places.get("merchant"))
        why = why or ("합계 줄" if _sums_up(at_home, since, places) else "")
        if why:
            body.skipped.append((number, why))
            since = [] if why == "합계 줄" else since
            continue
        since.append(at_home)
        body.rows.append((*at_home, *[None] * (len(names) - len(at_home))))
        body.numbers.append(number)
    filled = _fill_days(body, places.get("date"), set(places.values()))
    body.notes += [f"따옴표 없이 쉼표로 갈라진 금액 {mended:,}줄을 이었습니다."] if mended else []
    body.notes += (
        [f"가맹점 이름의 쉼표로 칸이 밀린 줄 {len(moved):,}개({rows_told(moved)})를 이었습니다."] if moved else []
    )
    body.notes += [f"날짜가 비어 있는 줄 {filled:,}개는 바로 위 줄의 날짜로 보았습니다."] if filled else []
    return body


def _sums_up(row: Sequence[Cell], above: Sequence[Sequence[Cell]], places: Mapping[str, int]) -> bool:
    """Whether a row without a day, a shop or a number comes to what the rows above it do."""

    def cell(of: Sequence[Cell], kind: str) -> Cell:
        place = places.get(kind)
        return of[place] if place is not None and place < len(of) else None

    amount = decimal_of(cell(row, "amount"))
    if not amount or len(above) < 2 or moment_of(cell(row, "date")):
        return False
    if any(text_of(cell(row, kind)) for kind in ("approval", "number", "merchant")):
        return False
    return amount == sum(decimal_of(cell(one, "amount")) or 0 for one in above)


def _unmoved(row: Sequence[Cell], width: int, places: Mapping[str, int]) -> Sequence[Cell]:
    """The row with a shop's name put together again that was cut at its commas, where day and amount fit then."""
    shop, day, amount = (places.get(kind) for kind in ("merchant", "date", "amount"))
    more = sum(bool(text_of(cell)) for cell in row[width:])
    if not more or shop is None or day is None or amount is None or max(shop, amount) >= width:
        return row
    mended = [*row[:shop], ", ".join(text_of(cell) for cell in row[shop : shop + more + 1]), *row[shop + more + 1 :]]
    fits = [bool(moment_of(one[day])) and decimal_of(one[amount]) is not None for one in (row, mended)]
    return mended if fits == [False, True] else row


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


def _fill_days(body: Body, date_place: int | None, used: set[int]) -> int:
    """Gives rows whose cell of days is merged with the one above its day; how many they were.

    Such a row follows right below, and fills as many of the columns that are understood as the one above but the day.
    """
    if date_place is None:
        return 0
    count = 0
    for place in range(1, len(body.rows)):
        row, above = body.rows[place], body.rows[place - 1]
        if date_place >= len(row) or text_of(row[date_place]) or body.numbers[place] != body.numbers[place - 1] + 1:
            continue
        day = above[date_place] if date_place < len(above) else None
        here, there = (sum(n < len(one) and bool(text_of(one[n])) for n in used - {date_place}) for one in (row, above))
        if moment_of(day) and here >= max(2, there):
            body.rows[place] = (*row[:date_place], day, *row[date_place + 1 :])
            count += 1
    return count
