"""Dates as foreign papers print them: in words, by 年月日 and Japanese eras, and days and months in either order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workbench.domain import lexicon
from workbench.domain.model import Field, Finding
from workbench.pipeline.extraction.printed_dates import LATEST, TIME
from workbench.pipeline.layout.rows import Row

_MONTHS = {
    name: month for month, names in enumerate(lexicon.words("foreign.months.names"), 1) for name in names.split("|")
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NAME = rf"(?P<n>{_NAMES})[^\W\d_]*\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>20\d\d|'?\d\d)(?!\d)"
_WORDS = (
    re.compile(rf"(?<![^\W\d_]){_NAME}\s?{_DAY}(?:[,.]\s?|\s){_YEAR}", re.I),
    re.compile(rf"(?<!\d){_DAY}\.?[\s-]{{0,2}}(?:de\s)?{_NAME},?[\s-]{{0,2}}(?:de\s)?{_YEAR}", re.I),
    re.compile(rf"(?<!\d)(?P<y>20\d\d)[\s-]{_NAME}[\s-](?P<d>\d{{1,2}})(?!\d)", re.I),
)
_ERA = re.compile(r"(?:令和|R)\s?(?P<e>\d{1,2}|元)\s?[年.\-/]\s?(?P<m>\d{1,2})\s?[月.\-/]\s?(?P<d>\d{1,2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<y>20\d\d)\s?[-./年]\s?(?P<m>\d{1,2})\s?[-./月]\s?(?P<d>\d{1,2})(?!\d)")
_EITHER = re.compile(
    r"(?<![\d./-])(?P<a>\d{1,2})\s?(?P<s>[-./])\s?(?P<b>\d{1,2})\s?(?P=s)\s?"
    r"(?P<y>20\d\d(?=\d\d:\d\d)|(?:20\d\d|\d\d)(?![\d/-]|\.\d))"
)
_SALE = re.compile(rf"(?<![a-z])(?:{lexicon.any_of('foreign.dates.sale')})(?![a-z])", re.I)
_OTHER = re.compile(rf"(?<![a-z])(?:{lexicon.any_of('foreign.dates.other')})", re.I)
_MONTH_FIRST = frozenset({"USD", "PHP"})
_UNSURE_ORDER = frozenset({"CAD", ""})
REIWA = 2018
"""令和 1 is the year after."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One printed date: the days it may mean (the likelier one first), where it stands, how much it is the sale's."""

    days: tuple[date, ...]
    row: int
    span: tuple[int, int]
    weight: float


def find_foreign_date(rows: tuple[Row, ...], country: str) -> tuple[Field | None, tuple[Finding, ...]]:
    """When the sale of a foreign paper was made. `country`: the currency of where it comes from, "" where unknown.

    03/04/2026 is told by the country, else doubted.
    """
    found = [dated for index, row in enumerate(rows) for dated in _in_row(rows, index, row)]
    if not found:
        return None, ()
    order = _order(found, country)
    best = min(found, key=lambda d: (-d.weight, d.row))
    day, certain = _day(best, order)
    findings: list[Finding] = []
    row = rows[best.row]
    confidence = min(0.97, row.confidence(*best.span))
    if not certain:
        both = " / ".join(sorted(str(d) for d in best.days))
        sentence = (
            f"날짜의 일과 월 순서를 알 수 없습니다 ({row.text[slice(*best.span)]}: {both}). 그림과 비교해 주세요."
        )
        findings.append(Finding("warning", sentence, ("issued_at",), "doubt"))
        confidence = min(confidence, 0.6)
    rivals = {d for dated in found for d in dated.days[:1] if dated.weight >= best.weight - 0.2} - {day}
    if rivals and certain:
        listed = ", ".join(sorted(map(str, rivals))[:3])
        sentence = f"거래일로 볼 수 있는 날짜가 더 있습니다 ({listed}). 확인해 주세요."
        findings.append(Finding("warning", sentence, ("issued_at",), "doubt"))
        confidence = min(confidence, 0.85)
    value, span = day.isoformat(), best.span
    time = _time(rows, best)
    value = f"{value} {time}" if time else value
    raw = row.text[slice(*span)]
    return Field("issued_at", value, raw, round(confidence, 3), row.box(*span), ("외국 날짜 표기",)), tuple(findings)


