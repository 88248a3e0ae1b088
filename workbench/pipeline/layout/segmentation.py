"""Several receipts on one page become one region each, by the layout of the lines and by what each side says.

A cut needs both: an empty gutter, and on either side of it the marks of a whole receipt (its own number, date, total,
approval). Labels left and values right, or two columns of one slip, leave a gutter too, but share the marks out.

Measured on 31 real pages: the scan with three is three, all others one, in each of four turns. On pages put together
from lines of drawn receipts (`python -m benchmarks.grids`) two side by side come apart 97 times of 100, 2 x 2 96 to
99 times, two above each other 92 times; of 31 real and 3,000 drawn single receipts none was cut. What stays together
is short of legible numbers, dates and totals.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import radians, tan
from statistics import median

from workbench.domain import lexicon
from workbench.domain.model import Box, Line
from workbench.pipeline.layout.receipt_cues import NUMBER, calls_cancelled, cues
from workbench.pipeline.layout.rows import Row, rows_of

Group = tuple[Line, ...]

HEAD_ROWS = 4
"""A slip's business number stands in one of its first rows, below a heading, a logo and the name."""

_FOOT = re.compile(rf"\d|\*|({lexicon.any_of('names.sentence_end')})[.!~]*$")
"""What rows of a foot hold and a shop's name, as a rule, does not: figures, and sentences."""

_LEAST_ROWS = 8
"""A slip above another has that many rows: a seller, a day, sums."""

_TITLE = re.compile(
    r"[\[(<【]*(신용카드|체크카드|현금|카드)?(매출|승인|거래|결제|구매)?(전표|영수증|영수증서|확인서|명세서)(\(\S{2,6}\))?[\])>】]*"
)
"""a heading of a slip that stands alone in its row, without blanks"""

_LEAST_SLIP = 8.0
"""line heights from one heading to the next: a slip has as many rows at least"""

_SLANTS = (0.0, 2.0, -2.0, 4.0, -4.0, 6.0, -6.0, 8.0, -8.0)
"""degrees by which a gutter may lean, straight ones first"""

_GUTTER = 1.5
"""a gutter is at least that many line heights wide"""

_BAND = 3.0
"""receipts one above the other are at least that many line heights apart"""

_BAND_IN_COLUMN = 1.2
"""the same where the page has shown columns of receipts: scans are laid close"""

_GRID = 4.0
"""the same for the rows of a grid, where both rows show columns"""


def split(lines: Sequence[Line], size: tuple[int, int]) -> list[tuple[Box | None, Group]]:
    """Each receipt's region on a page of `size` (width, height) px, and its lines, moved into the region's px.

    One receipt: region None, the page whole. Reading order: from left to right, and down within a column.
    """
    groups = _cut(tuple(lines))
    if len(groups) < 2:
        return [(None, tuple(lines))]
    boxes = _boxes(groups, size)
    return [
        (box, tuple(_moved(line, -box.left, -box.top) for line in group))
        for box, group in zip(boxes, groups, strict=True)
    ]


def _cut(lines: Group, depth: int = 0) -> list[Group]:
    """`lines` as one group a receipt: the rows of a grid first, then columns, then what lies one above the other."""
    if len(lines) < 10 or depth > 6:
        return [lines]
    if headed := _headed(lines):
        return [group for part in headed for group in _cut(part, depth + 1)]
    sides = _best_columns(lines)
    if sides:
        for upper, lower in _bands(lines, _GRID):
            if _best_columns(upper) and _best_columns(lower):
                return [*_cut(upper, depth + 1), *_cut(lower, depth + 1)]
        return [group for side in sides for group in _cut(side, depth + 1)]
    parts = _best_bands(lines, depth > 0)
    return [group for part in parts for group in _cut(part, depth + 1)] if parts else [lines]


def _headed(lines: Group) -> tuple[Group, Group] | None:
    """What lies above and below a heading that is printed a second time, where each part is a slip of its own.

    Forms printed one below the other stand closer than receipts on a scan, and say the same but for a few values.
    """
    height = median(line.box.height for line in lines)
    titles = [
        line
        for line in lines
        if (_TITLE.fullmatch(re.sub(r"\s", "", line.text)) or calls_cancelled(line.text))
        and line.box.height > 0.8 * height
    ]
    for upper in titles:
        for lower in titles:
            if lower.box.top - upper.box.bottom < _LEAST_SLIP * height:
                continue
            same = re.sub(r"\s", "", upper.text) == re.sub(r"\s", "", lower.text)
            edge = lower.box.top - 0.2 * height
            if any(line.box.top < edge < line.box.centre[1] for line in lines):
                continue
            above = tuple(line for line in lines if line.box.centre[1] < edge)
            below = tuple(line for line in lines if line.box.centre[1] >= edge)
            here, there = cues(above), cues(below)
            if here.of_one_form(there) if same else here.undone_by(there):
                return above, below
    return None


