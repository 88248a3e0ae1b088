"""The card company's approval number, by label, length and place."""

import re
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from workbench.domain import lexicon
from workbench.domain.model import Field, Finding
from workbench.pipeline.extraction.candidates import Again, Candidate, doubt, label_before
from workbench.pipeline.extraction.card import LOYALTY, SLIP, card_rows
from workbench.pipeline.extraction.labels import compact, like
from workbench.pipeline.layout.rows import Row

_NUMBER = re.compile(r"(?<![\dA-Za-z*.,-])(\d{6,10}|\d{12,24})(?![\d*]|[.,-]\d)")
_LETTERED = re.compile(r"(?<![\dA-Za-z*])([A-Z]\d{7,9})(?![\dA-Za-z*-])")
"""Numbers of 현금영수증 and of some acquirers begin with a letter; only their label tells them from other codes."""
_STROKE = re.compile(r"\d[\d-]*\*{2,}[\d*]*\s?/\s?(\d{8})(?!\d)")
"""The number behind the card's, as a hypermarket's till sets it."""
_BRACKETED = re.compile(r"[\[({](\d{8})(?:[\])}]|1(?!\d))")
_DATED = re.compile(r"20\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])\d{6,}$")
"""Approval numbers of many wallets begin with the day."""
_APPROVED = lexicon.pattern("cards.approved")
_NAMED = "승인번호 표시 옆에 인쇄됨"
_LOYAL = "적립·포인트 표시 아래의 번호"
_LISTED = "승인·결제 내역 안에 있음"
_STRANGER = lexicon.pattern("cards.other_number")


def find_approval(
    rows: tuple[Row, ...], card: Field | None, again: Again, business_number: str | None
) -> tuple[Field | None, tuple[Finding, ...]]:
    """The card company's approval number and what is doubtful about it."""
    found = _approvals(rows, card, business_number)
    if not found:
        return None, ()
    best = found[0]
    if best.weight < 1.35:
        return None, ()
    named = [c for c in found if _NAMED in c.reasons]
    # Of several, eight digits are a card's; else the payment's own stands before that of its 현금영수증 or coupon.
    if sum(c.isdigit() for c in best.value) != 8 and (best in named or _LISTED in best.reasons):
        own = [c for c in found if c in named or (_LISTED in c.reasons and _DATED.match(c.value))]
        best = min(own, key=lambda c: c.row, default=best)
    labelled = _NAMED in best.reasons
    twice = sum(c.value == best.value for c in found) > 1
    confidence = 0.9 if labelled else 0.75
    if twice and labelled:
        confidence = 0.97
    findings: list[Finding] = []
    first = best.value
    second = again.text(best.line)
    if second is not None:
        runs = re.findall(r"[A-Z]?\d+" if not best.value.isdigit() else r"\d+", second)
        if best.value in runs or any(best.value in run and len(run) <= len(best.value) + 1 for run in runs):
            # Without a readable label the place tells: eight digits inside the card's part of the slip, or the only
            # run of digits in a list of what was approved.
            others = [c for c in found if c.value != best.value]
            alone = all(c.weight < best.weight - 1.0 and _LISTED not in c.reasons for c in others)
            listed = 8 <= len(best.value) <= 10 and _LISTED in best.reasons and alone
            placed = (len(best.value) == 8 and best.weight >= 2.4) or listed
            confidence = 0.975 if labelled else 0.955 if placed else 0.9
            best = best.add_evidence(0, "다른 인식기도 같은 번호로 읽음")
        else:
            confidence = min(confidence, 0.7)
            # Eight digits are the rule: of seven or nine the other reader's eight are the better reading.
            close = [
                r
                for r in runs
                if (len(r) == len(best.value) and Levenshtein.distance(r, best.value) <= 4)
                # Of a long number a reader loses a repeated digit sooner than it invents one.
                or (len(r) == len(best.value) + 1 > 11 and Levenshtein.distance(r, best.value) == 1)
                or (len(r) == 8 and len(best.value) in (7, 9) and Levenshtein.distance(r, best.value) <= 2)
            ]
            seen = f" / {close[0]}" if len(close) == 1 else ""
            findings.append(
                doubt(
                    f"승인번호를 두 인식기가 다르게 읽었습니다 ({best.value}{seen}). 확인해 주세요.", "approval_number"
                )
            )
            if len(close) == 1:  # without Hangul to distract it the other reader is the better one at digits (measured)
                best = replace(best, value=close[0]).add_evidence(0, "다른 인식기가 읽은 번호")
    rivals = sorted(
        {
            c.value
            for c in found
            if c.value not in (first, best.value)
            and (c.weight > best.weight - 0.5 or (labelled and c in named and _LOYAL not in c.reasons))
        }
    )
    if rivals:
        confidence = min(confidence, 0.85)
        findings.append(
            doubt(f"승인번호로 볼 수 있는 번호가 더 있습니다 ({', '.join(rivals[:3])}).", "approval_number")
        )
    return best.field("approval_number", confidence), tuple(findings)


