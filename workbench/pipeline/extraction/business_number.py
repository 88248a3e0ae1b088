"""The seller's business number: check digit, label, and whose number it is.

A slip may also carry the number of the payment agent, of the head office, of a platform or of the buyer.
"""

import re
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from workbench.domain import lexicon
from workbench.domain.check_digit import is_valid
from workbench.domain.model import SURE, Field, Finding
from workbench.pipeline.extraction.candidates import Again, Candidate, doubt, label_before
from workbench.pipeline.extraction.digits import number_of, shape
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.extraction.parties import role_at, roles_of
from workbench.pipeline.layout.rows import Row

_SHAPE = re.compile(r"(?<![\d*])(?<!\d[-.])(\d{3})\s?[-–—.·~]\s?(\d{2})\s?[-–—.·~]\s?(\d{5})(?![\d*]|-\d)")
_SPACED = re.compile(r"(?<![\d*.-])(\d ?\d ?\d) ?- ?(\d ?\d) ?- ?(\d(?: ?\d){4})(?![\d*]|-\d)")
"""Digits printed apart, or cut apart by the detector; taken only where the check digit holds."""
_BARE = re.compile(r"(?<![\d*.,-])([1-9]\d{9})(?![\d*.,]|-\d)")
_BENT = re.compile(
    r"(?<![\d*])([0-9A-Za-z가-힣|!\]]{3})\s?[-–—.·~]\s?([0-9A-Za-z가-힣|!\]]{2})\s?[-–—.·~]\s?([0-9A-Za-z가-힣|!\]]{5})(?![\d*])"
)
_ALMOST = re.compile(r"(?<![\d*-])(?:[1-9]\d{8,10}|\S{2,4}[-–.]\S{1,3}[-–.]\d{4,6})(?![\d*-])")
_TWICE = "같은 번호가 여러 곳에 있음"
_OTHERS = lexicon.pattern("parties.several")


CLEAR = 0.97
"""A number that holds and is read more surely than that is right; less surely, the other recogniser is asked."""


@dataclass(frozen=True, slots=True)
class _Found:
    candidate: Candidate
    shaped: bool
    labelled: bool
    repaired: bool = False


def find_number(rows: tuple[Row, ...], again: Again) -> tuple[Field | None, tuple[Finding, ...]]:
    """The seller's number and what a reviewer should know about it."""
    found = sorted(_candidates(rows), key=lambda f: (-f.candidate.weight, f.candidate.row, f.candidate.value))
    if not found:
        return _rescued(rows, again), ()
    best = found[0]
    rivals = [
        f
        for f in found[1:]
        if f.candidate.value != best.candidate.value
        and (
            (is_valid(f.candidate.value) and not f.repaired and f.candidate.weight > best.candidate.weight - 1.5)
            or _labelled_otherwise(f, best)
        )
    ]
    if not is_valid(best.candidate.value):
        return _failing(best, again)
    confidence, findings = _trust(best, found), []
    if (
        confidence < SURE
        or best.repaired
        or (_TWICE not in best.candidate.reasons and best.candidate.confidence < CLEAR)
    ):
        # Of a number read badly two digits may be wrong, and one in ten such pairs holds too.
        second = _second(best.candidate, again)
        if second == best.candidate.value:
            confidence = max(confidence, 0.97)
            best = replace(
                best, candidate=best.candidate.add_evidence(0, "다른 인식기도 같은 번호로 읽음"), repaired=False
            )
        elif second is not None:
            confidence = min(confidence, 0.6)
            findings.append(
                doubt(
                    f"두 인식기가 사업자번호를 다르게 읽었습니다 ({best.candidate.value} / {second}).",
                    "business_number",
                )
            )
            # Both hold: the other reader, without Hangul to distract it, is the better one at digits (measured).
            best = replace(best, candidate=replace(best.candidate, value=second), repaired=False)
    if best.repaired:
        confidence = min(confidence, 0.75)
        findings.append(
            Finding(
                "warning",
                f"사업자번호 한 글자를 검증번호에 맞게 보정했습니다: {best.candidate.raw} → {best.candidate.value}."
                " 그림과 비교해 주세요.",
                ("business_number",),
                "repaired",
            )
        )
    if role_at(rows, roles_of(rows), best.candidate.row, best.candidate.raw) == "stranger":
        confidence = min(confidence, 0.5)
        findings.append(
            doubt(
                "결제대행사나 본사, 구매자의 사업자번호로 보입니다. 판매자의 번호를 찾지 못했습니다.", "business_number"
            )
        )
    elif (
        len({f.candidate.value for f in found}) == 1
        and _TWICE not in best.candidate.reasons
        and any(_OTHERS.search(compact(row.text)) for row in rows)
    ):
        confidence = min(confidence, 0.9)
        findings.append(
            doubt(
                "구매자나 결제대행사도 적힌 종이인데 사업자번호가 하나만 보입니다. 판매자의 번호인지 확인해 주세요.",
                "business_number",
            )
        )
    seen = {rival.candidate.value for rival in rivals} | _unreadable(rows, best)
    if seen:
        confidence = min(confidence, 0.85)
        others = ", ".join(sorted(seen))
        findings.append(
            doubt(f"사업자번호 후보가 더 있습니다 ({others}). 판매자의 번호인지 확인해 주세요.", "business_number")
        )
    return best.candidate.field("business_number", confidence), tuple(findings)


