"""The shop's name: beside or below its label, in the row of the business number or above it, or at the slip's head."""

import re
from collections.abc import Iterator
from dataclasses import replace

from workbench.domain import lexicon
from workbench.domain.model import Field
from workbench.pipeline.extraction.candidates import Candidate
from workbench.pipeline.extraction.labels import compact, text_label
from workbench.pipeline.extraction.parties import strangers_rows
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

_LABEL_WORDS = lexicon.any_of("names.label", between=r"\s?")
_LABEL = re.compile(rf"({_LABEL_WORDS})\s*[\])】:：.]*\s*")
_MARKED = re.compile(r"\s*[\[【(]?\s*([^:：()\[\]【】]{2,8}?)\s*[:：)\]】]")  # "상호:", "[상호]"
_OTHER_THAN_NAME = lexicon.pattern("names.after_label")
_TITLE = re.compile(r"^\s*[\[【(]?\s*\S{0,2}\s?영수증\s?[\])】:]\s*\S")
_GOODS = re.compile(f"{lexicon.any_of('goods.heading')}|금액")
_NAMING = lexicon.words("names.naming")
_BENT_LABEL = "상호 표시와 닮은 글 옆에 인쇄됨"
_LABELLED = "상호 표시 옆에 인쇄됨"
_JOINED = "두 줄의 이름을 이음"
_TWICE = "같은 이름이 여러 곳에 있음"


def find_merchant(rows: tuple[Row, ...], number: Field | None) -> Field | None:
    """The shop with its branch, cleaned of telephone, owner and decoration; None where no row looks like a name."""
    if not rows:
        return None
    number_row = _row_of(rows, number)
    strangers = strangers_rows(rows)
    found = [
        c.add_evidence(-4.0) if c.row in strangers else c for c in (*_labelled(rows), *_heads(rows, number_row))
    ]  # a payment agent's or a buyer's name is no seller's
    if not found:
        return None
    counts: dict[str, int] = {}
    for c in found:
        counts[c.value] = counts.get(c.value, 0) + 1
    best = min(found, key=lambda c: (-(c.weight + 0.3 * (counts[c.value] - 1)), c.row, c.value))
    if best.weight < 0.8:
        return None
    if len({c.row for c in found if c.value == best.value}) > 1:
        best = best.add_evidence(1.0, _TWICE)
    best = _with_other_half(best, found, rows)
    return best.field("merchant", _trust(best))


def _trust(best: Candidate) -> float:
    """Sure where a label, the number's place or a second print says so, and every letter was read surely."""
    if best.confidence < 0.9:
        return 0.6
    # A line high up may be a heading, a branch alone is half a name, and one of two joined rows may be no part of it.
    half = re.fullmatch(r"\S{1,4}(점|매장|센터)\d?", best.value)
    if half or {_JOINED, _BENT_LABEL} & set(best.reasons):
        return 0.9
    sure = best.confidence >= (0.965 if best.weight >= 2.7 else 0.975)
    return 0.955 if sure and best.weight >= 2.2 else 0.9


def _labelled(rows: tuple[Row, ...]) -> Iterator[Candidate]:
    for index, row in enumerate(rows):
        start = _bent(row)
        if start is not None and not _LABEL.match(row.text):
            name = clean(_first_value(row, start))
            if is_name(name) and not _OTHER_THAN_NAME.search(name) and not is_sentence(name) and not is_notice(name):
                yield _candidate(row, index, row.text.find(name.split()[0], start), name, 2.6, _BENT_LABEL)
        for match in _LABEL.finditer(row.text):
            # 상호 in the middle of a sentence, 가맹점 in "가맹점 정보" or "가맹점번호" name nobody.
            if compact(row.text[: match.start()]) and match.start() not in row.starts:
                continue
            word = match.group(1).replace(" ", "")
            weight = {"판매자상호": 5.0, "가맹점": 2.4}.get(word, 3.4)
            rest = row.text[match.end() :]
            name = clean(_first_value(row, match.end()))
            # "가맹점명, 가맹점주소가 실제와 다른 경우 신고": what terminals print above every slip.
            words = is_sentence(name) or (is_notice(name) and len(name) > 8)
            if is_name(name) and not _OTHER_THAN_NAME.search(name) and not words:
                start = row.text.find(name.split()[0], match.end())
                yield _candidate(row, index, start, name, weight, _LABELLED)
            elif not compact(rest) or text_label(_first_value(row, match.end())):
                below = _below(rows, index, match.start())
                if below is not None:
                    yield below.add_evidence(weight, _LABELLED)


def _bent(row: Row) -> int | None:
    """Where the name begins behind a label that only resembles one for a shop; None where the row has none."""
    marked = _MARKED.match(row.text)
    if marked:
        label, end = marked.group(1), marked.end()
    elif len(row.words) < 2:
        return None
    else:
        label, end = row.words[0].text, row.starts[1]
    found = text_label(label)
    known = found is not None and found.word in _NAMING and len(compact(label)) == len(found.word)
    return end if known and found is not None and found.score < 1.0 else None


def _first_value(row: Row, start: int) -> str:
    """The text behind a label, up to the next cell that is a label itself."""
    end = len(row.text)
    for at, word in zip(row.starts, row.words, strict=True):
        label = text_label(re.split("[:：]", word.text)[0])
        if at > start and label and label.score >= 0.9:
            end = at
            break
    return row.text[start:end]


