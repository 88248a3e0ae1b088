"""A column of days that is written month first, or day first: the whole column tells which; pure."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from workbench.pipeline.ledger.amounts import Cell, text_of

_LAST = re.compile(r"(?P<one>\d{1,2})\s*[./-]\s*(?P<two>\d{1,2})\s*[./-]\s*(?P<year>\d{4}|\d{2})(?!\d)(?P<rest>\D.*)?")
_YEARS_LAST = 4
Rows = Sequence[Sequence[Cell]]


def in_order(rows: Rows, place: int | None) -> tuple[Rows, list[str]]:
    """The rows with days as 2026-10-05 where all of them show another order than year, month, day; said in words.

    10/05/26 alone is 2010-05-26 as well; beside 10/20/26 it is 5 October. Days that fit two orders stay as they are.
    """
    if place is None:
        return rows, []
    found = {
        n: made for n, row in enumerate(rows) if place < len(row) and (made := _LAST.fullmatch(text_of(row[place])))
    }
    wide = all(len(made["year"]) == _YEARS_LAST for made in found.values())
    orders = {"월/일/년": _month_first, "일/월/년": _day_first} if wide else {"월/일/년": _month_first}
    if not found or (not wide and all(_day(made, _year_first) for made in found.values())):
        return rows, []
    fitting = {name: order for name, order in orders.items() if all(_day(made, order) for made in found.values())}
    if len(fitting) != 1:
        return rows, []
    ((name, order),) = fitting.items()
    ordered = [list(row) for row in rows]
    for n, made in found.items():
        ordered[n][place] = f"{_day(made, order)}{made['rest'] or ''}"
    first = min(found)
    example = f"{found[first][0]} → {ordered[first][place]}"
    return ordered, [f"날짜 {len(found):,}개는 {name} 순서로 보았습니다 (예: {example})."]


Order = Callable[[int, int, int], tuple[int, int, int]]


def _month_first(one: int, two: int, year: int) -> tuple[int, int, int]:
    return 2000 + year % 2000 if year < 100 else year, one, two


def _day_first(one: int, two: int, year: int) -> tuple[int, int, int]:
    return year, two, one


def _year_first(one: int, two: int, year: int) -> tuple[int, int, int]:
    return 2000 + one, two, year


def _day(made: re.Match[str], order: Order) -> date | None:
    try:
        return date(*order(int(made["one"]), int(made["two"]), int(made["year"])))
    except ValueError:
        return None