def _best_bands(lines: Group, columns: bool) -> tuple[Group, Group] | None:
    """What lies above and below the band that leaves most of a receipt's marks on both, among equals the highest."""
    best, most = None, (0, 0)
    for upper, lower in (*_bands(lines, _BAND_IN_COLUMN if columns else _BAND), *_heads(lines)):
        above, below = cues(upper), cues(lower)
        worth = above.shared_kinds(below), above.labelled + below.labelled
        if above.another_sale(below, columns) and worth > most:
            best, most = (upper, lower), worth
    return best


def _heads(lines: Group) -> Iterable[tuple[Group, Group]]:
    """`lines` above and below each head of a slip: where the rows over a business number leave the widest gap.

    Slips laid close leave no band, but a slip begins with its seller, which stands over the number or beside it.
    """
    rows = rows_of(lines)
    for index, row in enumerate(rows):
        if index < _LEAST_ROWS or not NUMBER.search(row.text):
            continue
        above = range(index - HEAD_ROWS + 1, index + 1)
        named = next((i for i in reversed(above) if _FOOT.search(rows[i - 1].text)), above[0])
        first = max(above, key=lambda i: (round(_gap(rows[i - 1], rows[i])), i == named))
        yield tuple(_lines_of(rows[:first])), tuple(_lines_of(rows[first:]))


def _gap(upper: Row, lower: Row) -> float:
    """Blank paper between two rows, in heights of the lower."""
    return (lower.y - upper.y - (upper.height + lower.height) / 2) / lower.height


def _lines_of(rows: Iterable[Row]) -> Iterator[Line]:
    return (word.line for row in rows for word in row.words)


def _best_columns(lines: Group) -> tuple[Group, Group] | None:
    """The two sides of the gutter that leaves most of a receipt's marks on both, among equals the widest.

    The gutter between the labels and the values of one receipt can be wider than the one between two receipts, but
    takes its total and its approval number away from their labels.
    """
    best, most = None, (0, 0)
    for left, right in _columns(lines):
        here, there = cues(left), cues(right)
        worth = here.shared_kinds(there), here.labelled + there.labelled
        if here.beside(there) and worth > most:
            best, most = (left, right), worth
    return best


def _columns(lines: Group) -> Iterable[tuple[Group, Group]]:
    """`lines` left and right of each gutter that nothing crosses, widest first; leaning gutters after straight ones."""
    height = median(line.box.height for line in lines)
    seen: set[frozenset[int]] = set()
    for slant in _SLANTS:
        lean = tan(radians(slant))
        spans = [
            (line.box.left + lean * line.box.centre[1], line.box.right + lean * line.box.centre[1], line)
            for line in lines
        ]
        for left, right in _parts(spans, _GUTTER * height):
            if (same := frozenset(map(id, left))) not in seen:
                seen.add(same)
                yield left, right


def _bands(lines: Group, heights: float) -> Iterable[tuple[Group, Group]]:
    """`lines` above and below each empty band of at least `heights` line heights, highest first."""
    height = median(line.box.height for line in lines)
    yield from _parts([(line.box.top, line.box.bottom, line) for line in lines], heights * height)


def _parts(spans: list[tuple[float, float, Line]], least: float) -> list[tuple[Group, Group]]:
    """The two sides of each gap of at least `least` px between intervals (from, to, line), widest first."""
    spans.sort(key=lambda span: span[:2])
    gaps, reach = [], spans[0][1]
    for (_, end, _), (start, _, _) in pairwise(spans):
        reach = max(reach, end)
        if start - reach >= least:
            gaps.append((start - reach, start))
    gaps.sort(reverse=True)
    return [
        (tuple(line for at, _, line in spans if at < start), tuple(line for at, _, line in spans if at >= start))
        for _, start in gaps
    ]


def _boxes(groups: Sequence[Group], size: tuple[int, int]) -> list[Box]:
    """A box in whole px around each group, widened half the way to its neighbours, at most 5 % of the page."""
    width, height = size
    around = [_around(group) for group in groups]
    boxes = []
    for box in around:
        room = 0.05 * max(size)
        beside = [o for o in around if o is not box and min(o.bottom, box.bottom) > max(o.top, box.top)]
        above = [o for o in around if o is not box and min(o.right, box.right) > max(o.left, box.left)]
        left = min([room, *((box.left - o.right) / 2 for o in beside if o.right <= box.left)])
        right = min([room, *((o.left - box.right) / 2 for o in beside if o.left >= box.right)])
        top = min([room, *((box.top - o.bottom) / 2 for o in above if o.bottom <= box.top)])
        bottom = min([room, *((o.top - box.bottom) / 2 for o in above if o.top >= box.bottom)])
        boxes.append(
            Box(
                max(0, int(box.left - left)),
                max(0, int(box.top - top)),
                min(width, int(box.right + right) + 1),
                min(height, int(box.bottom + bottom) + 1),
            )
        )
    return boxes


def _around(group: Group) -> Box:
    box = group[0].box
    for line in group[1:]:
        box = box.union(line.box)
    return box


def _moved(line: Line, dx: float, dy: float) -> Line:
    return replace(line, box=line.box.moved(dx, dy))