def _below(rows: tuple[Row, ...], index: int, start: int) -> Candidate | None:
    """The name in the row below a label that stands alone, or in its column of several."""
    if index + 1 >= len(rows):
        return None
    above, row = rows[index], rows[index + 1]
    word = above.words_at(start, start + 1)[0]
    if row.y - above.y > 3 * max(row.height, above.height):
        return None
    # The column: from the label to the next one.
    ends = [other.left for other in above.words if other.left > word.left]
    cells = [
        w for w in row.words
        if w.right > word.left - 3 * row.height and (not ends or (w.left + w.right) / 2 < min(ends))
    ]  # fmt: skip
    if not cells or cells[0].left > word.right + 3 * row.height:
        return None
    first, last = (row.starts[row.words.index(cell)] for cell in (cells[0], cells[-1]))
    name = clean(row.text[first : last + len(cells[-1].text)])
    if not is_name(name) or is_sentence(name) or text_label(name):
        return None
    return _candidate(row, index + 1, row.text.find(name.split()[0], first), name, 0.0, "")


def _heads(rows: tuple[Row, ...], number_row: int | None) -> Iterator[Candidate]:
    """Rows of the head of the slip: those around the business number, those at the top, those named like a branch."""
    last = _end_of_head(rows, number_row)
    tall = sorted(row.height for row in rows)[len(rows) // 2]
    for index in range(last):
        row = rows[index]
        name = clean(row.text)
        if (
            not is_name(name)
            or _LABEL.match(row.text)
            or _bent(row) is not None
            or (is_notice(name) and (is_sentence(name) or len(name) > 14))
        ):
            continue
        weight, reasons = 0.6 - 0.05 * index, []
        if number_row is not None and index <= number_row:
            distance = number_row - index
            if distance == 0 and row.text.find(name.split()[0]) < 3:
                weight += 2.2
                reasons.append("사업자번호와 같은 줄")
            elif distance == 1:
                weight += 1.7
                reasons.append("사업자번호 바로 윗줄")
            elif distance <= 4:
                weight += 0.9 - 0.1 * distance
        elif number_row is not None:
            weight -= 1.0
        if BRANCH.search(name):
            weight += 1.5
            reasons.append("지점 이름 꼴")
        elif TRADE.search(name):
            weight += 0.8
            reasons.append("업종 이름 꼴")
        if _TITLE.match(row.text):
            weight += 1.0
            reasons.append("판매영수증 표시 옆에 인쇄됨")
        if COMPANY.search(name) and not BRANCH.search(name):
            weight -= 0.8
        if is_notice(name):
            weight -= 1.6
        if row.height > 1.35 * tall:
            weight += 0.4
            reasons.append("큰 글씨")
        candidate = _candidate(row, index, row.text.find(name.split()[0]), name, weight, "")
        candidate = candidate.add_evidence(-2 * max(0.0, 0.85 - candidate.confidence))
        for reason in reasons or ["영수증 머리의 글"]:
            candidate = candidate.add_evidence(0, reason)
        yield candidate


def _end_of_head(rows: tuple[Row, ...], number_row: int | None) -> int:
    """The row at which the head of the slip ends: at the goods, or where amounts begin."""
    limit = max(12, (number_row or 0) + 2)
    for index, row in enumerate(rows[:limit]):
        if index > (number_row or 0) and (_GOODS.search(compact(row.text)) or MONEY.search(row.text)):
            return index
    return min(len(rows), limit)


def _with_other_half(best: Candidate, found: list[Candidate], rows: tuple[Row, ...]) -> Candidate:
    """Brand on one row and branch on another become one name ("가나다" + "서초점")."""
    if _LABELLED in best.reasons or not BRANCH.search(best.value):
        return best
    others = [c for c in found if c.confidence > 0.6 and not COMPANY.search(c.value) and not is_notice(c.value)]
    near = [c for c in others if abs(c.row - best.row) == 1 and not BRANCH.search(c.value)]
    others = [c for c in others if c.confidence > 0.9 or c in near]  # right above it is read badly, but there
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
        and _alone(rows[c.row], c.value) and compact(c.value) not in compact(best.value)
        # A name of two words has its brand; only a logo may stand above it too.
        and (is_latin(c.value) or " " not in best.value)
    ]  # fmt: skip
    if len(best.value) <= 12 and brands and not is_latin(best.value):
        return _joined(max(brands, key=lambda c: (is_latin(c.value), round(rows[c.row].height), -c.row)), best)
    return best


def _alone(row: Row, name: str) -> bool:
    return len(compact(row.text)) <= len(compact(name)) + 2


def _joined(first: Candidate, second: Candidate) -> Candidate:
    return replace(
        first,
        value=f"{first.value} {second.value}",
        raw=f"{first.raw} {second.raw}",
        box=first.box.union(second.box),
        confidence=min(first.confidence, second.confidence),
        weight=max(first.weight, second.weight),
        reasons=(*first.reasons, _JOINED),
    )


def _candidate(row: Row, index: int, start: int, name: str, weight: float, reason: str) -> Candidate:
    start = max(start, 0)
    end = min(max(start + len(name), start + 1), len(row.text))
    words = row.words_at(start, end) or row.words
    candidate = Candidate(
        name, row.text[start:end], row.box(start, end) if row.words_at(start, end) else words[0].line.box,
        words[0].line, index, min(w.confidence for w in words),
    )  # fmt: skip
    return candidate.add_evidence(weight, reason)


def _row_of(rows: tuple[Row, ...], number: Field | None) -> int | None:
    if number is None or not number.raw:
        return None
    return next((i for i, row in enumerate(rows) if number.raw in row.text), None)
