"""The shop's name and its firm's: candidates by where they stand, sure where two independent things speak for one."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from workbench.domain import lexicon
from workbench.domain.model import Field
from workbench.pipeline.extraction.candidates import Candidate
from workbench.pipeline.extraction.labels import compact, text_label
from workbench.pipeline.extraction.parties import roles_of
from workbench.pipeline.extraction.shop_names import (
    BRANCH,
    BRAND,
    COMPANY,
    MONEY,
    TRADE,
    clean,
    is_latin,
    is_name,
    is_notice,
    is_sentence,
)
from workbench.pipeline.layout.rows import Row

_LABEL_WORDS = lexicon.any_of("names.label", between=r"\s{0,3}")
_TENANT = rf"(?:{lexicon.any_of('names.tenant')})(?=\s*[:：])"
# With a comma it is part of a sentence.
_LABEL = re.compile(rf"(?>({_LABEL_WORDS}|{_TENANT})\s*[\])】:：.]*\s*)(?![,、])")
_FIRM_LABEL = re.compile(lexicon.any_of("names.firm_label"))
_AFTER_LABEL = lexicon.pattern("names.after_label")
_WORD = re.compile("[가-힣]{2,6}|[A-Za-z]{3,12}")
_PERSON = re.compile(f"({lexicon.any_of('parties.surname')})[가-힣]{{2}}")
_TITLE = re.compile(r"^\s*[\[【(]?\s*\S{0,2}\s?영수증\s?[\])】:]\s*\S")
_MIXED_UP = re.compile("상호|사업자|대표자|등록번호")  # a label inside a name: two prints over each other
_AGENT = lexicon.pattern("parties.agent_name")
_GOODS = re.compile(f"{lexicon.any_of('goods.heading')}|금액")

LABELLED, SHOP, TAKER = "상호 표시 옆에 인쇄됨", "매장 표시 옆에 인쇄됨", "가맹점 표시 옆에 인쇄됨"
TITLED, SELLER = "판매영수증 표시 옆에 인쇄됨", "판매자 표시 아래의 이름"
BESIDE, ABOVE, NEAR = "사업자번호와 같은 줄", "사업자번호 바로 윗줄", "사업자번호 가까이에 있음"
BRANCHED, TRADED, FIRM, WORD, LARGE = "지점 이름 꼴", "업종 이름 꼴", "회사 이름 꼴", "한 낱말", "큰 글씨"
FIRST, TWICE, JOINED, ALONE = (
    "영수증 머리의 첫 이름",
    "같은 이름이 여러 곳에 있음",
    "두 줄의 이름을 이음",
    "다른 이름이 없음",
)
BELOW, NOTICE = "사업자번호 아랫줄", "안내문의 말이 들어 있음"
PERSON, STRANGER, AGENT = "사람 이름 꼴", "판매자가 아닌 곳의 이름", "결제·주문을 대신 받는 회사의 이름"

WEIGHTS = {
    SHOP: 7, LABELLED: 6, TAKER: 4, SELLER: 4, TITLED: 2, BESIDE: 4, ABOVE: 3, NEAR: 1, BRANCHED: 3, TRADED: 2,
    LARGE: 1, FIRM: -1, BELOW: -2, NOTICE: -3, PERSON: -4, AGENT: -5, STRANGER: -8,
}  # fmt: skip
"""How much each reason speaks for a name or against it, in halves of what being read in the head counts."""

LABELS = frozenset({LABELLED, SHOP, TAKER})
FORMS = frozenset({BRANCHED, TRADED, FIRM, *LABELS})
SUPPORTS = (
    {*LABELS, TITLED}, {BRANCHED, TRADED, FIRM, WORD}, {TWICE}, {BESIDE, ABOVE, NEAR}, {FIRST, LARGE}, {SELLER, ALONE},
)  # fmt: skip
"""Reasons that are independent of each other: label, form, repetition; and place, print, party or want of a rival,
which a slogan or an owner may have as well."""

LEAST = 1
"""What a name needs to be one: more than to stand in the head."""

CLEAR = 0.965
"""From there on the reader has every letter of a name right, as a rule."""


def find_merchant(rows: tuple[Row, ...], number: Field | None) -> tuple[Field | None, Field | None]:
    """The shop with its branch, cleaned of telephone, owner and decoration, and the firm where both are printed."""
    roles = roles_of(rows)
    party = {"stranger": STRANGER, "mall": STRANGER, "seller": SELLER}
    found = [
        c.add_evidence(WEIGHTS[reason], reason)
        if (reason := AGENT if _AGENT.search(compact(c.value)) else party.get(roles[c.row]))
        else c
        for c in (*_labelled(rows), *_heads(rows, _row_of(rows, number)))
    ]
    best = min(found, key=lambda c: (-c.weight, c.row, c.value), default=None)
    if best is None or best.weight < LEAST:
        return None, None
    best = _supported(best, found)
    whole = _with_other_half(best, found, rows)
    firm = _firm_of(best, found)
    return whole.field("merchant", _trust(whole)), firm.field("company", _trust(firm)) if firm else None


def _trust(best: Candidate) -> float:
    """Sure where two independent supports agree and every letter was read surely."""
    if best.confidence < 0.9:
        return 0.6
    if AGENT in best.reasons or _MIXED_UP.search(compact(best.value)):
        return 0.85
    half = re.fullmatch(r"\S{1,4}(점|매장|센터)\d?", best.value)  # a branch alone is half a name
    own, *others = (bool(kind & set(best.reasons)) for kind in SUPPORTS)
    supported = own + sum(others) > 1 and (own or any(others[:2]))
    return 0.955 if supported and best.confidence >= CLEAR and not half and JOINED not in best.reasons else 0.9


def _supported(best: Candidate, found: list[Candidate]) -> Candidate:
    """`best` with what the others say for it: the same name in another row, or none that could as well be meant."""
    twice = any(c.row != best.row and _alike(c.value, best.value) for c in found)
    rivals = [c for c in found if not _alike(c.value, best.value) and c.weight > best.weight - WEIGHTS[ABOVE]]
    best = best.add_evidence(0, TWICE) if twice else best
    if LABELS & set(best.reasons) and (form := _form(best.value)):
        # 상호 may stand before the firm's name where the shop is called otherwise.
        best = best.add_evidence(0, form) if form == BRANCHED or LABELLED not in best.reasons else best
    if any(FORMS & set(c.reasons) for c in found if not _alike(c.value, best.value)):
        # Any word above the number may be a heading where another name has the form of one.
        best = replace(best, reasons=tuple(reason for reason in best.reasons if reason != WORD))
    return best if rivals or not LABELS & set(best.reasons) else best.add_evidence(0, ALONE)


def _form(name: str) -> str:
    """The form of a name that it has: a branch's, a trade's, a company's; "" for none."""
    return BRANCHED if BRANCH.search(name) else TRADED if TRADE.search(name) else FIRM if COMPANY.search(name) else ""


