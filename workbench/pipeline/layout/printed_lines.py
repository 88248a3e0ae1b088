"""Characters of a PDF become lines: what stands on one baseline without a gap, in reading order, columns kept."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.page_text import Glyph, PageText

SOURCE = "pdf text"
"""What a line says of where it comes from, read by no recogniser."""

_BLANK = 0.22
"""em between two characters from which there is a blank, if the word's letters are not spaced so"""

_COLUMN, _WIDE_BLANK = 1.3, 2.6
"""em from which a new line begins: across nothing, and across printed blanks"""

_LEVEL = 0.3
"""em by which characters of one line may stand higher or lower: exponents do"""

_STRAIGHT = 2.0
"""degrees off the page's own direction that still count as level"""

_RUNNING = 10
"""characters of most lines in a column of running text; labels and values have fewer"""

_COMMON = re.compile("[!-~가-힣]")
"""characters for which every machine with Korean fonts has a shape"""

_UNKNOWN = 0.2
"""share of characters without a meaning from which a line says nothing"""


@dataclass(frozen=True, slots=True)
class Printed:
    """A line and its characters with their boxes (px); `invisible` where the file says that it is not drawn.

    Characters for which this machine may have no shape are left out of `glyphs`: a picture need not show them.
    """

    line: Line
    glyphs: tuple[tuple[str, Box], ...]
    invisible: bool = False


def direction(page: PageText) -> int:
    """The clockwise turn (0, 90, 180, 270) that brings most of the characters level."""
    votes = Counter(round(glyph.angle / 90) % 4 for glyph in page.glyphs if glyph.text.strip())
    return (4 - votes.most_common(1)[0][0]) % 4 * 90 if votes else 0


def printed_lines(page: PageText, turn: int) -> tuple[Printed, ...]:
    """The lines of the page turned clockwise by `turn`, in px of the turned page, in reading order.

    Lines whose font says nothing of its characters are left out: they have to be recognised.
    """
    glyphs = [_turned(glyph, turn, page.size) for glyph in page.glyphs]
    level = [g for g in glyphs if min(g.angle, 360 - g.angle) <= _STRAIGHT]
    slanted = [g for g in glyphs if min(g.angle, 360 - g.angle) > _STRAIGHT]
    found = [_printed(run) for run in _merged(_runs(level))] + [_printed(run) for run in _runs(slanted, slanted=True)]
    return _in_order([one for one in found if one is not None])


def _turned(glyph: Glyph, turn: int, size: tuple[int, int]) -> Glyph:
    width, height = size
    b = glyph.box
    box = {
        0: b,
        90: Box(height - b.bottom, b.left, height - b.top, b.right),
        180: Box(width - b.right, height - b.bottom, width - b.left, height - b.top),
        270: Box(b.top, width - b.right, b.bottom, width - b.left),
    }[turn]
    return replace(glyph, box=box, angle=(glyph.angle + turn) % 360)


def _runs(glyphs: Sequence[Glyph], slanted: bool = False) -> list[list[Glyph]]:
    """Characters that follow each other in the file and on the paper."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and (_follows_slanted if slanted else _follows)(runs[-1], glyph):
            runs[-1].append(glyph)
        elif glyph.text != " ":
            runs.append([glyph])
    return runs


def _follows(run: list[Glyph], glyph: Glyph) -> bool:
    last = run[-1]
    if glyph.invisible != last.invisible or not _level(last, glyph):
        return False
    solid = next(g for g in reversed(run) if g.text != " ")
    gap = glyph.box.left - solid.box.right
    widest = _COLUMN if solid is last else _WIDE_BLANK
    return -0.6 * glyph.size <= glyph.box.left - last.box.right and gap <= widest * max(glyph.size, last.size)


def _follows_slanted(run: list[Glyph], glyph: Glyph) -> bool:
    """Print at an angle, a stamp or a watermark: near, of one size and one direction."""
    last = run[-1]
    (x, y), (u, v) = last.box.centre, glyph.box.centre
    near = abs(x - u) + abs(y - v) < 2.5 * max(last.size, glyph.size)
    return near and abs(glyph.angle - last.angle) < _STRAIGHT and glyph.invisible == last.invisible


def _level(one: Glyph, other: Glyph) -> bool:
    smaller, larger = sorted((one.size, other.size))
    return abs(one.box.bottom - other.box.bottom) <= _LEVEL * larger and larger <= 2.2 * smaller


def _merged(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Runs of one line that the file draws apart, joined; what is drawn twice at one place (false bold) kept once."""
    runs = sorted(runs, key=lambda run: (run[0].box.left, run[0].box.bottom))
    kept: list[list[Glyph]] = []
    for run in runs:
        at = next((k for k in reversed(kept) if _follows(k, run[0])), None)
        if any(_same(k, run) for k in kept):
            continue
        if at is None:
            kept.append(list(run))
        else:
            at.extend(run)
    return kept


