"""Days and times as lists write them: 2026.10.05, 20261005194812, 10/05, Excel's day numbers; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from workbench.pipeline.ledger.amounts import text_of

EXCEL_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's 1900 system as it counts from March 1900 on (it believes in a 29 February 1900)."""
EXCEL_DAYS = range(36_526, 73_415)
"""Day numbers of 2000 to 2100: what a five-digit number in a date column is taken for."""

_FULL = re.compile(
    r"(?P<y>\d{4}|\d{2})\s*[년./-]\s*(?P<m>\d{1,2})\s*[월./-]\s*(?P<d>\d{1,2})(?!\d)\s*일?\.?\s*(?:\([^)]\))?"
    r"(?P<rest>.*)"
)
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})\s*[./-]\s*(?P<two>\d{1,2})\s*[./-]\s*(?P<y>\d{4})(?!\d)(?P<rest>.*)")
"""04/03/2026: which of the first two is the month, only one above 12 tells."""
_NAMED = re.compile(
    r"(?:(?P<d>\d{1,2})[\s.-]*(?P<name>[A-Za-z]{3})[a-z]*|(?P<name2>[A-Za-z]{3})[a-z]*[\s.-]*(?P<d2>\d{1,2}))[\s.,-]+(?P<y>\d{4})"
    r"(?!\d)(?P<rest>.*)"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_PACKED = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?P<rest>[\sT]*\d{2}:?\d{2}(?::?\d{2})?)?")
_SIX = re.compile(r"(?P<y>\d{2})(?P<m>\d{2})(?P<d>\d{2})(?P<rest>)")
"""261005; a year and a month (202610) is none: it would have a twenty-sixth month."""
_SHORT = re.compile(r"(?P<m>\d{1,2})\s*[월./-]\s*(?P<d>\d{1,2})\s*일?\.?\s*(?:\([^)]\))?(?P<rest>.*)")
_CLOCK = re.compile(r"(?P<half>오전|오후|AM|PM)?\s*(?P<H>\d{1,2})\s*[:시]\s*(?P<M>\d{1,2}).*?(?P<after>AM|PM)?", re.I)


@dataclass(frozen=True, slots=True)
class Moment:
    """When: `day` None where the list gives month and day alone (`month_day`) ; minute of the day, None if unknown."""

    day: date | None
    minute: int | None = None
    month_day: tuple[int, int] | None = None
    number: bool = False


@lru_cache(maxsize=65_536, typed=True)
def moment_of(cell: object) -> Moment | None:
    """What a cell says of a moment; None where it says nothing. Midnight sharp counts as no time."""
    if isinstance(cell, datetime) and cell == cell:
        return Moment(cell.date(), cell.hour * 60 + cell.minute or None)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return Moment(cell)
    text = text_of(cell)
    if not text:
        return None
    if serial := _serial(text):
        return serial
    for pattern in (_PACKED, _SIX, _FULL):
        if (found := pattern.fullmatch(text)) and not _no_day(found["rest"] or ""):
            year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
            day = _day(year, int(found["m"]), int(found["d"]))
            return Moment(day, minute_of(found["rest"]) or None) if day else None
    if found := _NAMED.fullmatch(text):
        month = _MONTHS.get((found["name"] or found["name2"]).lower(), 0)
        day = _day(int(found["y"]), month, int(found["d"] or found["d2"]))
        return Moment(day, minute_of(found["rest"]) or None) if day else None
    if found := _YEAR_LAST.fullmatch(text):
        one, two = int(found["one"]), int(found["two"])
        day = _day(int(found["y"]), *((one, two) if two > 12 or one == two else (two, one)))
        return Moment(day, minute_of(found["rest"]) or None) if day and (one == two or max(one, two) > 12) else None
    if (found := _SHORT.fullmatch(text)) and not _no_day(found["rest"]):
        month_day = int(found["m"]), int(found["d"])
        return Moment(None, minute_of(found["rest"]) or None, month_day) if _day(2024, *month_day) else None
    return None


@lru_cache(maxsize=65_536, typed=True)
def minute_of(cell: object) -> int | None:
    """Minutes since midnight of "15:26", "15:26:32", "152632", "오후 3:26", or Excel's part of a day."""
    text = text_of(cell)
    if re.fullmatch(r"0?\.\d+", text):
        return round(float(text) * 1440) % 1440
    if re.fullmatch(r"\d{5,6}", text):
        padded = text.zfill(6)
        text = f"{padded[:2]}:{padded[2:4]}"
    elif re.fullmatch(r"\d{3,4}", text):
        padded = text.zfill(4)
        text = f"{padded[:2]}:{padded[2:]}"
    found = _CLOCK.search(text)
    if found is None:
        return None
    hour, minute = int(found["H"]), int(found["M"])
    half = (found["half"] or found["after"] or "").upper()
    hour = hour + 12 if half in ("오후", "PM") and hour < 12 else 0 if half in ("오전", "AM") and hour == 12 else hour
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def in_year(month_day: tuple[int, int], days: Iterable[date]) -> date | None:
    """The day of a list that leaves out the year: the one nearest to any of `days`; None without any."""
    known = sorted(days)
    if not known:
        return None
    years = {day.year for day in known} | {known[0].year - 1, known[-1].year + 1}
    fitting = [day for year in sorted(years) if (day := _day(year, *month_day))]
    return min(fitting, key=lambda day: min(abs((day - other).days) for other in known), default=None)


_OF_A_DAY = re.compile(r"오전|오후|요일|[시분초월화수목금토일]")


def _no_day(rest: str) -> bool:
    """Whether what stands behind a day shows that it is none: "1/2 페이지"."""
    return bool(re.search("[가-힣]", _OF_A_DAY.sub("", rest)))


def _serial(text: str) -> Moment | None:
    if not re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return None
    whole, part = divmod(float(text), 1)
    if int(whole) not in EXCEL_DAYS:
        return None
    return Moment(EXCEL_ZERO + timedelta(int(whole)), round(part * 1440) % 1440 or None, number=True)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
