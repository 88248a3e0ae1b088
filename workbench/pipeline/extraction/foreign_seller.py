"""Who sold, on a foreign paper: behind "Bill from" and the like, the company of the letterhead, or its first name."""

import re
from collections.abc import Iterator

from workbench.domain import lexicon
from workbench.domain.model import Field
from workbench.pipeline.layout.rows import Row

_SELLER = re.compile(rf"^\W*(?:{lexicon.any_of('foreign.label.seller')})(?![a-z])\s*[:：]?\s*", re.IGNORECASE)
_BUYER = re.compile(rf"(?:^|\s)(?:{lexicon.any_of('foreign.label.buyer')})(?![a-z])", re.IGNORECASE)
_HEADING = re.compile(
    rf"^\W*(?:{lexicon.any_of('foreign.label.heading')})\W*(?:[#:№].*|no\.?.*|number.*|original)?$", re.IGNORECASE
)
_COMPANY = re.compile(
    rf"(?:^|[\s,])(?:{lexicon.any_of('foreign.label.company')})(?=$|[\s,.)])|株式会社|有限公司", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"^\W*(?:page|date|time|tel|phone|fax|www|http|order|table|cashier|server|no\b|#|abn|vat|gst|tax|tin|ein|reg|invoice|receipt|"
    r"terminal|merchant\s?id|mid|tid|card|visa|master|電話|住所|登録番号|店舗|レジ|担当|日付|发票|地址|电话)|@|\.com/|^\W*\d",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"(?<![^\W\d_])(?:{'|'.join(lexicon.words('foreign.months.names'))})[^\W\d_]*\.?\s?\d", re.IGNORECASE
)
_HEAD = 8
"""rows that make up a letterhead at most"""


def find_foreign_seller(rows: tuple[Row, ...]) -> Field | None:
    """The seller's name; None where no row of the head can be one."""
    for place, (index, start, end, confidence, reason) in enumerate(_candidates(rows)):
        if place == 0:
            row = rows[index]
            text = re.sub(r"\s*[|·]\s*$", "", row.text[start:end]).strip(" ,:-")
            sure = min(confidence, row.confidence(start, end))
            return Field("merchant", text, row.text[start:end], round(sure, 3), row.box(start, end), (reason,))
    return None


def _candidates(rows: tuple[Row, ...]) -> Iterator[tuple[int, int, int, float, str]]:
    """(row, start, end, confidence, reason), the surest first."""
    for index, row in enumerate(rows):
        if match := _SELLER.match(row.text):
            start, end = _cell(row, match.end())
            if _is_name(row.text[start:end]):
                yield index, start, end, 0.96, "판매자 표시 옆에 인쇄됨"
            elif index + 1 < len(rows):
                start, end = _cell(rows[index + 1], 0)
                if _is_name(rows[index + 1].text[start:end]):
                    yield index + 1, start, end, 0.955, "판매자 표시 아래에 인쇄됨"
    buyer = next((i for i, row in enumerate(rows) if _BUYER.search(row.text)), len(rows))
    for index, row in enumerate(rows[: buyer + 1]):
        for start, end in _cells(row):
            if _COMPANY.search(row.text[start:end]) and _is_name(row.text[start:end]):
                yield index, start, end, 0.955, "회사 이름 꼴"
    for index, row in enumerate(rows[:_HEAD]):
        if index > buyer:
            break
        for start, end in _cells(row):
            if _is_name(row.text[start:end]):
                yield index, start, end, 0.93, "영수증 머리의 글"
    for index, row in enumerate(rows[-4:], max(0, len(rows) - 4)):
        for start, end in _cells(row):
            if _COMPANY.search(row.text[start:end]) and _is_name(row.text[start:end]):
                yield index, start, end, 0.85, "회사 이름 꼴"


def _cells(row: Row) -> list[tuple[int, int]]:
    """The cells of a row: words of the engine that stand far apart."""
    cells = [[0, len(row.words[0].text)]]
    for before, word, start in zip(row.words, row.words[1:], row.starts[1:], strict=False):
        if word.left - before.right > 2.0 * row.height:
            cells.append([start, start + len(word.text)])
        else:
            cells[-1][1] = start + len(word.text)
    return [(start, end) for start, end in cells]


def _cell(row: Row, at: int) -> tuple[int, int]:
    """The cell that holds offset `at`, from there on."""
    found = next(((s, e) for s, e in _cells(row) if at < e), (at, len(row.text)))
    return max(at, found[0]), found[1]


def _is_name(text: str) -> bool:
    bare = text.strip(" :：,.-")
    letters = sum(c.isalpha() for c in bare)
    if letters < 2 or len(bare) > 60 or letters < 0.5 * len(re.sub(r"\s", "", bare)):
        return False
    return not (
        _HEADING.match(bare)
        or _DATED.search(bare)
        or _NO_NAME.search(bare)
        or _BUYER.search(bare)
        or _SELLER.fullmatch(bare)
    )
