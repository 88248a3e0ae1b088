"""Who sold, on a foreign paper: behind "Bill from" and the like, the company of the letterhead, or its first name."""

import re
from collections.abc import Iterator

from workbench.domain import lexicon
from workbench.domain.model import Field
from workbench.pipeline.extraction.sureness import DOUBTED, LIKELY, SUPPORTED
from workbench.pipeline.layout.rows import Row

_SELLER = re.compile(rf"^\W*(?:{lexicon.any_of('foreign.label.seller')})(?![a-z])\s*[:：]?\s*", re.IGNORECASE)
_BUYER = lexicon.whole("foreign.label.buyer")
_COMPANY = lexicon.whole("foreign.label.company")
_NO_NAME = re.compile(
    rf"^\W*(?:{lexicon.any_of('foreign.label.heading')})\W*(?:[#:№].*|no\.?.*|number.*|original)?$"
    rf"|^\W*(?:{lexicon.any_of('foreign.label.no_name')})(?![a-z])|@|\.com/|(?:{'|'.join(lexicon.words('foreign.months.names'))})[a-z]*\.?\s?\d",
    re.IGNORECASE,
)
HEAD = 8
"""rows that make up a letterhead at most"""


def find_foreign_seller(rows: tuple[Row, ...]) -> Field | None:
    """The seller's name; None where no row of the head can be one."""
    for row, start, end, confidence, reason in _candidates(rows):
        if _is_name(row.text[start:end]):
            name = re.sub(r"\s*[|·]\s*$", "", row.text[start:end]).strip(" ,:-")
            sure = min(confidence, row.confidence(start, end))
            return Field("merchant", name, row.text[start:end], round(sure, 3), row.box(start, end), (reason,))
    return None


def _candidates(rows: tuple[Row, ...]) -> Iterator[tuple[Row, int, int, float, str]]:
    """(row, start, end, confidence, reason) of what may be a name, the surest first."""
    for row, below in zip(rows, (*rows[1:], None), strict=True):
        if match := _SELLER.match(row.text):
            yield row, *_cell(row, match.end()), SUPPORTED, "판매자 표시 옆에 인쇄됨"
            if below:
                yield below, *_cell(below, 0), SUPPORTED, "판매자 표시 아래에 인쇄됨"
    buyer = next((i for i, row in enumerate(rows) if _BUYER.search(row.text)), len(rows))
    head, foot = rows[: buyer + 1], rows[-4:]
    yield from _in(head, SUPPORTED, "회사 이름 꼴")
    yield from _in(head[:HEAD], LIKELY, "영수증 머리의 글", any_name=True)
    yield from _in(foot, DOUBTED, "회사 이름 꼴")


def _in(
    rows: tuple[Row, ...], confidence: float, reason: str, any_name: bool = False
) -> Iterator[tuple[Row, int, int, float, str]]:
    """The cells of rows that are in a company's form, or any."""
    for row in rows:
        for start, end in _cells(row):
            if any_name or _COMPANY.search(row.text[start:end]):
                yield row, start, end, confidence, reason


def _cells(row: Row) -> list[tuple[int, int]]:
    """The cells of a row: words of the engine that stand far apart."""
    cells = [[0, len(row.words[0].text)]]
    for before, word, start in zip(row.words, row.words[1:], row.starts[1:], strict=False):
        if word.left - before.right > 2 * row.height:
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
    if letters < 2 or len(bare) > 60 or 2 * letters < len(re.sub(r"\s", "", bare)):
        return False
    return not (_NO_NAME.search(bare) or _BUYER.search(bare) or _SELLER.fullmatch(bare))