def _labelled_otherwise(other: _Found, best: _Found) -> bool:
    """Another print under a clear label that fails or was mended: it may be the seller's, misread."""
    if not other.labelled or (is_valid(other.candidate.value) and not other.repaired):
        return False
    return Levenshtein.distance(other.candidate.value, best.candidate.value) > 2


def _unreadable(rows: tuple[Row, ...], best: _Found) -> set[str]:
    """Prints in the shape of a number under a clear label of one that can be none as read: they may be the seller's."""
    seen = set()
    for index, row in enumerate(rows):
        for match in (*_SHAPE.finditer(row.text), *_BENT.finditer(row.text)):
            label = label_before(rows, index, match.start())
            letters = "".join(match.groups())
            if label is None or label.role != "number" or label.score < 0.7 or number_of(letters, True)[0] is not None:
                continue
            if Levenshtein.distance(letters, best.candidate.value.replace("-", "")) > 2:
                seen.add(match.group())
    return seen


def _candidates(rows: tuple[Row, ...]) -> list[_Found]:
    found = [f for index, row in enumerate(rows) for f in _in_row(rows, index, row)]
    counts: dict[str, int] = {}
    for f in found:
        counts[f.candidate.value] = counts.get(f.candidate.value, 0) + 1
    roles = roles_of(rows)
    weighed = []
    for f in found:
        c = f.candidate
        if counts[c.value] > 1:
            c = c.add_evidence(1.0, _TWICE)
        role = role_at(rows, roles, c.row, c.raw)
        if role == "stranger":
            c = c.add_evidence(-4.0, "결제대행·본사·구매자 표시 아래의 번호")
        elif role == "seller":
            c = c.add_evidence(2.5, "판매자 표시 아래의 번호")
        c = c.add_evidence(0.9 * (1 - c.row / max(len(rows), 1)))
        weighed.append(replace(f, candidate=c))
    return weighed


