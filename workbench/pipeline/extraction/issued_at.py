"""When the sale was made: a date with its time first, and never an expiry date."""

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime

from workbench.domain import lexicon
from workbench.domain.model import Field, Finding
from workbench.pipeline.extraction.candidates import Again, Verdict, at_most, doubt
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.extraction.printed_dates import (
    ENTRY,
    NAMED,
    TIME,
    UNEVEN,
    Moment,
    clock,
    moments_of,
    rescued,
    seen_again,
)
from workbench.pipeline.extraction.sureness import DISPUTED, DOUBTED, GUESSED, LIKELY, SUPPORTED
from workbench.pipeline.layout.rows import Row

_COPY = lexicon.pattern("dates.copy")
COPIED = "재발행한 종이의 더 늦은 날짜"
_TIMELESS = lexicon.pattern("dates.day_alone")
"""Papers that carry a day alone."""


def find_date(rows: tuple[Row, ...], again: Again) -> tuple[Field | None, tuple[Finding, ...]]:
    """When the sale was made, and what is doubtful about it."""
    moments = moments_of(rows)
    own = {re.sub(r"\D", "", m.candidate.raw) for m in moments}  # run together with its time it bears nothing out
    numbers = [n for row in rows for n in re.findall(r"\d{10,}|\d{6,8}(?=-\d{2})", row.text) if n not in own]
    weighed = _without_copies(_weighed(moments, rows, numbers), rows)
    if not any(m.candidate.weight >= 1 for m in weighed):
        weighed += _weighed(rescued(rows, again), rows, numbers)
    # A date of expiry or entry is no date of sale, even where it stands alone.
    sound = [m for m in weighed if m.candidate.weight > -4]
    if not sound:
        return None, ()
    best = min(sound, key=lambda m: (-m.candidate.weight, m.candidate.row, m.candidate.value))
    field, findings = _judged(best, sound, Counter(m.day for m in weighed), numbers, again)
    if field is not None and _is_copys(best, rows):
        sentence = "다시 발행한 날짜만 읽었습니다. 거래일을 그림과 비교해 주세요."
        field = at_most(field, DOUBTED)
        findings = (*findings, doubt(sentence, "issued_at"))
    if field is not None and len(field.read or "") == 10 and not any(_TIMELESS.search(compact(r.text)) for r in rows):
        # Most papers print a time: one that was not read may stand beside a day that was misread.
        field = at_most(field, LIKELY)
    return field, findings


def _weighed(moments: list[Moment], rows: tuple[Row, ...], numbers: list[str]) -> list[Moment]:
    days = Counter(m.day for m in moments)
    weighed = []
    for m in moments:
        c = m.candidate
        if days[m.day] > 1:
            c = c.add_evidence(2, "같은 날짜가 여러 곳에 있음")
        if _in_numbers(m.day, numbers):
            c = c.add_evidence(2, "영수번호에 같은 날짜가 들어 있음")
        weighed.append(replace(m, candidate=c.add_evidence(-c.row / len(rows))))
    return weighed


def _without_copies(moments: list[Moment], rows: tuple[Row, ...]) -> list[Moment]:
    """On a paper printed again the copy's day stands beside the sale's, and is the later one."""
    if not any(_COPY.search(compact(row.text)) for row in rows):
        return moments
    first = min((m.day for m in moments if m.candidate.weight > -4), default="")
    return [replace(m, candidate=m.candidate.add_evidence(-4, COPIED)) if m.day > first else m for m in moments]


def _is_copys(moment: Moment, rows: tuple[Row, ...]) -> bool:
    """Whether the moment stands where a paper says when it was printed again: behind those words or right under."""
    before, at, _ = rows[moment.candidate.row].text.partition(moment.candidate.raw[:10])
    above = rows[moment.candidate.row - 1].text if moment.candidate.row else ""
    own = compact(before) or re.search(r"\d", above)  # a heading shows no value of its own
    return bool(at and _COPY.search(compact(before if own else above)))


def _in_numbers(day: str, runs: list[str]) -> bool:
    long, short = day.replace("-", ""), day.replace("-", "")[2:]
    return any(long in run or run.startswith(short) for run in runs)


def _near_in_numbers(day: str, runs: list[str]) -> bool:
    """Whether a receipt number begins with a date that is one digit off: then one of the two is misread."""
    short = day.replace("-", "")[2:]
    for run in runs:
        head = run[2:8] if run.startswith("20") else run[:6]
        if sum(a != b for a, b in zip(head, short, strict=False)) == 1 and _valid(head):
            return True
    return False


