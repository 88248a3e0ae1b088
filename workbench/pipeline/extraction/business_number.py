"""The seller's business number: check digit, label, and whose number it is.

A slip may also carry the number of the payment agent, of the head office, of a platform or of the buyer.
"""

import re
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from workbench.domain import lexicon
from workbench.domain.check_digit import is_valid
from workbench.domain.model import SURE, Field, Finding
from workbench.pipeline.extraction.candidates import Again, Candidate, Verdict, label_before, printed_at
from workbench.pipeline.extraction.digits import shape
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.extraction.number_prints import ANOTHERS, SHAPE, TWICE, NumberPrint, numbers_of, unreadable
from workbench.pipeline.extraction.parties import role_at, roles_of
from workbench.pipeline.extraction.sureness import (
    CLEAR,
    DISPUTED,
    DOUBTED,
    FAILED,
    GUESSED,
    LIKELY,
    PROVEN,
    READ_WELL,
    SUPPORTED,
)
from workbench.pipeline.layout.rows import Row

_ALMOST = re.compile(r"(?<![\d*])(?<![\d*]-)(?:[1-9]\d{8,10}|\S{2,4}[-.]\S{1,3}[-.]\d{4,6})(?![\d*-])")
_OTHERS = lexicon.pattern("parties.several")


def find_number(rows: tuple[Row, ...], again: Again) -> tuple[Field | None, tuple[Finding, ...]]:
    """The seller's number and what a reviewer should know about it."""
    found = numbers_of(rows)
    if not found:
        return _rescued(rows, again), ()
    best = found[0]
    if not is_valid(best.candidate.value):
        return _failing(best, again)
    verdict = _mended(best, _looked_at_again(best, Verdict("business_number", best.candidate, _trust(best)), again))
    verdict = _whose(verdict, found, rows)
    if not (best.shaped or best.labelled) and best.candidate.row >= len(rows) / 2:
        verdict = verdict.at_most(LIKELY)  # one in ten numbers of ten digits holds: of a slip, a member
    seen = {rival.candidate.value for rival in found[1:] if _rivals(rival, best)} | unreadable(rows, verdict.candidate)
    if seen:
        others = ", ".join(sorted(seen))
        sentence = f"사업자번호 후보가 더 있습니다 ({others}). 판매자의 번호인지 확인해 주세요."
        verdict = verdict.at_most(DOUBTED, sentence)
    return verdict.field()


def _looked_at_again(best: NumberPrint, verdict: Verdict, again: Again) -> Verdict:
    """Of a number read badly two digits may be wrong, and one in ten such pairs holds too: another reader looks."""
    clear = TWICE in best.candidate.reasons or best.candidate.confidence >= CLEAR
    if verdict.confidence >= SURE and not best.repaired and clear:
        return verdict
    value = best.candidate.value
    second = _second(best.candidate, again)
    if second is None:
        return verdict
    if second == value:
        agreed = verdict.for_value(value, "다른 인식기도 같은 번호로 읽음")
        return replace(agreed, confidence=max(verdict.confidence, SUPPORTED))
    # Both hold: the other reader, without Hangul to distract it, is the better one at digits (measured).
    sentence = f"두 인식기가 사업자번호를 다르게 읽었습니다 ({value} / {second})."
    return verdict.for_value(second, "").at_most(GUESSED, sentence)


def _mended(best: NumberPrint, verdict: Verdict) -> Verdict:
    """A letter mended by the check digit is a guess until another reader sees the same."""
    if not best.repaired or verdict.candidate != best.candidate:
        return verdict
    sentence = (
        f"사업자번호 한 글자를 검증번호에 맞게 보정했습니다: {best.candidate.raw} → {best.candidate.value}."
        " 그림과 비교해 주세요."
    )
    told = Finding("warning", sentence, (verdict.name,), "repaired")
    return replace(verdict.at_most(DISPUTED), findings=(*verdict.findings, told))


def _whose(verdict: Verdict, found: list[NumberPrint], rows: tuple[Row, ...]) -> Verdict:
    """Whether it is the seller's, as the words around it and the other parties on the paper tell."""
    best = verdict.candidate
    role = role_at(rows, roles_of(rows), best)
    if role == "stranger":
        sentence = "결제대행사나 본사, 구매자의 사업자번호로 보입니다. 판매자의 번호를 찾지 못했습니다."
        return verdict.at_most(FAILED, sentence)
    alone = len({f.candidate.value for f in found}) == 1 and TWICE not in best.reasons
    if alone and role != "seller" and any(_OTHERS.search(compact(row.text)) for row in rows):
        sentence = "구매자나 결제대행사도 적힌 종이인데 사업자번호가 하나만 보입니다. 판매자의 번호인지 확인해 주세요."
        return verdict.at_most(LIKELY, sentence)
    return verdict


def _rivals(other: NumberPrint, best: NumberPrint) -> bool:
    """Another number that holds and weighs nearly as much, or a clear label's print that fails and may be misread."""
    if other.candidate.value == best.candidate.value:
        return False
    if is_valid(other.candidate.value) and not other.repaired:
        near = 7 if other.candidate.row == best.candidate.row else 3  # side by side: one label may be unreadable
        apart = abs(other.candidate.row - best.candidate.row)
        slipped = (
            apart == 1 and other.candidate.box.right < best.candidate.box.left
        )  # of halves the left is the seller's
        return slipped or other.candidate.weight > best.candidate.weight - near
    return other.labelled and Levenshtein.distance(other.candidate.value, best.candidate.value) > 2


def _trust(best: NumberPrint) -> float:
    if best.repaired:
        return DISPUTED
    clear = (best.shaped or best.labelled) and best.candidate.confidence >= READ_WELL
    return PROVEN if clear or TWICE in best.candidate.reasons else LIKELY


def _failing(best: NumberPrint, again: Again) -> tuple[Field | None, tuple[Finding, ...]]:
    """A number that fails: the other reader may see one that holds and is nearly this; one in ten does by chance."""
    second = _second(best.candidate, again)
    if second is not None and Levenshtein.distance(second, best.candidate.value) <= 2:
        fixed = replace(best.candidate, value=second).add_evidence(0, "다른 인식기가 읽은 번호의 검증번호가 맞음")
        return fixed.field("business_number", LIKELY), ()
    return best.candidate.field("business_number", FAILED), ()


def _rescued(rows: tuple[Row, ...], again: Again) -> Field | None:
    """A number that is no number as first read: ten digits or their shape, which the other reader sees hold."""
    asked = 0
    for index, row in enumerate(rows[: max(len(rows) * 2 // 3, 8)]):
        for match in _ALMOST.finditer(row.text):
            label = label_before(rows, index, match.start())
            if label is not None and label.role in ANOTHERS:
                continue
            candidate = printed_at(rows, index, match.span(), "")
            asked += 1
            second = _second(candidate, again) if asked <= 4 else None
            if second is not None:
                near = Levenshtein.distance(re.sub(r"\D", "", second), re.sub(r"\D", "", match.group())) <= 2
                found = replace(candidate, value=second).add_evidence(0, "다른 인식기가 읽은 번호의 검증번호가 맞음")
                return found.field("business_number", LIKELY if near else DOUBTED)
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
    numbers = {shape("".join(m.groups())) for m in SHAPE.finditer(text)}
    numbers |= {shape(m.group(1)) for m in re.finditer(r"([1-9]\d{9})(?!\d)", text)}
    sound = sorted(n for n in numbers if is_valid(n))
    near = [n for n in sound if Levenshtein.distance(n, candidate.value) <= 2]
    return near[0] if near else (sound[0] if sound else None)
