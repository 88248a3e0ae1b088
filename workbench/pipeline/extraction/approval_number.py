"""The card company's approval number, by label, length and place."""

import re
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from workbench.domain import lexicon
from workbench.domain.model import Field, Finding
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.extraction.amounts.settlement import REDUCTIONS
from workbench.pipeline.extraction.candidates import (
    STROKES,
    Again,
    Candidate,
    Verdict,
    label_before,
    may_be_cut,
    printed_at,
)
from workbench.pipeline.extraction.card import LOYALTY, SLIP, card_rows
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.extraction.sureness import DISPUTED, DOUBTED, LIKELY, SUPPORTED
from workbench.pipeline.layout.rows import Row

_NUMBER = re.compile(r"(?<![\dA-Za-z*])(?<![\d*][.,-])(\d{6,10}|\d{12,24})(?![\d*]|[.,-]\d)")
_APART = re.compile(r"(?<![\d*])(?<![\d*][.,-])(?=[\d -]*[ -])\d(?:[ -]?\d){7}(?![\d*]|[ .,-]\d)")
"""Eight digits printed or read apart: behind its label alone they are one number."""
_LETTERED = re.compile(r"(?<![\dA-Za-z*])([A-Z]\d{7,9})(?![\dA-Za-z*-])")
"""Numbers of 현금영수증 and of some acquirers begin with a letter; only their label tells them from other codes."""
_STROKE = re.compile(r"\d[\d-]*\*{2,}[\d*-]*(?:\s?/\s?|\s)(\d{8})(?!\d)")
"""The number behind the card's, as a hypermarket's till sets it, or a shop's."""
_BRACKETED = re.compile(r"[\[({](\d{8})(?:[\])}]|1(?!\d))")
_DATED = re.compile(r"20\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])(\d{6,})?$")
"""Approval numbers of many wallets begin with the day."""
_APPROVED = lexicon.pattern("cards.approved")
_NAMED = "승인번호 표시 옆에 인쇄됨"
_LOYAL = "적립·포인트 표시 아래의 번호"
_LISTED = "승인·결제 내역 안에 있음"
_PARTNERS = "결제금액이 아닌 금액 옆의 번호"
_ANOTHERS = "다른 번호의 표시 옆에 인쇄됨"
_OTHERS = lexicon.pattern("cards.other_approval")
_STRANGER = lexicon.pattern("cards.other_number")


def find_approval(
    rows: tuple[Row, ...], card: Field | None, again: Again, number: Field | None, amounts: tuple[Amount, ...],
    won: list[Field],
) -> tuple[Field | None, tuple[Finding, ...]]:  # fmt: skip
    """The card company's approval number and what is doubtful about it."""
    found = _partners_last(_approvals(rows, card, number.read if number else None), amounts, won)
    if not found or found[0].weight < LEAST:
        return None, ()
    best = _own(found)
    labelled = _NAMED in best.reasons
    verdict = Verdict("approval_number", best, LIKELY if labelled else DISPUTED)
    second = again.text(best.line)
    if second is not None:
        verdict = _compared(verdict, second, found)
    rivals = sorted({c.value for c in found if _rivals(c, verdict.candidate)} - {best.value})
    if rivals:
        sentence = f"승인번호로 볼 수 있는 번호가 더 있습니다 ({', '.join(rivals[:3])})."
        verdict = verdict.at_most(DOUBTED, sentence)
    anothers = any(c.value == verdict.candidate.value and _ANOTHERS in c.reasons for c in found)
    if {_LOYAL, _PARTNERS} & {*verdict.candidate.reasons} or (anothers and not labelled):
        # The payment's own was not read, or its label is not known; elsewhere the same digits are a terminal's.
        verdict = verdict.at_most(LIKELY)
    if _may_be_cut(best, rows[best.row].text):
        sentence = "승인번호의 숫자가 빠졌거나 글자로 읽혔을 수 있습니다. 확인해 주세요."
        verdict = verdict.at_most(DISPUTED, sentence)
    return verdict.field()