def _valid(head: str) -> bool:
    return len(head) == 6 and 1 <= int(head[2:4]) <= 12 and 1 <= int(head[4:6]) <= 31


def _judged(
    best: Moment, moments: list[Moment], days: Counter[str], runs: list[str], again: Again
) -> tuple[Field | None, tuple[Finding, ...]]:
    agree = days[best.day] > 1 or _in_numbers(best.day, runs)
    verdict = _compared(
        best, Verdict("issued_at", best.candidate, SUPPORTED if agree and best.timed else LIKELY), agree, runs, again
    )
    if best.rescued and not _in_numbers(best.day, runs):
        sentence = f"첫 인식은 달력에 없는 날짜입니다 ({verdict.candidate.raw}). 확인해 주세요."
        verdict = verdict.at_most(DISPUTED, sentence)
    if not agree and _near_in_numbers(best.day, runs) and verdict.candidate.value == best.candidate.value:
        sentence = "영수번호에 들어 있는 날짜와 거래일이 한 글자 다릅니다. 확인해 주세요."
        verdict = verdict.at_most(GUESSED, sentence)
    if best.timed and any(_other_hour(m, best) for m in moments):
        # The labels that would tell departure from arrival may be bent.
        verdict = verdict.at_most(LIKELY)
    rivals = sorted({m.day for m in moments if m.day != verdict.candidate.value[:10] and _rivals(m, best)})
    if rivals:
        sentence = f"거래일로 볼 수 있는 날짜가 더 있습니다 ({', '.join(rivals)}). 확인해 주세요."
        verdict = verdict.at_most(DOUBTED, sentence)
    if UNEVEN in best.candidate.reasons:
        sentence = f"날짜나 시각에서 숫자 하나가 빠졌을 수 있습니다 ({best.candidate.raw}). 확인해 주세요."
        verdict = verdict.at_most(DISPUTED, sentence)
    if verdict.candidate.weight < 1 or ENTRY in verdict.candidate.reasons:
        verdict = verdict.at_most(GUESSED)
    return verdict.field()


def _rivals(other: Moment, best: Moment) -> bool:
    """Another day that may as well be the sale's; a label of one speaks for it as a time does."""
    heavy = other.candidate.weight > best.candidate.weight - 1 and other.timed >= best.timed
    named = NAMED in other.candidate.reasons and other.candidate.weight > 0 and NAMED not in best.candidate.reasons
    return other.day != best.day and (heavy or named)


def _compared(best: Moment, verdict: Verdict, agree: bool, runs: list[str], again: Again) -> Verdict:
    """Judged by the moment that the other reader sees in the same line."""
    second = None if best.rescued else seen_again(best, again)
    if second is None:
        return verdict
    if second[:10] == best.day:
        if len(second) == 10 and best.time_line is not None:
            time = TIME.search(again.text(best.time_line) or "")
            second += f" {clock(time, best.candidate.raw)}" if time else ""
        return _same_day(verdict, second)
    if not agree or _in_numbers(second[:10], runs):
        # Without Hangul to distract it the other reader is the better one at digits (measured).
        whole = second if len(second) > 10 else second + best.candidate.value[10:]
        verdict = verdict.for_value(whole, "다른 인식기가 읽은 날짜")
    sentence = f"두 인식기가 날짜를 다르게 읽었습니다 ({best.candidate.value} / {second}). 확인해 주세요."
    return verdict.at_most(DISPUTED, sentence)


def _other_hour(other: Moment, best: Moment) -> bool:
    """Whether another time of the same day, more than half an hour off, could as well be meant."""
    if not other.timed or other.day != best.day or other.candidate.weight < best.candidate.weight - 1.2:
        return False
    apart = datetime.fromisoformat(other.candidate.value) - datetime.fromisoformat(best.candidate.value)
    return abs(apart.total_seconds()) > 1800


def _same_day(verdict: Verdict, second: str) -> Verdict:
    """Both readers see one day; now the time."""
    value = verdict.candidate.value
    both = verdict.for_value(value, "다른 인식기도 같은 날짜로 읽음")
    if len(value) > 10 and len(second) == 10:
        return both
    if second[:16] == value[:16] and (second == value or 16 in (len(second), len(value))):
        return replace(both, confidence=SUPPORTED)
    # "01:43" of "9:01:43" is what the other reader had left of it.
    newer = both if second[11:] in value[11:] else both.for_value(second, "다른 인식기가 읽은 시각")
    if second[:16] == value[:16]:
        return newer.at_most(LIKELY)
    sentence = f"두 인식기가 시각을 다르게 읽었습니다 ({value} / {second}). 확인해 주세요."
    return newer.at_most(DOUBTED, sentence)