def _in_row(rows: tuple[Row, ...], index: int, row: Row) -> Iterator[Dated]:
    taken: list[tuple[int, int]] = []
    for days, span in _days(row.text):
        if any(span[0] < b and a < span[1] for a, b in taken):
            continue
        taken.append(span)
        if days:
            yield Dated(days, index, span, _weight(rows, index, span, len(taken)))


def _days(text: str) -> Iterator[tuple[tuple[date, ...], tuple[int, int]]]:
    for pattern in (_ERA, _YEAR_FIRST):
        for m in pattern.finditer(text):
            year = REIWA + (1 if m["e"] == "元" else int(m["e"])) if pattern is _ERA else int(m["y"])
            yield _valid((year, int(m["m"]), int(m["d"]))), m.span()
    for pattern in _WORDS:
        for m in pattern.finditer(text):
            yield _valid((_year(m["y"]), _MONTHS[m["n"].lower()], int(m["d"]))), m.span()
    for m in _EITHER.finditer(text):
        year, a, b = _year(m["y"]), int(m["a"]), int(m["b"])
        dotted = m["s"] == "."
        yield _valid((year, b, a), *(() if dotted else ((year, a, b),))), m.span()  # 6.10.2026 is day first everywhere


def _year(text: str) -> int:
    year = int(text.lstrip("'"))
    return year if year > 99 else 2000 + year


def _valid(*each: tuple[int, int, int]) -> tuple[date, ...]:
    found: list[date] = []
    for year, month, day in each:
        try:
            when = date(year, month, day)
        except ValueError:
            continue
        if year <= LATEST and when not in found:
            found.append(when)
    return tuple(found)


def _order(found: list[Dated], country: str) -> str:
    """Which of day and month comes first on this page: "day", "month", or "" where nothing tells."""
    if country in _MONTH_FIRST:
        return "month"
    return "" if country in _UNSURE_ORDER else "day"


def _day(dated: Dated, order: str) -> tuple[date, bool]:
    """The day meant (day first is kept first in `days`), and whether that is certain."""
    if len(dated.days) == 1:
        return dated.days[0], True
    first, second = dated.days
    return (second, True) if order == "month" else (first, order == "day")


def _weight(rows: tuple[Row, ...], index: int, span: tuple[int, int], place: int) -> float:
    """How much the words beside or above a date call it the day of the sale."""
    row = rows[index].text
    words = row[: span[0]]
    words = re.split(r"\d{4}|\d[./-]\d", words)[-1]
    if not re.search(r"[^\W\d_]{3}", words) and index > 0 and not re.search(r"\d", rows[index - 1].text):
        words = rows[index - 1].text
    weight = 0.5 - 0.3 * index / max(len(rows), 1) - 0.1 * (place - 1)
    if _OTHER.search(words):
        return weight - 3.0
    if _SALE.search(words):
        weight += 2.0
        if re.search(r"paid|transaction|purchase|sale", words, re.I):
            weight += 0.3
    if re.search(r"\s[-~]\s|〜", row[span[1] : span[1] + 3] + row[max(0, span[0] - 3) : span[0]]):
        weight -= 2.0  # a period
    if TIME.search(row[span[1] :]):
        weight += 0.8
    return weight


def _time(rows: tuple[Row, ...], dated: Dated) -> str:
    """The time beside a date, or the only one in the next row; "" where there is none."""
    row = rows[dated.row].text
    found = TIME.search(row[dated.span[1] :])  # the blank before it may be lost
    if found is None and dated.row + 1 < len(rows):
        found = re.match(r"\s*(?:time|時刻|时间)?\s*[:：]?\s*" + f"(?:{TIME.pattern})", rows[dated.row + 1].text, re.I)
    if found is None:
        return ""
    hour, half = int(found["H"]), (found["half"] or found["late"] or "").upper()
    if half in ("PM", "오후") and hour < 12:
        hour += 12
    elif half in ("AM", "오전") and hour == 12:
        hour = 0
    return f"{hour:02}:{found['M']}" + (f":{found['S']}" if found["S"] else "")