def _may_be_cut(candidate: Candidate, text: str) -> bool:
    """Whether a digit was lost, or read as a letter or stroke: eight are whole, fewer are not, nor a letter and seven.

    Both readers write a digit that is printed twice once, where the two touch.
    """
    at, length = text.find(candidate.raw), len(candidate.value)
    if length == 8:
        return candidate.value[0] in STROKES
    return length < 8 or may_be_cut(text, at, at + len(candidate.raw))


LEAST = 3
"""Less speaks for a number that may be anything."""

BESIDE = 3
"""Rows at most between a number and the amount that it approves."""


def _partners_last(found: list[Candidate], amounts: tuple[Amount, ...], won: list[Field]) -> list[Candidate]:
    """Where what was paid stands nearest to one number, those that another amount is nearer to are a partner's.

    A discount, points: whatever their labels are.
    """
    value = {f.name: f.read for f in won}
    paid = {value[name] for name in ("card_amount", "total") if name in value}
    whole = [a for a in amounts if a.is_money and a.value > 0]
    beside = {c: _nearest(c, whole, paid) for c in found if c.weight >= LEAST}
    # Where none stands beside the payment its own may not have been read: the others are left, and doubted.
    against = SAID if paid & {*beside.values()} else 0
    reduced = {str(a.value) for a in whole if a.role in REDUCTIONS}
    strange = {c for c, amount in beside.items() if amount and amount not in paid and (against or amount in reduced)}
    told = [c.add_evidence(-against, _PARTNERS) if c in strange else c for c in found]
    return sorted(told, key=lambda c: (-c.weight, c.row, c.value))


SAID = 6
"""What the words before a number speak for it or against it, and a partner's amount beside it against it."""


def _nearest(candidate: Candidate, amounts: list[Amount], paid: set[str | None]) -> str | None:
    """The amount nearest to a number, rather no balance, rather below it than above; None where none is near."""

    def rank(amount: Amount) -> tuple[int, bool, bool]:
        balance = amount.role == "other" and str(amount.value) not in paid
        return abs(amount.row - candidate.row), balance, amount.row < candidate.row

    near = [a for a in amounts if abs(a.row - candidate.row) <= BESIDE]
    return str(min(near, key=rank).value) if near else None


def _own(found: list[Candidate]) -> Candidate:
    """Of several, eight digits are a card's; else the payment's own stands before that of its 현금영수증 or coupon."""
    best = found[0]
    if sum(c.isdigit() for c in best.value) == 8:
        return best
    return min((c for c in found if _NAMED in c.reasons), key=lambda c: c.row, default=best)


def _rivals(other: Candidate, best: Candidate) -> bool:
    """Another number that may as well be the payment's."""
    named = _NAMED in best.reasons and _NAMED in other.reasons and not {_LOYAL, _PARTNERS} & set(other.reasons)
    cards = len(other.value) == 8 != len(best.value) and other.weight >= LEAST  # eight digits are a card's
    return other.value != best.value and (other.weight > best.weight - 1 or named or cards)


def _compared(verdict: Verdict, second: str, found: list[Candidate]) -> Verdict:
    """Judged by what the other reader sees in the same line."""
    best = verdict.candidate
    second = second if best.raw.isalnum() else re.sub(r"(?<=\d)[ -](?=\d)", "", second)
    runs = re.findall(r"[A-Z]?\d+" if not best.value.isdigit() else r"\d+", second)
    both = best.value in second and re.sub(r"\D", "", best.line.text) == re.sub(r"\D", "", second)  # without its blanks
    if both or any(best.value in run and len(run) <= len(best.value) + 1 for run in runs):
        agreed = verdict.for_value(best.value, "다른 인식기도 같은 번호로 읽음")
        return replace(agreed, confidence=_agreed(best, found))
    close = [run for run in runs if _slipped(best.value, run)]
    seen = f" / {close[0]}" if len(close) == 1 else ""
    sentence = f"승인번호를 두 인식기가 다르게 읽었습니다 ({best.value}{seen}). 확인해 주세요."
    verdict = verdict.at_most(DISPUTED, sentence)
    # Without Hangul to distract it the other reader is the better one at digits (measured).
    return verdict.for_value(close[0], "다른 인식기가 읽은 번호") if len(close) == 1 else verdict