def _in_row(rows: tuple[Row, ...], index: int, row: Row) -> list[_Found]:
    found: list[_Found] = []
    taken: list[tuple[int, int]] = []
    for pattern, shaped in ((_SHAPE, True), (_SPACED, True), (_BARE, False), (_BENT, True)):
        for match in pattern.finditer(row.text):
            start, end = match.span()
            if any(start < b and a < end for a, b in taken):
                continue
            digits = "".join(match.groups()).replace(" ", "")
            if pattern is _SPACED and not is_valid(shape(digits)):
                continue
            label = label_before(rows, index, start)
            labelled = label is not None and label.role == "number" and label.score >= 0.7
            if label is not None and label.role in ("identifier", "phone", "card_number", "approval") and not shaped:
                continue
            base = Candidate(
                "",
                match.group(),
                row.box(start, end),
                row.words_at(start, end)[0].line,
                index,
                row.confidence(start, end),
            )
            if labelled:
                base = base.add_evidence(2.0, "사업자번호 표시 옆에 인쇄됨")
            value, repaired = number_of(digits, shaped or labelled)
            if value is None:
                continue
            if is_valid(value):
                base = base.add_evidence(
                    4.0 if not repaired else 2.0, "검증번호가 맞음" if not repaired else "보정한 번호의 검증번호가 맞음"
                )
            elif not (labelled or (shaped and index < len(rows) / 2)):
                continue
            if shaped:
                base = base.add_evidence(0.8)
            elif not labelled and not is_valid(value):
                continue
            taken.append((start, end))
            found.append(_Found(replace(base, value=value), shaped, labelled, repaired))
    return found


def _trust(best: _Found, found: list[_Found]) -> float:
    candidate = best.candidate
    if best.repaired:
        return 0.75
    if candidate.confidence < 0.8:
        return 0.88
    twice = sum(f.candidate.value == candidate.value for f in found) > 1
    if (best.shaped or best.labelled) and (candidate.confidence >= 0.9 or twice):
        return 0.99 if best.labelled or twice else 0.98
    return 0.97 if twice else 0.9


def _failing(best: _Found, again: Again) -> tuple[Field | None, tuple[Finding, ...]]:
    """A number that fails: the other reader may see one that holds and is nearly this one."""
    second = _second(best.candidate, again)
    if second is not None and Levenshtein.distance(second, best.candidate.value) <= 2:
        fixed = replace(best.candidate, value=second).add_evidence(0, "다른 인식기가 읽은 번호의 검증번호가 맞음")
        return fixed.field("business_number", 0.96), ()
    return best.candidate.field("business_number", 0.3), ()


def _rescued(rows: tuple[Row, ...], again: Again) -> Field | None:
    """A number that is no number as first read: ten digits or their shape, which the other reader sees hold."""
    asked = 0
    for index, row in enumerate(rows[: max(len(rows) * 2 // 3, 8)]):
        for match in _ALMOST.finditer(row.text):
            line = row.words_at(*match.span())[0].line
            candidate = Candidate("", match.group(), row.box(*match.span()), line, index, row.confidence(*match.span()))
            asked += 1
            second = _second(candidate, again) if asked <= 4 else None
            if second is not None:
                near = Levenshtein.distance(re.sub(r"\D", "", second), re.sub(r"\D", "", match.group())) <= 2
                found = replace(candidate, value=second).add_evidence(0, "다른 인식기가 읽은 번호의 검증번호가 맞음")
                return found.field("business_number", 0.95 if near else 0.85)
    return None


def _second(candidate: Candidate, again: Again) -> str | None:
    """The number that the other reader sees in this line and that holds; None where it sees none."""
    text = again.text(candidate.line)
    if text is None:
        return None
    bare = re.sub(r"\D", "", candidate.value)
    # Strokes beside the number, as in "/1234567891/", pass for digits.
    if bare and is_valid(candidate.value) and any(bare in run for run in re.findall(r"\d{10,12}", text)):
        return candidate.value
    numbers = {shape("".join(m.groups())) for m in _SHAPE.finditer(text)}
    numbers |= {shape(m.group(1)) for m in re.finditer(r"([1-9]\d{9})(?!\d)", text)}
    sound = sorted(n for n in numbers if is_valid(n))
    near = [n for n in sound if Levenshtein.distance(n, candidate.value) <= 2]
    return near[0] if near else (sound[0] if sound else None)
