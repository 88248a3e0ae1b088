"""Which pages of a file are one paper: a bill of several pages, a slip that runs over a page's end."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.domain.model import Finding, Geometry, Line
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging.stack import cell, placed, stacked
from workbench.pipeline.layout.printed_lines import direction, printed_lines
from workbench.pipeline.layout.receipt_cues import Cues, cues
from workbench.pipeline.layout.rows import rows_of
from workbench.pipeline.ocr.engine import Engine
from workbench.pipeline.reading.page_lines import PageLines, page_lines

PAGES = "pages"
"""Code of the finding that several pages are one receipt."""

MOST = 20
"""pages of one bill that are read as one"""

_NUMBERED = re.compile(
    r"(?:(?:page|p\.|쪽|페이지|면)?\s*[-–(\[]?\s*)(?P<k>\d{1,2})\s*(?:/|of|중)\s*(?P<n>\d{1,2})\s*(?:[-–)\]]?\s*(?:pages?|쪽|페이지|면)?)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:page|페이지|쪽)\s*[:.]?\s*(?P<k>\d{1,2})\s*(?:/|of)\s*(?P<n>\d{1,2})(?!\d)", re.IGNORECASE)
_IDENTITY = re.compile(
    r"(?:invoice|receipt|bill|order|statement|청구서?|고지서?|명세서?|문서|주문|관리|전표|발행|일련)\s*"
    r"(?:no|number|번호|id|#)[.:#\s]*(?P<id>[A-Z0-9][A-Z0-9-]{3,})",
    re.IGNORECASE,
)
_ON = re.compile(
    r"이월|(?:다음|뒷|앞|전)\s*(?:쪽|장|면|페이지)|계속\s*됩?|continued|carried\s*forward|brought\s*forward|next\s*page",
    re.IGNORECASE,
)


def with_its_pages(path: Path, page: int, own: PageLines, engine: Engine, limits: Limits) -> PageLines | None:
    """The page and those that go on with it as one, under each other; None where it goes on with one before."""
    count = pages.probe(path, limits)
    if count < 2:
        return own
    read = {page: own}

    def whole(number: int) -> PageLines:
        if number not in read:
            read[number] = page_lines(path, number, engine, limits)
        return read[number]

    def lines_of(number: int) -> Sequence[Line]:
        if number in read:
            return read[number].lines
        text = pages.printed(path, number, limits)
        lines = [printed.line for printed in printed_lines(text, direction(text)) if not printed.invisible]
        # A scan is recognised only where numbered pages say that it matters.
        return lines or (whole(number).lines if numbered(own.lines) else ())

    bill = bill_of(page, count, lines_of)
    if bill.start != page:
        return None
    return own if len(bill) < 2 else _as_one([whole(number) for number in bill])


def _as_one(sheets: Sequence[PageLines]) -> PageLines:
    if any(sheet.orientation != sheets[0].orientation for sheet in sheets):  # pages of one bill stand alike
        return sheets[0]
    _, high, scale = cell([(sheet.image.shape[1], sheet.image.shape[0]) for sheet in sheets])

    def moved(lines_of: Callable[[PageLines], tuple[Line, ...]]) -> tuple[Line, ...]:
        each = ((place, line) for place, sheet in enumerate(sheets) for line in lines_of(sheet))
        return tuple(replace(line, box=placed(line.box, place, high, scale)) for place, line in each)

    image = stacked([sheet.image for sheet in sheets])
    lines, layer, unseen = moved(lambda s: s.lines), moved(lambda s: s.layer), moved(lambda s: s.unseen)
    return PageLines(image, sheets[0].orientation, lines, layer, unseen, len(sheets), high)


def joined_finding(page: int, geometry: Geometry) -> tuple[Finding, ...]:
    """That a receipt was read from several pages, for the person who looks for the others; () where one holds it."""
    if geometry.pages < 2:
        return ()
    top, bottom = (geometry.region.top, geometry.region.bottom - 1) if geometry.region else (0, geometry.size[1] - 1)
    first, last = (page + int(edge // geometry.page_height) for edge in (top, bottom))
    if first == last:
        return ()
    sentence = f"{first}~{last}쪽을 한 영수증으로 읽었습니다. 그림에는 쪽이 아래로 이어집니다."
    return (Finding("info", sentence, (), PAGES),)


def bill_of(page: int, count: int, lines_of: Callable[[int], Sequence[Line]]) -> range:
    """The pages that make up one paper with `page`, of a file with `count`; those after it only where it is the first.

    `lines_of` gives the lines of a page: () where it is not worth reading for that.
    """
    first = page
    while first > 1 and page - first < MOST and follows(lines_of(first - 1), lines_of(first)):
        first -= 1
    last = page
    while first == page and last < count and last - first + 1 < MOST and follows(lines_of(last), lines_of(last + 1)):
        last += 1
    return range(first, last + 1)


def numbered(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """What a page says of its place: (1, 2) for "1/2", "Page 1 of 2", "1쪽 중"; where it stands alone, or is named."""
    found = set()
    for line in lines:
        match = _NUMBERED.fullmatch(line.text.strip()) or _NAMED.search(line.text)
        if match and 1 <= int(match["k"]) <= int(match["n"]) and int(match["n"]) > 1:
            found.add((int(match["k"]), int(match["n"])))
    return found


def follows(before: Sequence[Line], page: Sequence[Line]) -> bool:
    """Whether `page` goes on with the paper of `before`: by page numbers, the number of the bill, what is carried over.

    Two receipts printed in one go have page numbers too: each then has a day, a total, an approval of its own.
    """
    if not before or not page:
        return False
    upper, lower = cues(before), cues(page)
    if _apart(upper, lower):
        return False
    in_order = bool({(k + 1, n) for k, n in numbered(before)} & numbered(page))
    same = bool(_identities(before) & _identities(page))
    carried = any(_ON.search(line.text) for line in (*before[-6:], *page[:8]))
    unfinished = not upper.totals or not lower.moments
    if in_order:
        return same or carried or unfinished
    return same and (carried or not upper.totals)


def _apart(upper: Cues, lower: Cues) -> bool:
    """Whether the two speak of two sellers or two approvals."""
    pairs = ((upper.numbers, lower.numbers), (upper.approvals, lower.approvals))
    return any(one and other and not one & other for one, other in pairs)


def _identities(lines: Sequence[Line]) -> set[str]:
    """Numbers of the bill itself that a page prints."""
    return {match["id"].upper() for row in rows_of(lines) for match in _IDENTITY.finditer(row.text)
            if any(c.isdigit() for c in match["id"])}  # fmt: skip