def _alike(one: str, other: str) -> bool:
    return fuzz.ratio(compact(one), compact(other)) >= 85


def _firm_of(best: Candidate, found: list[Candidate]) -> Candidate | None:
    """The firm's own name beside that of its shop: under a label of a firm, or in a company's form."""
    firms = [c for c in found if c.weight > 0 and LABELLED in c.reasons and not _alike(c.value, best.value)]
    firms += [c for c in found if c.weight > 0 and FIRM in c.reasons and compact(c.value) not in compact(best.value)]
    return firms[0] if firms and firms[0].value not in best.value and not COMPANY.search(best.value) else None


def _labelled(rows: tuple[Row, ...]) -> Iterator[Candidate]:
    for index, row in enumerate(rows):
        for match in _LABEL.finditer(row.text):
            # 상호 in the middle of a sentence, 가맹점 in "가맹점 정보" or "가맹점번호" name nobody.
            if compact(row.text[: match.start()]) and match.start() not in row.starts:
                continue
            word = match.group(1).replace(" ", "")
            reason = TAKER if word == "가맹점" else LABELLED if _FIRM_LABEL.fullmatch(word) else SHOP
            name = clean(_first_value(row, match.end()))
            if is_name(name) and not _AFTER_LABEL.search(compact(name)) and not is_sentence(name):
                if not is_notice(name) or len(name) <= 8:
                    yield _candidate(row, index, row.text.find(name.split()[0], match.end()), name, (reason,))
            elif not re.search(r"\w", row.text[match.end() :]) or text_label(_first_value(row, match.end())):
                yield from _below(rows, index, match.start(), reason)


def _first_value(row: Row, start: int) -> str:
    """The text behind a label, up to the next cell that is a label itself."""
    end = len(row.text)
    for at, word in zip(row.starts, row.words, strict=True):
        if at > start and text_label(re.split("[:：]", word.text)[0]):
            end = at
            break
    return row.text[start:end]


def _below(rows: tuple[Row, ...], index: int, start: int, reason: str) -> Iterator[Candidate]:
    """The name in the row below a label that stands alone, or in its column of several."""
    if index + 1 >= len(rows):
        return
    above, row = rows[index], rows[index + 1]
    word = above.words_at(start, start + 1)[0]
    # The column: from the label to the next one.
    edge = min((other.left for other in above.words if other.left > word.left), default=float("inf"))
    cells = [w for w in row.words if w.right > word.left and (w.left + w.right) / 2 < edge]
    if not cells:
        return
    first, last = (row.starts[row.words.index(cell)] for cell in (cells[0], cells[-1]))
    name = clean(row.text[first : last + len(cells[-1].text)])
    if is_name(name) and not is_sentence(name) and not text_label(name) and not _LABEL.match(name):
        yield _candidate(row, index + 1, row.text.find(name.split()[0], first), name, (reason,))


