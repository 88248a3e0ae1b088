"""Every date that a page prints, with its time where one stands beside it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.domain import lexicon
from workbench.domain.errors import WrongValue
from workbench.domain.model import Line
from workbench.domain.schema import parse
from workbench.pipeline.extraction.candidates import STROKES, Again, Candidate, label_before, printed_at
from workbench.pipeline.extraction.labels import Label, compact
from workbench.pipeline.layout.rows import Row

# A single digit beside a stroke has lost its other half.
_DAY_OF_MONTH = rf"\d\d|\d(?![\d{STROKES}])"
_DATES = (
    # "[일시1 2025": a bracket read as 1 may stick to the year.
    re.compile(
        r"(?:(?<!\d)|(?<=(?<!\d)1))(?P<y>(?:19|20)\d\d)\s?[-./,년]\s?(?P<m>\d{1,2})\s?[-./,월 ]\s?"
        rf"(?P<d>{_DAY_OF_MONTH})(?!\d)\s?일?"
    ),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(?<!\d[./-])(?P<y>\d\d)[-./](?P<m>\d\d)[-./](?P<d>\d\d)(?![\d./-])"),
    re.compile(rf"(?<!\d)(?P<y>20\d\d) (?P<m>\d{{1,2}}) (?P<d>{_DAY_OF_MONTH})(?!\d)"),
    # A dash lost, or the blank before the time.
    re.compile(
        r"(?<!\d)(?<!\d[./-])(?P<y>20\d\d|\d\d(?=[-./]\d\d[-./]))[-./]?(?P<m>0[1-9]|1[0-2])[-./]?(?P<d>[0-3]\d)"
        r"(?=\s?[0-2]\d:[0-5]\d)"
    ),
    re.compile(r"(?<!\d)(?P<y>\d\d)년\s?(?P<m>\d{1,2})월\s?(?P<d>\d{1,2})일"),
    # Run together with its time; only its label tells it from other numbers.
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?=[0-2]\d[0-5]\d[0-5]\d(?!\d))"),
)
TIME = re.compile(
    rf"(?<!\d)(?<!\d[-./:])(?P<half>오\s?[전후]|(?<=\0)\s?[전후]|AM|PM)?\s?(?P<H>[01]\d|2[0-3]|(?<![{STROKES}])\d)"
    r"\s?(?:[:;시]|(?<=\0\d\d))\s?(?P<M>[0-5]\d|\d(?=\s?분))(?:\s?(?:[:;분]|(?<=\0\d{4}))\s?(?P<S>[0-5]\d))?(?![\d:])"
    r"\s?(?P<late>AM|PM)?",
    re.IGNORECASE,
)
LATEST = 2039
"""No receipt is dated later."""

ENTRY = "입차·승차 표시 옆에 인쇄됨"
"""The reason that speaks against a time: it is when the stay or the ride began."""

NAMED = "거래일시 표시 옆에 인쇄됨"

SAID = {"date": (3, NAMED), "start": (-4, ENTRY), "expiry": (-8, "")}
"""What a label says of the day behind it: the sale's, that of an entry, one until which something holds."""

UNEVEN = "다른 숫자는 두 자리인데 한 자리로 읽힘"
"""The reason that speaks for a lost digit: a till that prints 07 prints 06 and 05:30, too."""

_PADDED = re.compile(r"(?<!\d)(?:0\d|20\d{6})(?!\d)")
_LONE = re.compile(r"(?<!\d)\d(?!\d)")

_BAD = lexicon.pattern("dates.other_day")
_BROKEN = re.compile(
    r"(?<![\d.])\d{2,5}\s?[-./년]\s?\d{1,3}\s?[-./월]\s?(?:\d{1,3}(?![\d,])|\d\d(?=\d\d:\d\d))|(?<!\d)20\d{6}(?=\s\d\d:)"
)
_SEEN = re.compile(
    r"(?P<y>20\d\d|(?<!\d)\d\d)(?:[-./年](?P<m>\d\d)[-./月](?P<d>\d\d)|(?P<m2>[01]\d)(?P<d2>[0-3]\d)"
    r"|[-./年 ]\s?(?P<m3>\d{1,2})[-./月 ]\s?(?P<d3>[0-3]?\d)(?:(?!\d)|(?=[0-2]\d:)))"
)
_SEEN_TIME = re.compile(r"(?P<H>[01]?\d|2[0-3]):(?P<M>[0-5]\d)(?::?(?P<S>[0-5]\d))?(?!\d)")
"""Date and time as the other reader writes them: without Hangul, often without the blank between."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, with its time if `timed`; `rescued` by the other reader; `time_line` where the time is another line."""

    candidate: Candidate
    timed: bool
    rescued: bool = False
    time_line: Line | None = None

    @property
    def day(self) -> str:
        """The date alone, ISO."""
        return self.candidate.value[:10]


def moments_of(rows: tuple[Row, ...]) -> list[Moment]:
    """The dates of a page, weighed by label and place; a lone time elsewhere joins them."""
    found = [m for index, row in enumerate(rows) for m in _in_row(rows, index, row)]
    lone = [m.candidate for m in found if m.timed]
    if found and not lone:
        times = [(i, t) for i, row in enumerate(rows) for t in _times(row.text)]
        if len({t.group() for _, t in times}) == 1:
            index, time = times[0]
            found = [_with_time(m, rows[index], time, 2) for m in found]
    return found


