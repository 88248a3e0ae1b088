"""Whether the picture of a PDF page shows the characters that the file claims, and what it shows beyond them.

A cheap look, by strokes alone: it tells text that nobody can see (white on white, under a picture or a patch, off the
paper, too small) and print that no character accounts for. What shows otherwise than it says is told by reading it.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from workbench.domain.geometry import overlaps
from workbench.domain.model import Box
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.layout.printed_lines import Printed

FAINTEST = 28
"""of 255: ink that differs less from its paper is not meant to be read"""

SMALLEST = 5.0
"""px at 300 dpi, about one point: print that small is no print"""

COVERED = 0.4
"""share of a line under another one from which they are drawn over each other"""

_WATERMARK = 2.5
"""times as tall as what it lies over: both can be read"""

_UNREAD_LETTERS = 10
"""marks of the size of letters outside all characters from which a page holds print that has to be recognised"""

_MAP = 1200
"""px, longer side of the map on which they are counted"""


class Shown:
    """Which of a page's printed lines its picture shows; made once a page (10 to 30 ms)."""

    def __init__(self, image: Image, lines: Sequence[Printed]) -> None:
        self._grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        self._lines = tuple(lines)
        covered = _over_each_other(self._lines)
        self.seen = tuple(p for k, p in enumerate(self._lines) if k not in covered and self._is_seen(p))
        self.unseen = tuple(p for p in self._lines if p not in self.seen)

    def _is_seen(self, printed: Printed) -> bool:
        """Whether every other character leaves ink, and every digit does."""
        if printed.invisible or printed.line.box.height < SMALLEST:
            return False
        inked = [(letter, self._inked(box)) for letter, box in printed.glyphs]
        if any(letter.isdigit() and not ink for letter, ink in inked):
            return False
        return not inked or 2 * sum(ink for _, ink in inked) > len(inked)

    def _inked(self, box: Box) -> bool:
        height, width = self._grey.shape
        left, top = max(int(box.left), 0), max(int(box.top), 0)
        right, bottom = min(int(box.right) + 1, width), min(int(box.bottom) + 1, height)
        part = self._grey[top:bottom, left:right]
        return bool(part.size) and int(part.max()) - int(part.min()) >= FAINTEST

    def has_more(self) -> bool:
        """Whether there is print on the picture that no seen line accounts for: letters drawn as shapes or pictures."""
        step = max(1, round(max(self._grey.shape) / _MAP))  # whole steps are averaged five times as fast
        scale = 1 / step
        grey = cv2.resize(self._grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        marks = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
        ink = (marks > 2 * FAINTEST).astype(np.uint8)
        for printed in self.seen:
            box = printed.line.box
            pad = 0.15 * box.height
            left, top, right, bottom = (max(int(v * scale), 0) for v in
                                        (box.left - pad, box.top - pad, box.right + pad, box.bottom + pad))  # fmt: skip
            ink[top : bottom + 2, left : right + 2] = 0
        return _letters(ink) >= _UNREAD_LETTERS


def _letters(ink: npt.NDArray[np.uint8]) -> int:
    """How many marks of the size and shape of a letter a map of ink holds; rules, frames and specks are none."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high, area = (stats[1:count, k] for k in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    sized = (high >= 5) & (high <= 60) & (wide >= 2) & (wide <= 60) & (area >= 6)
    solid = area < 0.9 * wide * high  # a box filled out is a bullet or a module of a code
    return int((sized & solid & (wide < 4 * high)).sum())


def _over_each_other(lines: Sequence[Printed]) -> set[int]:
    """Places of drawn lines that lie over another one that says something else: one of the two is not what is seen."""
    drawn = [
        k for k, p in enumerate(lines)
        if not p.invisible and abs(p.line.angle) < 2 and any(c.isalnum() for c in p.line.text)  # values stand on "____"
    ]  # fmt: skip
    if len(drawn) < 2:
        return set()
    boxes = [lines[k].line.box for k in drawn]
    shared = overlaps(boxes, boxes)
    np.fill_diagonal(shared, 0)
    tall = np.array([box.height for box in boxes])
    shared[np.maximum.outer(tall, tall) > _WATERMARK * np.minimum.outer(tall, tall)] = 0
    found: set[int] = set()
    for a, b in np.argwhere(np.triu(shared) > COVERED).tolist():
        if lines[drawn[a]].line.text != lines[drawn[b]].line.text:
            found |= {drawn[a], drawn[b]}
    return found