def _same(one: list[Glyph], other: list[Glyph]) -> bool:
    """Whether two runs are the same text at nearly the same place."""
    first, second = one[0], other[0]
    close = abs(first.box.left - second.box.left) + abs(first.box.bottom - second.box.bottom) < 0.15 * first.size
    return close and [g.text for g in one] == [g.text for g in other] and first.invisible == second.invisible


def _printed(run: list[Glyph]) -> Printed | None:
    while run and run[-1].text == " ":
        run = run[:-1]
    solid = [g for g in run if g.text != " "]
    if not solid or sum(g.text == "" for g in solid) > _UNKNOWN * len(solid):
        return None
    text = unicodedata.normalize("NFC", " ".join(_spaced(run).split()))
    box = solid[0].box
    for glyph in solid:
        box = box.union(glyph.box)
    angle = solid[0].angle if solid[0].angle <= 180 else solid[0].angle - 360
    line = Line(text, 1.0, box, round(angle, 2), SOURCE)
    known = tuple((g.text, g.box) for g in solid if not g.borrowed or _COMMON.match(g.text))
    return Printed(line, known, solid[0].invisible) if text else None


def _spaced(run: Sequence[Glyph]) -> str:
    """The text, with blanks where gaps are wider than the letters of this line are spaced."""
    solid = [(a, b) for a, b in pairwise(run) if " " not in (a.text, b.text)]
    gaps = sorted((b.box.left - a.box.right) / max(a.size, b.size, 1.0) for a, b in solid)
    usual = max(0.0, gaps[len(gaps) // 5]) if len(gaps) > 2 else 0.0  # of letters that are spaced out
    text = run[0].text
    for before, glyph in pairwise(run):
        gap = (glyph.box.left - before.box.right) / max(before.size, glyph.size, 1.0)
        text += (" " if gap > _BLANK + 1.5 * usual else "") + glyph.text
    return text


def _in_order(lines: list[Printed]) -> tuple[Printed, ...]:
    """Reading order: down the page, and each column of a part with columns by itself, from left to right."""
    boxes, texts = [printed.line.box for printed in lines], [printed.line.text for printed in lines]
    return tuple(lines[i] for i in _ordered(list(range(len(lines))), boxes, texts))


def _ordered(which: list[int], boxes: Sequence[Box], texts: Sequence[str]) -> list[int]:
    if len(which) < 2:
        return which
    tall = median(boxes[i].height for i in which)
    sides = _parted(which, [(boxes[i].left, boxes[i].right) for i in which], 1.2 * tall)
    if sides and all(_column(side, texts) for side in sides):
        return [i for side in sides for i in _ordered(side, boxes, texts)]
    parts = _parted(which, [(boxes[i].top, boxes[i].bottom) for i in which], 0.8 * tall)
    if parts:
        return [i for part in parts for i in _ordered(part, boxes, texts)]
    return _by_rows(which, boxes)


def _column(side: Sequence[int], texts: Sequence[str]) -> bool:
    """Whether these lines are a column of running text, and not the labels or the values of a form."""
    long = sum(len(texts[i]) >= _RUNNING for i in side)
    return len(side) > 2 and long >= 0.85 * len(side)


def _parted(which: Sequence[int], spans: Sequence[tuple[float, float]], least: float) -> list[list[int]]:
    """The two sides of the first gap of at least `least` px between the spans (from, to); [] where there is none."""
    order = sorted(range(len(which)), key=lambda k: spans[k])
    reach = spans[order[0]][1]
    for place, k in enumerate(order):
        if spans[k][0] - reach >= least:
            return [[which[j] for j in order[:place]], [which[j] for j in order[place:]]]
        reach = max(reach, spans[k][1])
    return []


def _by_rows(which: Sequence[int], boxes: Sequence[Box]) -> list[int]:
    left = sorted(which, key=lambda i: boxes[i].centre[1])
    ordered: list[int] = []
    while left:
        first = boxes[left[0]]
        row = [i for i in left if abs(boxes[i].centre[1] - first.centre[1]) < 0.5 * min(first.height, boxes[i].height)]
        ordered += sorted(row, key=lambda i: boxes[i].left)
        left = [i for i in left if i not in row]
    return ordered