def _in_row(rows: tuple[Row, ...], index: int, row: Row) -> list[Moment]:
    found: list[Moment] = []
    taken: list[tuple[int, int]] = []
    for style, pattern in enumerate(_DATES):
        for match in pattern.finditer(row.text):
            start, end = match.span()
            if any(start < b and a < end for a, b in taken):
                continue
            day = _day(match)
            if day is None:
                continue
            taken.append((start, end))
            candidate = _evenly(printed_at(rows, index, (start, end), day), match.group())
            label = label_before(rows, index, start)
            context = compact(row.text)
            if style == len(_DATES) - 1 and not (label and label.role == "date"):
                continue
            candidate = _told(candidate, label)
            if _BAD.search(context) or "~" in row.text:
                candidate = candidate.add_evidence(-8)
            if style in (1, 3) and label is None:
                candidate = candidate.add_evidence(-1)
            moment = Moment(candidate, False)
            after = [t for t in _times(row.text) if t.start() >= end - 1]
            if after:
                moment = _with_time(moment, row, after[0], 4)
            found.append(moment)
    return found


def _told(candidate: Candidate, label: Label | None) -> Candidate:
    """The candidate with what the label before it says of it."""
    if label is None or label.role not in SAID:
        return candidate
    weight, reason = SAID[label.role]
    return candidate.add_evidence(weight * (label.score if weight > 0 else 1), reason)


def _evenly(candidate: Candidate, numbers: str) -> Candidate:
    """The candidate, told apart where one of its numbers has a leading zero and another no second digit."""
    uneven = UNEVEN not in candidate.reasons and _PADDED.search(numbers) and _LONE.search(numbers)
    return candidate.add_evidence(0, UNEVEN) if uneven else candidate


def _times(text: str) -> list[re.Match[str]]:
    hidden = text
    for pattern in _DATES:
        hidden = pattern.sub(lambda m: "\x00" * len(m.group()), hidden)
    if re.search(r"\d{1,2}:\d\d\s?[~∼-]\s?\d{1,2}:\d\d", hidden):
        return []
    return list(TIME.finditer(hidden))


def _with_time(moment: Moment, row: Row, time: re.Match[str], weight: float) -> Moment:
    half = re.sub("^(?:오?\\s)?(?=[전후])", "오", (time["half"] or time["late"] or "").strip())
    text = f"{moment.candidate.value} {half} {time['H']}:{time['M']}" + (f":{time['S']}" if time["S"] else "")
    try:
        value = parse("issued_at", text)
    except WrongValue:
        return moment
    c = moment.candidate
    box = c.box.union(row.box(*time.span()))
    confidence = min(c.confidence, row.confidence(*time.span()))
    changed = replace(c, value=value, raw=f"{c.raw} {time.group().strip()}", box=box, confidence=confidence)
    changed = changed if half else _evenly(changed, f"{c.raw} {time['H']}")
    line = row.words_at(*time.span())[0].line
    return Moment(
        changed.add_evidence(weight, "날짜와 시각이 함께 있음"), True, time_line=line if line != c.line else None
    )


def _day(match: re.Match[str]) -> str | None:
    year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
    # A year far ahead is a misread one: 2073 was 2023.
    if not (2005 if len(match["y"]) == 2 else 1990) <= year <= LATEST:
        return None
    try:
        return f"{datetime(year, int(match['m']), int(match['d'])):%Y-%m-%d}"
    except ValueError:
        return None


def rescued(rows: tuple[Row, ...], again: Again) -> list[Moment]:
    """Dates that the calendar does not have (a misread 13th month), as the other reader sees them."""
    found = []
    for index, row in enumerate(rows):
        for match in _BROKEN.finditer(row.text):
            start, end = match.span()
            if any(_day(known) for pattern in _DATES for known in pattern.finditer(match.group())):
                continue
            line = row.words_at(start, end)[0].line
            text = again.text(line)
            value = _read_again(text, row.text) if text else None
            if value is None or _BAD.search(compact(row.text)):
                continue
            candidate = printed_at(rows, index, (start, end), value).add_evidence(1)
            candidate = _told(candidate, label_before(rows, index, start))
            timed = len(value) > 10
            reason = "첫 인식은 달력에 없는 날짜라 다른 인식기가 읽은 날짜를 씀"
            found.append(Moment(candidate.add_evidence(2 * timed, reason), timed, rescued=True))
            if len(found) == 2:
                return found
    return found


def seen_again(moment: Moment, again: Again) -> str | None:
    """What the other reader makes of the line: the date, with its time if it stands there."""
    c = moment.candidate
    if again.agrees(c.line):  # without 오전 between them it runs day and time together
        return moment.day if moment.time_line else c.value
    return _read_again(again.text(c.line) or "", c.raw)


def _read_again(text: str, first: str) -> str | None:
    """Date and time in a text without Hangul; `first`, the first reading, knows 오전 and 오후."""
    for match in _SEEN.finditer(text):
        year, month, day = filter(None, match.groups())
        lone = (t for t in _SEEN_TIME.finditer(text, match.end()) if not text[t.start() - 1].isdigit())
        seen = _SEEN_TIME.match(text, match.end()) or next(lone, None)
        time = f" {clock(seen, first)}" if seen else ""
        try:
            value = parse("issued_at", f"{year}-{month}-{day}{time}")
        except WrongValue:
            continue
        if int(value[:4]) <= LATEST:
            return value
    return None


def clock(match: re.Match[str], first: str) -> str:
    """24-hour time from another reader's digits and the first reading's 오전 or 오후, AM or PM."""
    hour = int(match["H"])
    if re.search("후|PM", first, re.IGNORECASE) and hour < 12:
        hour += 12
    elif re.search("전|AM", first, re.IGNORECASE) and hour == 12:
        hour = 0
    return f"{hour:02}:{match['M']}" + (f":{match['S']}" if match["S"] else "")
