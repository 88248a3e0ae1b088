"""A long till roll is read in overlapping pieces: shrunk whole into the detector, its print would be too small."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from workbench.domain.geometry import overlap
from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.engine import LONGEST_SIDE, Engine

LONG = 3.0
"""longer side by shorter side from which a page that the detector would shrink is read in pieces"""

PIECE, OVERLAP = 2.0, 0.3
"""a piece's length and what it shares with the next, in shorter sides of the page; no row of print is that high"""

NARROW = 8
"""px; nothing narrower holds print, and RapidOCR takes 49 s over 1 x 2,500 px"""

MOST = 16
"""pieces of one page at most"""


def read(image: Image, engine: Engine) -> tuple[Line, ...]:
    """The lines of `image`, as `Engine.read`; of a long one from several readings, each line kept once.

    On a drawn roll of 140 goods, 1 to 9.6, 128 rows came out whole, none when it was read at once (seed recogniser).
    """
    height, width = image.shape[:2]
    if min(height, width) < NARROW:
        return ()
    if max(height, width) <= max(LONGEST_SIDE, LONG * min(height, width)):
        return engine.read(image)
    upright = height > width
    kept: list[Line] = []
    for start, end, first, last in _pieces(max(height, width), min(height, width)):
        piece = image[start:end] if upright else image[:, start:end]
        for line in engine.read(np.ascontiguousarray(piece)):
            moved = Line(line.text, line.confidence, _back(line.box, start, upright), line.angle)
            slack = 0.5 * min(line.box.height, line.box.width)  # two readings never agree to the px
            middle = moved.box.centre[upright]
            if first - slack <= middle < last + slack and not any(
                overlap(moved.box, other.box) > 0.5 for other in kept
            ):
                kept.append(moved)
    return tuple(sorted(kept, key=lambda line: (line.box.top, line.box.left)))


def _pieces(length: int, breadth: int) -> Iterator[tuple[int, int, float, float]]:
    """Each piece's start and end, and between which px the lines are its own: up to the middle of each overlap."""
    count = min(MOST, max(2, round(length / (PIECE * breadth))))
    overlap = OVERLAP * breadth
    edges = np.linspace(0, length, count + 1)
    for n, (own, following) in enumerate(pairwise(edges)):
        start, end = max(0, int(own - overlap / 2)), min(length, int(following + overlap / 2))
        yield start, end, -1.0 if n == 0 else own, length + 1.0 if n == count - 1 else following


def _back(box: Box, start: int, upright: bool) -> Box:
    return box.moved(0, start) if upright else box.moved(start, 0)