def _agreed(best: Candidate, found: list[Candidate]) -> float:
    """How sure a number is that both readers see.

    Without a readable label the place tells: eight digits in the card's part of the slip, with little beside the place
    that says so only where nothing else could be it; or the only nine or ten digits in a list of what was approved.
    """
    if _NAMED in best.reasons:
        return SUPPORTED
    others = [c for c in found if c.value != best.value]
    alone = all(c.weight < best.weight - 2 and _LISTED not in c.reasons for c in others)
    whole = len(best.value) == 8 and (alone or best.weight >= 5)
    listed = len(best.value) in (9, 10) and _LISTED in best.reasons and alone
    return SUPPORTED if whole or listed else LIKELY


def _slipped(value: str, run: str) -> bool:
    """Whether the other reader's `run` may be the same print; of a long number a digit is lost sooner than invented."""
    apart = Levenshtein.distance(run, value)
    return apart <= 4 if len(run) == len(value) else len(run) == len(value) + 1 > 11 and apart == 1


def _approvals(rows: tuple[Row, ...], card: Field | None, business_number: str | None) -> list[Candidate]:
    own = re.sub(r"\D", "", business_number or "")
    shown = card_rows(rows, card)
    found: list[Candidate] = []
    for index, row in enumerate(rows):
        bracketed = {m.start(1): m.group(1) for p in (_BRACKETED, _STROKE) for m in p.finditer(row.text)}
        spans = [(s, s + 8, v) for s, v in bracketed.items()]
        spans += [(*m.span(1), m.group(1)) for m in _NUMBER.finditer(row.text) if m.start(1) not in bracketed]
        spans += [(*m.span(1), m.group(1)) for m in _LETTERED.finditer(row.text)]
        spans += [(*m.span(), re.sub(r"\D", "", m.group())) for m in _APART.finditer(row.text)]
        for start, end, value in spans:
            if value == own or set(value) == {"0"} or (len(value) == 8 and _DATED.match(value)):
                continue  # a day is none even beside the label: a row may have slipped
            candidate = printed_at(rows, index, (start, end), value)
            weighed = _weighed(candidate, rows, start, start in bracketed, shown)
            if row.text[start:end].isdigit() or _NAMED in weighed.reasons:
                found.append(weighed)
    return sorted(found, key=lambda c: (-c.weight, c.row, c.value))


OTHERS = frozenset({"identifier", "number", "phone", "date", "address", "approval"})
"""Roles of labels before another number; of approvals only another's comes here."""


def _weighed(candidate: Candidate, rows: tuple[Row, ...], start: int, bracketed: bool, shown: list[int]) -> Candidate:
    index, value = candidate.row, candidate.value
    row, c = rows[index], candidate
    label = label_before(rows, index, start)
    before = compact(re.sub(r"\d\s?원", "", row.text[:start]))  # "8,000원 승인" is no 원승인
    labelled = label is not None and label.role == "approval"
    if label and labelled and not _OTHERS.search(before):
        c = c.add_evidence(SAID * label.score, _NAMED)
    elif (label and label.role in OTHERS) or _STRANGER.search(before[-8:]):
        c = c.add_evidence(-SAID, _ANOTHERS)
    if LOYALTY.search(before):
        c = c.add_evidence(-3, _LOYAL)
    if bracketed:
        c = c.add_evidence(2, "카드 승인 내역의 괄호 안에 인쇄됨")
    distance = min((abs(index - r) for r in shown), default=99)
    if distance <= 4:
        c = c.add_evidence(2 if distance < 2 else 1, "카드번호 가까이에 있음")
    if SLIP.search(compact(row.text)):
        c = c.add_evidence(1)
    listed = bool(_APPROVED.search("".join(compact(r.text) for r in rows[max(0, index - 5) : index])))
    if listed:
        c = c.add_evidence(2, _LISTED)
    if len(value) <= 10:
        return c.add_evidence({8: 2, 9: 1, 10: 0}.get(len(value), -2))
    # Long numbers are a wallet's approval by their label, or in a list of approvals; else anything.
    if labelled:
        return c
    if listed:
        return c.add_evidence(1 if _DATED.match(value) else -1)
    return c.add_evidence(-2 if distance <= 2 else -SAID)
