"""Several receipts on one page become one region each, by the layout of the lines and by what each side says.

A cut needs both: an empty gutter, and on either side of it the marks of a whole receipt (its own number, date, total,
approval). Labels left and values right, or two columns of one slip, leave a gutter too, but share the marks out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import radians, tan
from statistics import median

from workbench.model import Box, Line

Group = tuple[Line, ...]

_NUMBER = re.compile(r"(?<![\d-])(\d{3})-(\d\d)-(\d{5})(?![\d-])")
_DAY = re.compile(r"(?<!\d)(?:20)?(\d\d)[-./년]\s?(\d\d?)[-./월]\s?(\d\d?)(?!\d)")
_TIME = re.compile(r"(?<!\d)(\d\d):(\d\d)(?!\d)")
_AMOUNT = re.compile(r"(?<![\d,.])(\d{1,3}(?:[,.]\d{3})+)(?![\d,.])")
_TOTAL = re.compile(
    r"합\s*계|총\s*액|(?:총|결제|승인|받을|청구|판매|거래)\s*금액|받을\s*돈|TOTAL|AMOUNT", re.IGNORECASE
)
_APPROVAL = re.compile(r"승인\s*(?:번호|NO)\D{0,6}(\d{6,10})", re.IGNORECASE)

_SLANTS = (0.0, 2.0, -2.0, 4.0, -4.0, 6.0, -6.0, 8.0, -8.0)
"""degrees by which a gutter may lean, straight ones first"""

_GUTTER = 1.5
"""a gutter is at least that many line heights wide"""

_BAND = 3.0
"""receipts one above the other are at least that many line heights apart"""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a receipt says once about itself, as found in a group of lines; empty sets where it does not."""

    numbers: frozenset[str]
    moments: frozenset[str]
    totals: frozenset[str]
    approvals: frozenset[str]
    labelled: int = 0
    """how many totals and approval numbers stand to the right of their label, one value counted each time it does"""

    def shared_kinds(self, other: "Marks") -> int:
        """How many of the four kinds both have."""
        pairs = zip(self._sets(), other._sets(), strict=True)
        return sum(bool(mine and theirs) for mine, theirs in pairs)

    def strangers(self, other: "Marks") -> int:
        """How many of the four kinds both have without a value in common."""
        pairs = zip(self._sets(), other._sets(), strict=True)
        return sum(bool(mine and theirs and not mine & theirs) for mine, theirs in pairs)

    def _sets(self) -> tuple[frozenset[str], ...]:
        return self.numbers, self.moments, self.totals, self.approvals


def marks(lines: Iterable[Line]) -> Marks:
    """The marks of a receipt in `lines`; a total or an approval number counts where its label stands left of it."""
    numbers, moments, totals, approvals = (list[str]() for _ in range(4))
    for row in _rows(lines):
        numbers += ["".join(found) for found in _NUMBER.findall(row)]
        if day := _DAY.search(row):
            time = _TIME.search(row, day.end())
            moments.append(" ".join((*day.groups(), *(time.groups() if time else ()))))
        totals += [found for part in _TOTAL.split(row)[1:] for found in _AMOUNT.findall(part)[:1]]
        approvals += _APPROVAL.findall(row)
    labelled = len(totals) + len(approvals)
    return Marks(frozenset(numbers), frozenset(moments), frozenset(totals), frozenset(approvals), labelled)


def split(lines: Sequence[Line], size: tuple[int, int]) -> list[tuple[Box | None, Group]]:
    """Each receipt's region on a page of `size` (width, height) px, and its lines, moved into the region's px.

    One receipt: region None, the page whole. Reading order: from left to right, and down within a column.
    """
    groups = _cut(tuple(lines), 0)
    if len(groups) < 2:
        return [(None, tuple(lines))]
    boxes = _boxes(groups, size)
    return [
        (box, tuple(_moved(line, -box.left, -box.top) for line in group))
        for box, group in zip(boxes, groups, strict=True)
    ]


def regions(lines: Sequence[Line], size: tuple[int, int]) -> list[Box]:
    """The boxes of `split` in whole px of the page; the page itself where it holds one receipt."""
    return [box or Box(0, 0, *size) for box, _ in split(lines, size)]


def _cut(lines: Group, depth: int) -> list[Group]:
    """`lines` as one group a receipt: columns first, then rows within a column."""
    if len(lines) < 10 or depth > 4:
        return [lines]
    if sides := _best_columns(lines):
        return [group for side in sides for group in _cut(side, depth + 1)]
    for upper, lower in _bands(lines):
        above, below = marks(upper), marks(lower)
        # Two slips of one sale printed in one strip share number, time or amount; two sales share at most one.
        if above.shared_kinds(below) >= 3 and above.strangers(below) >= 3:
            return [*_cut(upper, depth + 1), *_cut(lower, depth + 1)]
    return [lines]


def _best_columns(lines: Group) -> tuple[Group, Group] | None:
    """The two sides of the gutter that leaves most of a receipt's marks on both, among equals the widest.

    The gutter between the labels and the values of one receipt can be wider than the one between two receipts, but
    takes its total and its approval number away from their labels.
    """
    best, most = None, (1, 0)
    for left, right in _columns(lines):
        here, there = marks(left), marks(right)
        shared = here.shared_kinds(there), here.labelled + there.labelled
        labelled = (here.totals and there.totals) or (here.approvals and there.approvals)
        if labelled and shared[0] > 1 and shared > most:
            best, most = (left, right), shared
    return best


def _columns(lines: Group) -> Iterable[tuple[Group, Group]]:
    """`lines` left and right of each gutter that nothing crosses, widest first; leaning gutters after straight ones."""
    height = median(line.box.height for line in lines)
    for slant in _SLANTS:
        lean = tan(radians(slant))
        spans = [
            (line.box.left + lean * line.box.centre[1], line.box.right + lean * line.box.centre[1], line)
            for line in lines
        ]
        yield from _parts(spans, _GUTTER * height)


def _bands(lines: Group) -> Iterable[tuple[Group, Group]]:
    """`lines` above and below each empty band, highest first."""
    height = median(line.box.height for line in lines)
    yield from _parts([(line.box.top, line.box.bottom, line) for line in lines], _BAND * height)


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


def _rows(lines: Iterable[Line]) -> list[str]:
    """The texts of `lines` joined along rows: lines whose middles lie within half a height of each other."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.centre[1]):
        last = rows[-1][-1] if rows else None
        if last and line.box.centre[1] - last.box.centre[1] < 0.5 * min(line.box.height, last.box.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return ["  ".join(line.text for line in sorted(row, key=lambda line: line.box.left)) for row in rows]


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
    return Line(line.text, line.confidence, line.box.moved(dx, dy), line.angle)
