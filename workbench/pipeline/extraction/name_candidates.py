"""Where the name of a shop may stand on a slip: behind a label, below one, in the head around the business number."""

import re
from collections.abc import Iterator
from functools import partial

from workbench.domain import lexicon
from workbench.pipeline.extraction import name_reasons as why
from workbench.pipeline.extraction.candidates import Candidate
from workbench.pipeline.extraction.labelled import end_of_value
from workbench.pipeline.extraction.labels import compact, text_label
from workbench.pipeline.extraction.parties import names_owner, names_party
from workbench.pipeline.extraction.shop_names import (
    BRANCH,
    COMPANY,
    MONEY,
    TRADE,
    clean,
    is_name,
    is_notice,
    is_sentence,
)
from workbench.pipeline.layout.rows import Row

_LABEL_WORDS = lexicon.any_of("names.label", between=r"\s{0,3}")
_TENANT_WORDS, _PLACE_WORDS = lexicon.any_of("names.tenant"), lexicon.any_of("names.place")
# With a comma it is part of a sentence.
_LABEL = re.compile(
    rf"(?>({_LABEL_WORDS}|{_TENANT_WORDS}|{_PLACE_WORDS})(?:\s*MERCHANT)?(?P<sign>\s*[\])】:：.]*)\s*)(?![,、])"
)
_FIRM_LABEL = re.compile(lexicon.any_of("names.firm_label"))
_AFTER_LABEL = lexicon.pattern("names.after_label")
_WORD = re.compile("[가-힣]{2,8}|[A-Za-z]{3,12}")
PERSON = re.compile(f"({lexicon.any_of('parties.surname')})[가-힣]{{2}}")
_GOODS = re.compile(f"{lexicon.any_of('goods.heading')}|금액")


def candidates(rows: tuple[Row, ...], number_row: int | None) -> Iterator[Candidate]:
    """Every name that may be the shop's or its firm's, weighed by where it stands and what form it has."""
    yield from _labelled(rows)
    yield from _heads(rows, number_row)


def form_of(name: str) -> str:
    """The form of a name that it has: a branch's, a trade's, a company's; "" for none."""
    return (
        why.BRANCHED
        if BRANCH.search(name)
        else why.TRADED
        if TRADE.search(name)
        else why.FIRM
        if COMPANY.search(name)
        else ""
    )


def _labelled(rows: tuple[Row, ...]) -> Iterator[Candidate]:
    for index, row in enumerate(rows):
        for match in filter(partial(_is_label, row), _LABEL.finditer(row.text)):
            reason = _said_by(match.group(1).replace(" ", ""))
            value = row.text[match.end() : end_of_value(row, match.end())]
            name = clean(value)
            if is_name(name) and not names_party(name) and not is_sentence(name):
                if not is_notice(name) or len(name) <= 8:
                    yield _candidate(row, index, row.text.find(name.split()[0], match.end()), name, (reason,))
            elif not re.search(r"\w", value) or text_label(value):
                yield from _below(rows, index, match.start(), reason)


def _is_label(row: Row, match: re.Match[str]) -> bool:
    """Whether it stands as a label does: 상호 in a sentence, 가맹점 in "가맹점번호", "매장 방문" name nobody."""
    inside = compact(row.text[: match.start()]) and match.start() not in row.starts
    if inside or _AFTER_LABEL.search(compact(row.text[match.end() : end_of_value(row, match.end())])):
        return False
    cell = row.words_at(*match.span())[0].text
    word = match.group(1)
    longer = text_label(re.split("[:：]", cell)[0])
    if longer and longer.role == "owner" and longer.word.startswith(word):
        return False  # 가맹점주
    apart = re.search(r"[\])】:：]", match["sign"]) or len(cell) == len(word)
    return bool(apart) or not re.fullmatch(f"{_TENANT_WORDS}|{_PLACE_WORDS}", word)


def _said_by(label: str) -> str:
    if label == "가맹점" or re.fullmatch(_TENANT_WORDS, label):
        return why.TAKER if label == "가맹점" else why.TENANT
    return why.LABELLED if _FIRM_LABEL.fullmatch(label) else why.SHOP


def _below(rows: tuple[Row, ...], index: int, start: int, reason: str) -> Iterator[Candidate]:
    """The name in the row below a label that stands alone, or in its column of several."""
    if index + 1 >= len(rows):
        return
    above, row = rows[index], rows[index + 1]
    word = above.words_at(start, start + 1)[0]
    # The column: from the label to the next one.
    edge = min((other.left for other in above.words if other.left > word.left), default=float("inf"))
    cells = [w for w in row.words if w.right > word.left and (w.left + w.right) / 2 < edge]
    at = row.words.index(cells[0]) if cells else 0
    if not cells or (at and text_label(row.words[at - 1].text)):
        return  # nothing there, or the value of a label in its own row
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
        if (
            not is_name(name)
            or _headed(row)
            or names_owner(row)
            or (is_notice(name) and (is_sentence(name) or len(name) > 14))
        ):
            continue
        place, branch, person = _place(row, name, index, number_row), BRANCH.search(name), PERSON.fullmatch(name)
        if first and place == why.BELOW:  # a slip that begins with its number
            place = why.NEAR
        reasons = [place, why.FIRST if first else "", why.PERSON if person else ""]
        first = False
        reasons.append(form_of(name) if branch or TRADE.search(name) else "")
        reasons.append(why.WORD if _WORD.fullmatch(name) and place in (why.BESIDE, why.ABOVE) and not person else "")
        reasons.append(why.FIRM if COMPANY.search(name) and not branch else "")
        reasons.append(why.NOTICE if is_notice(name) else "")
        reasons.append(why.LARGE if row.height > 1.35 * tall else "")
        yield _candidate(row, index, row.text.find(name.split()[0]), name, tuple(filter(None, reasons)))


def _headed(row: Row) -> bool:
    match = _LABEL.search(row.text)
    return match is not None and not compact(row.text[: match.start()]) and _is_label(row, match)


def _place(row: Row, name: str, index: int, number_row: int | None) -> str:
    """Where the row stands to that of the number, "" for far away."""
    if number_row is None:
        return ""
    distance = number_row - index
    if distance == 0:
        return why.BESIDE if row.text.find(name.split()[0]) < 3 else ""
    return why.BELOW if distance < 0 else why.ABOVE if distance == 1 else why.NEAR if distance <= 4 else ""


def _end_of_head(rows: tuple[Row, ...], number_row: int | None) -> int:
    """The row at which the head of the slip ends: at the goods, or where amounts begin."""
    limit = max(12, (number_row or 0) + 2)
    for index, row in enumerate(rows[:limit]):
        if index > (number_row or 0) and (_GOODS.search(compact(row.text)) or MONEY.search(row.text)):
            return index
    return min(len(rows), limit)


def _candidate(row: Row, index: int, start: int, name: str, reasons: tuple[str, ...]) -> Candidate:
    start = max(start, 0)
    end = min(max(start + len(name), start + 1), len(row.text))
    words = row.words_at(start, end) or row.words
    box = row.box(start, end) if row.words_at(start, end) else words[0].line.box
    sure = min(w.confidence for w in words)
    # What is read badly is less likely a name; what stands higher more likely the shop's.
    weight = 1 + sum(why.WEIGHTS.get(reason, 0) for reason in reasons) - 4 * max(0.0, 0.85 - sure) - index / 10
    return Candidate(name, row.text[start:end], box, words[0].line, index, sure, weight, reasons)
