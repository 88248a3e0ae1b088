"""Dates as foreign papers print them: in words, by 年月日 and Japanese eras, and days and months in either order."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workbench.domain import lexicon
from workbench.domain.model import Field, Finding
from workbench.pipeline.extraction.candidates import Verdict, printed_at
from workbench.pipeline.extraction.printed_dates import LATEST, TIME, clock
from workbench.pipeline.extraction.sureness import DOUBTED, GUESSED, SUPPORTED
from workbench.pipeline.layout.rows import Row

_MONTHS = {
    name: month for month, names in enumerate(lexicon.words("foreign.months.names"), 1) for name in names.split("|")
}
_NAME = rf"(?P<n>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})[^\W\d_]*\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>20\d\d|'?\d\d)(?!\d)"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?:令和|R)\s?(?P<e>\d{1,2}|元)\s?[年.\-/]\s?(?P<m>\d{1,2})\s?[月.\-/]\s?(?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>20\d\d)\s?[-./年]\s?(?P<m>\d{1,2})\s?[-./月]\s?(?P<d>\d{1,2})(?!\d)",
        rf"(?<![^\W\d_]){_NAME}\s?{_DAY}(?:[,.]\s?|\s){_YEAR}",
        rf"(?<!\d){_DAY}\.?[\s-]{{0,2}}(?:de\s)?{_NAME},?[\s-]{{0,2}}(?:de\s)?{_YEAR}",
        rf"(?<!\d)(?P<y>20\d\d)[\s-]{_NAME}[\s-](?P<d>\d{{1,2}})(?!\d)",
        r"(?<![\d./-])(?P<d>\d{1,2})\s?(?P<s>[-./])\s?(?P<m>\d{1,2})\s?(?P=s)\s?"
        r"(?P<y>20\d\d(?=\d\d:\d\d)|(?:20\d\d|\d\d)(?![\d/-]|\.\d))",
    )
]
"""Groups: y year or e year of the era, m month or n its name, d day; s between two of which either may be the month."""
_SALE, _OTHER = lexicon.whole("foreign.dates.sale"), lexicon.whole("foreign.dates.other")
_MONTH_FIRST = frozenset({"USD", "PHP"})
REIWA = 2018
"""令和 1 is the year after."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One printed date: the days it may mean (day first before month first), where it stands, if it is the sale's."""

    days: tuple[date, ...]
    row: int
    span: tuple[int, int]
    weight: int


def find_foreign_date(rows: tuple[Row, ...], country: str, sure: bool) -> tuple[Field | None, tuple[Finding, ...]]:
    """When the sale of a foreign paper was made. `country`: the currency of where it comes from, if that is `sure`.

    03/04/2026 is told by the country, else doubted.
    """
    found = [dated for index, row in enumerate(rows) for dated in _in_row(rows, index, row)]
    if not found:
        return None, ()
    best = max(found, key=lambda d: d.weight)
    day = best.days[-1 if country in _MONTH_FIRST else 0]
    time = _time(rows, best)
    print_ = printed_at(rows, best.row, best.span, f"{day} {time}" if time else str(day))
    verdict = Verdict("issued_at", print_.add_evidence(0, "외국 날짜 표기"), min(SUPPORTED, print_.confidence))
    rivals = {dated.days[0] for dated in found if dated.weight == best.weight} - {best.days[0]}
    # Where the month comes first it does so before a slash: 5-07-26 may be the rest of a date that was cut.
    told = sure and country != "CAD" and (country not in _MONTH_FIRST or "/" in print_.raw)
    if len(best.days) > 1 and not told:
        both = " / ".join(map(str, sorted(best.days)))
        sentence = f"날짜의 일과 월 순서를 알 수 없습니다 ({print_.raw}: {both}). 그림과 비교해 주세요."
        verdict = verdict.at_most(GUESSED, sentence)
    elif rivals:
        listed = ", ".join(sorted(map(str, rivals))[:3])
        verdict = verdict.at_most(DOUBTED, f"거래일로 볼 수 있는 날짜가 더 있습니다 ({listed}). 확인해 주세요.")
    return verdict.field()


def _in_row(rows: tuple[Row, ...], index: int, row: Row) -> Iterator[Dated]:
    taken: list[tuple[int, int]] = []
    for match in (m for form in _FORMS for m in form.finditer(row.text)):
        start, end = match.span()
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            if days := _days(match):
                yield Dated(days, index, (start, end), _weight(rows, index, (start, end)))


def _days(match: re.Match[str]) -> tuple[date, ...]:
    """The days that a date may mean; 6.10.2026 is day first everywhere."""
    named = match.groupdict()
    day, month = int(named["d"]), _MONTHS[named["n"].lower()] if named.get("n") else int(named["m"])
    year = REIWA + int(named["e"].replace("元", "1")) if named.get("e") else int(named["y"].lstrip("'"))
    year += 2000 if year < 100 else 0
    either = [(month, day), (day, month)] if named.get("s") in ("/", "-") else [(month, day)]
    valid = [(m, d) for m, d in either if year <= LATEST and 0 < m <= 12 and 0 < d <= monthrange(year, m)[1]]
    return tuple(dict.fromkeys(date(year, m, d) for m, d in valid))


def _weight(rows: tuple[Row, ...], index: int, span: tuple[int, int]) -> int:
    """How much the words beside or above a date call it the day of the sale."""
    row = rows[index].text
    words = re.split(r"\d{4}|\d[./-]\d", row[: span[0]])[-1]
    if not re.search(r"[^\W\d_]{3}", words) and index > 0 and not re.search(r"\d", rows[index - 1].text):
        words = rows[index - 1].text
    if _OTHER.search(words):
        return -6
    weight = 2 * bool(TIME.search(row[span[1] :]))
    if _SALE.search(words):
        weight += 5 if re.search(r"paid|transaction|purchase|sale", words, re.IGNORECASE) else 4
    if re.search(r"\s[-~]\s|〜", row[max(0, span[0] - 3) : span[1] + 3].replace(row[slice(*span)], "")):
        weight -= 4  # a period
    return weight


def _time(rows: tuple[Row, ...], dated: Dated) -> str:
    """The time beside a date, or the only one in the next row; "" where there is none."""
    found = TIME.search(rows[dated.row].text[dated.span[1] :])  # the blank before it may be lost
    if found is None and dated.row + 1 < len(rows):
        found = re.match(
            rf"\s*(?:time|時刻|时间)?\s*[:：]?\s*(?:{TIME.pattern})", rows[dated.row + 1].text, re.IGNORECASE
        )
    return clock(found, found.group()) if found else ""
