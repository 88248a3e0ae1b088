"""Prints of a page that may be a business number: by shape, by label, and by whose number it is."""

import re
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from workbench.domain.check_digit import is_valid
from workbench.pipeline.extraction.candidates import Candidate, label_before, printed_at
from workbench.pipeline.extraction.digits import number_of, shape
from workbench.pipeline.extraction.parties import role_at, roles_of
from workbench.pipeline.layout.rows import Row

SHAPE = re.compile(r"(?<![\d*])(?<!\d[-.])(\d{3})\s?[-.·~]\s?(\d{2})\s?[-.·~]\s?(\d{5})(?![\d*]|-\d)")
_LOOSE = re.compile(
    r"(?<![\d*])(?<![\d*][.-])(\d ?\d ?\d)[ _:-]{0,3}(\d ?\d)[ _:-]{0,3}(\d(?: ?\d){4})(?![\d*]|[ -]\d)"
)
"""Digits printed or cut apart, with other marks between them or without one; taken where the check digit holds and
both dashes are there or a number's label stands before them."""
_BARE = re.compile(r"(?<![\d*])(?<![\d*][.,-])([1-9]\d{9})(?![\d*.,]|-\d)")
_BENT = re.compile(
    r"(?<![\d*])([0-9A-Za-z가-힣|!\]]{3})\s?[-.·~]\s?([0-9A-Za-z가-힣|!\]]{2})\s?[-.·~]\s?([0-9A-Za-z가-힣|!\]]{5})(?![\d*])"
)
_TORN = re.compile(r"(?<![\d-])(\d{3}[-.]?\d{2}[-.;:]?\d{0,4})(?![\d.;:-])")
"""The head of a number, the rest of which was covered or cut off."""
ANOTHERS = frozenset({"identifier", "phone", "card_number", "approval"})
"""Roles of labels before ten digits that are no business number, though one in ten such holds."""
TWICE = "같은 번호가 여러 곳에 있음"


@dataclass(frozen=True, slots=True)
class NumberPrint:
    """A print that may be a number: as it was read, whether it has the shape, a clear label, a mended letter."""

    candidate: Candidate
    shaped: bool
    labelled: bool
    repaired: bool = False


def unreadable(rows: tuple[Row, ...], best: Candidate) -> set[str]:
    """Prints in the shape of a number under a clear label of one that can be none as read: they may be the seller's."""
    seen = set()
    for index, row in enumerate(rows):
        for match in (*SHAPE.finditer(row.text), *_BENT.finditer(row.text), *_TORN.finditer(row.text)):
            label = label_before(rows, index, match.start())
            letters = "".join(match.groups())
            clear = 1.0 if match.re is _TORN else 0.7  # 환자등록번호 is no business number's
            if label is None or label.role != "number" or label.score < clear or number_of(letters, True)[0]:
                continue
            if Levenshtein.distance(letters, best.value.replace("-", "")) > 2:
                seen.add(match.group())
    return seen


def numbers_of(rows: tuple[Row, ...]) -> list[NumberPrint]:
    """All prints of the page that may be a business number, the weightiest first."""
    found = [f for index, row in enumerate(rows) for f in _in_row(rows, index, row)]
    counts: dict[str, int] = {}
    for f in found:
        counts[f.candidate.value] = counts.get(f.candidate.value, 0) + 1
    roles = roles_of(rows)
    weighed = []
    for f in found:
        c = f.candidate
        if counts[c.value] > 1:
            c = c.add_evidence(2, TWICE)
        role = role_at(rows, roles, c)
        if role == "stranger":
            c = c.add_evidence(-8, "결제대행·본사·구매자 표시 아래의 번호")
        elif role == "seller":
            c = c.add_evidence(5, "판매자 표시 아래의 번호")
        c = c.add_evidence(2 * (1 - c.row / len(rows)))
        weighed.append(replace(f, candidate=c))
    return sorted(weighed, key=lambda f: (-f.candidate.weight, f.candidate.row, f.candidate.value))


def _in_row(rows: tuple[Row, ...], index: int, row: Row) -> list[NumberPrint]:
    found: list[NumberPrint] = []
    taken: list[tuple[int, int]] = []
    for pattern, shaped in ((SHAPE, True), (_BARE, False), (_BENT, True), (_LOOSE, True)):
        for match in pattern.finditer(row.text):
            start, end = match.span()
            digits = "".join(match.groups()).replace(" ", "")
            if any(start < b and a < end for a, b in taken) or (pattern is _LOOSE and not is_valid(shape(digits))):
                continue
            one = _print(rows, index, match, shaped)
            if one is not None and (pattern is not _LOOSE or one.labelled or match.group().count("-") == 2):
                taken.append((start, end))
                found.append(one)
    return found


def _print(rows: tuple[Row, ...], index: int, match: re.Match[str], shaped: bool) -> NumberPrint | None:
    """What is printed there, weighed by its label, shape and check digit; None where it can be no number."""
    label = label_before(rows, index, match.start())
    labelled = label is not None and label.role == "number" and label.score >= 0.7
    if label is not None and label.role in ANOTHERS and not shaped:
        return None
    value, repaired = number_of("".join(match.groups()).replace(" ", ""), shaped or labelled)
    if value is None:
        return None
    valid = is_valid(value)
    if not valid and not labelled and not (shaped and index < len(rows) / 2):
        return None
    base = printed_at(rows, index, match.span(), value)
    if labelled:
        base = base.add_evidence(4, "사업자번호 표시 옆에 인쇄됨")
    if valid:
        sign = (4, "보정한 번호의 검증번호가 맞음") if repaired else (8, "검증번호가 맞음")
        base = base.add_evidence(*sign)
    if shaped:
        base = base.add_evidence(2)
    return NumberPrint(base, shaped, labelled, repaired)