def _heads(rows: tuple[Row, ...], number_row: int | None) -> Iterator[Candidate]:
    """Rows of the head of the slip: those around the business number, those at the top, those named like a branch."""
    tall = sorted(row.height for row in rows)[len(rows) // 2] if rows else 0
    first = True
    for index, row in enumerate(rows[: _end_of_head(rows, number_row)]):
        name = clean(row.text)
        if not is_name(name) or _LABEL.match(row.text) or (is_notice(name) and (is_sentence(name) or len(name) > 14)):
            continue
        place, branch, person = _place(row, name, index, number_row), BRANCH.search(name), _PERSON.fullmatch(name)
        reasons = [place, FIRST if first else "", PERSON if person else ""]
        first = False
        reasons.append(_form(name) if branch or TRADE.search(name) else "")
        reasons.append(WORD if _WORD.fullmatch(name) and place in (BESIDE, ABOVE) and not person else "")
        reasons.append(TITLED if _TITLE.match(row.text) else "")
        reasons.append(FIRM if COMPANY.search(name) and not branch else "")
        reasons.append(NOTICE if is_notice(name) else "")
        reasons.append(LARGE if row.height > 1.35 * tall else "")
        yield _candidate(row, index, row.text.find(name.split()[0]), name, tuple(filter(None, reasons)))


def _place(row: Row, name: str, index: int, number_row: int | None) -> str:
    """Where the row stands to that of the number, "" for far away."""
    if number_row is None:
        return ""
    distance = number_row - index
    if distance == 0:
        return BESIDE if row.text.find(name.split()[0]) < 3 else ""
    return BELOW if distance < 0 else ABOVE if distance == 1 else NEAR if distance <= 4 else ""


def _end_of_head(rows: tuple[Row, ...], number_row: int | None) -> int:
    """The row at which the head of the slip ends: at the goods, or where amounts begin."""
    limit = max(12, (number_row or 0) + 2)
    for index, row in enumerate(rows[:limit]):
        if index > (number_row or 0) and (_GOODS.search(compact(row.text)) or MONEY.search(row.text)):
            return index
    return min(len(rows), limit)


def _with_other_half(best: Candidate, found: list[Candidate], rows: tuple[Row, ...]) -> Candidate:
    """Brand on one row and branch on another become one name ("가나다" + "서초점")."""
    *brand, _ = best.value.split(" ")
    if LABELS & set(best.reasons) or not BRANCH.search(best.value) or TRADE.search(" ".join(brand)):
        return best  # whole by itself: a logo above may be a mall's
    others = [c for c in found if c.confidence > 0.9 and not COMPANY.search(c.value) and not is_notice(c.value)]
    below = [c for c in others if c.row == best.row + 1 and BRANCH.search(c.value) and len(c.value) <= 8]
    if below:
        return _joined(best, below[0])
    above = [c for c in others if c.row == best.row - 1 and BRANCH.search(c.value)]
    if above and len(best.value) <= 8:
        return _joined(above[0], best)
    brands = [
        c
        for c in others
        if 0 < best.row - c.row <= 5 and BRAND.fullmatch(c.value) and not BRANCH.search(c.value)
        and len(compact(rows[c.row].text)) <= len(compact(c.value)) + 2 and compact(c.value) not in compact(best.value)
        # A name of two words has its brand; only a logo may stand above it too.
        and (is_latin(c.value) or " " not in best.value)
    ]  # fmt: skip
    if brands and len(best.value) <= 12 and not is_latin(best.value):
        return _joined(max(brands, key=lambda c: (is_latin(c.value), round(rows[c.row].height), -c.row)), best)
    return best


def _joined(first: Candidate, second: Candidate) -> Candidate:
    return replace(
        first,
        value=f"{first.value} {second.value}",
        raw=f"{first.raw} {second.raw}",
        box=first.box.union(second.box),
        confidence=min(first.confidence, second.confidence),
        reasons=(*first.reasons, JOINED),
    )


def _candidate(row: Row, index: int, start: int, name: str, reasons: tuple[str, ...]) -> Candidate:
    start = max(start, 0)
    end = min(max(start + len(name), start + 1), len(row.text))
    words = row.words_at(start, end) or row.words
    box = row.box(start, end) if row.words_at(start, end) else words[0].line.box
    sure = min(w.confidence for w in words)
    # What is read badly is less likely a name; what stands higher more likely the shop's.
    weight = 1 + sum(WEIGHTS.get(reason, 0) for reason in reasons) - 4 * max(0.0, 0.85 - sure) - index / 10
    return Candidate(name, row.text[start:end], box, words[0].line, index, sure, weight, reasons)


def _row_of(rows: tuple[Row, ...], number: Field | None) -> int | None:
    if number is None or not number.raw:
        return None
    return next((i for i, row in enumerate(rows) if number.raw in row.text), None)