def _approvals(rows: tuple[Row, ...], card: Field | None, business_number: str | None) -> list[Candidate]:
    own = re.sub(r"\D", "", business_number or "")
    shown = card_rows(rows, card)
    found: list[Candidate] = []
    for index, row in enumerate(rows):
        bracketed = {m.start(1): m.group(1) for p in (_BRACKETED, _STROKE) for m in p.finditer(row.text)}
        spans = [(s, s + 8, v) for s, v in bracketed.items()]
        spans += [(*m.span(1), m.group(1)) for m in _NUMBER.finditer(row.text) if m.start(1) not in bracketed]
        spans += [(*m.span(1), m.group(1)) for m in _LETTERED.finditer(row.text)]
        for start, end, value in spans:
            if value == own or set(value) == {"0"}:
                continue
            candidate = Candidate(
                value,
                row.text[start:end],
                row.box(start, end),
                row.words_at(start, end)[0].line,
                index,
                row.confidence(start, end),
            )
            weighed = _weighed(candidate, rows, start, start in bracketed, shown)
            if value.isdigit() or _NAMED in weighed.reasons:
                found.append(weighed)
    return sorted(found, key=lambda c: (-c.weight, c.row, c.value))


def _weighed(candidate: Candidate, rows: tuple[Row, ...], start: int, bracketed: bool, shown: list[int]) -> Candidate:
    index, value = candidate.row, candidate.value
    row, c = rows[index], candidate
    label = label_before(rows, index, start)
    before = compact(row.text[:start])
    if label and label.role == "approval":
        c = c.add_evidence(3.0 * label.score, _NAMED)
    elif (label and label.role in ("identifier", "number", "phone", "date", "address")) or _STRANGER.search(
        before[-8:]
    ):
        c = c.add_evidence(-3.0)
    if LOYALTY.search(before) or _under_loyalty(rows, index):
        c = c.add_evidence(-1.6, _LOYAL)
    c = c.add_evidence({8: 1.2, 9: 0.6, 10: 0.2}.get(len(value), 0.0 if len(value) > 11 else -0.8))
    if bracketed:
        c = c.add_evidence(1.0, "카드 승인 내역의 괄호 안에 인쇄됨")
    distance = min((abs(index - r) for r in shown), default=99)
    if distance <= 4:
        c = c.add_evidence(0.9 - 0.15 * distance, "카드번호 가까이에 있음")
    if SLIP.search(compact(row.text)) or like(row.text, ("일시불", "할부")):
        c = c.add_evidence(0.5)
    section = "".join(compact(r.text) for r in rows[max(0, index - 5) : index])
    if _APPROVED.search(section):
        c = c.add_evidence(1.2, _LISTED)
    if not (label and label.role == "approval") and before.endswith("호") and len(before) <= 4:
        c = c.add_evidence(0.6)
    dated = re.fullmatch(r"20\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])", value)
    if dated and not (label and label.role == "approval"):
        c = c.add_evidence(-3.0)
    if len(value) > 10 and not (label and label.role == "approval"):
        listed = (0.2 if _DATED.match(value) else -0.4) if _APPROVED.search(section) else None
        c = c.add_evidence(listed if listed is not None else -1.0 if distance <= 2 else -3.0)
    return c


def _under_loyalty(rows: tuple[Row, ...], index: int) -> bool:
    """Whether the row above, or a block of points right above, speaks of a loyalty card."""
    above = [compact(row.text) for row in rows[max(0, index - 3) : index]]
    return bool(above) and (bool(LOYALTY.search(above[-1])) or sum(bool(LOYALTY.search(t)) for t in above) > 1)
