"""One second look, where the first left out what such a paper carries: the print drawn taller.

Between tight rows of spaced letters the detector finds columns of letters instead of rows, and small print it misses;
drawn taller at the same longest side it finds the rows. Where the business number is missing the head of the slip is
looked at, else all of its print; the lines of both looks compete. Instead of bands, strips of the head and a closer
look, of which none finds anything more (`benchmarks/README.md`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import atan, degrees, radians, tan

import cv2
import numpy as np

from workbench.domain.geometry import overlaps
from workbench.domain.model import SURE, Box, Line
from workbench.pipeline.extraction import NO_EVIDENCE, Extraction, extract
from workbench.pipeline.extraction.sureness import DISPUTED, DOUBTED, GUESSED
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.digit_reader import SecondReader
from workbench.pipeline.ocr.engine import LONGEST_SIDE, Engine

MOST_ENLARGED = 3.0
"""Beyond that a blurred letter only grows."""

TALLER = 1.5
"""How much the print is stretched: of 1.25, 1.5 and 2 the one that finds most (561 of 572 true values)."""

HEAD_TALLER = 1.3
"""The same for the head, which is enlarged more: on nine of ten receipts without a number 1.25 to 1.4 found it."""

HEAD_SHARE = 0.45
"""The share of the print, from the top, that is the head of a slip."""

LEAST = {"business_number": GUESSED, "issued_at": DISPUTED, "total": DOUBTED, "merchant": DISPUTED}
"""Fields read less surely than that are as good as missing."""

KEYS = ("business_number", "issued_at", "total", "supply", "vat", "approval_number", "merchant")


def look_again(
    image: Image,
    lines: tuple[Line, ...],
    engine: Engine,
    second: SecondReader,
    note: Callable[[Box, str], None] = lambda box, text: None,
) -> tuple[tuple[Line, ...], Extraction]:
    """The lines to judge by, and what they say: those of the first look or, where that left out what such a paper
    carries and a second one finds more and contradicts nothing, those of both.

    `note` is told each reading of the other recogniser, so that the same judgement can be made without the picture.
    """
    asked: dict[Box, str] = {}

    def judged(now: tuple[Line, ...]) -> Extraction:
        ask = second.of(image, now)

        def again(box: Box) -> str:
            if box not in asked:
                asked[box] = ask(box)
                note(box, asked[box])
            return asked[box]

        return extract(now, (image.shape[1], image.shape[0]), again)

    found = judged(lines)
    for part in ("head", "all"):
        lacking = _lacking(found)
        if not lacking or (part == "head") > ("business_number" in lacking):
            continue
        for both in _taller(image, lines, engine, part == "head"):
            if better(found, told := judged(both)):
                lines, found = both, told
    return lines, found


def _lacking(found: Extraction) -> set[str]:
    """What such a paper carries and was not found, or hardly."""
    if found.kind == "app_screen":
        return set()
    read = {f.name: f.confidence for f in found.fields if f.read is not None}
    lacking = {name for name, confidence in LEAST.items() if read.get(name, 0.0) < confidence}
    # An order's slip names no seller.
    return lacking - {"business_number", "merchant"} if found.kind in NO_EVIDENCE - {"not_receipt"} else lacking


def _taller(image: Image, lines: tuple[Line, ...], engine: Engine, head: bool) -> Iterator[tuple[Line, ...]]:
    """`lines` with the print (or its head) read drawn taller: merged, then instead of the first.

    Columns of letters that were taken for rows overlap several rows: where these compete, the rows may lose.
    """
    region = _printed(image, lines)
    if region is None:
        return
    stretch = HEAD_TALLER if head else TALLER
    if head:
        region = replace(region, bottom=region.top + HEAD_SHARE * region.height)
    scale = min(LONGEST_SIDE / (stretch * region.height), LONGEST_SIDE / region.width, MOST_ENLARGED)
    seen = _read(image, region, scale, stretch, engine)
    if seen:
        yield merged(lines, seen)
        below = max(line.box.bottom for line in seen)
        rest = (line for line in lines if line.box.centre[1] > below)
        yield tuple(sorted((*seen, *rest), key=lambda line: (line.box.top, line.box.left)))


def _read(image: Image, region: Box, scale: float, taller: float, engine: Engine) -> tuple[Line, ...]:
    """The lines of a part of the image, scaled and stretched, in px of the image."""
    left, top, right, bottom = (int(v) for v in (region.left, region.top, region.right, region.bottom))
    part = image[top:bottom, left:right]
    if min(part.shape[:2]) < 4:
        return ()
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    larger = np.asarray(cv2.resize(part, None, fx=scale, fy=scale * taller, interpolation=how), np.uint8)
    return tuple(
        replace(
            line,
            box=_back(line.box, scale, scale * taller, left, top),
            angle=line.angle if taller == 1 else degrees(atan(tan(radians(line.angle)) / taller)),
        )
        for line in engine.read(larger)
    )


def merged(first: Sequence[Line], second: Sequence[Line]) -> tuple[Line, ...]:
    """Both looks as one set of lines: where they overlap, the one that reads more surely stays."""
    groups = _groups([*first, *second])
    kept: list[Line] = []
    for group in groups:
        ones = [i for i in group if i < len(first)]
        others = [i - len(first) for i in group if i >= len(first)]
        mine, theirs = [first[i] for i in ones], [second[i] for i in others]
        kept.extend(theirs if _sureness(theirs) > _sureness(mine) else mine)
    return tuple(sorted(kept, key=lambda line: (line.box.top, line.box.left)))


def better(first: Extraction, second: Extraction) -> bool:
    """Whether the second says more, and more surely, of what matters, and contradicts nothing that was sure."""
    now = {f.name: f.read for f in second.fields}
    sure = {f.name: f.read for f in first.fields if f.name in KEYS and f.confidence >= SURE and f.read is not None}
    return _worth(second) > _worth(first) + 0.05 and all(now.get(name) == read for name, read in sure.items())


def _worth(found: Extraction) -> float:
    return sum(f.confidence for f in found.fields if f.name in KEYS and f.read is not None)


def _printed(image: Image, lines: Sequence[Line]) -> Box | None:
    """Around the lines that are surely text, with a margin; the head of a slip may be what was missed."""
    text = [line.box for line in lines if line.confidence > 0.6 and len(line.text) > 2]
    if len(text) < 3:
        return None
    height, width = image.shape[:2]
    lefts, tops = sorted(b.left for b in text), sorted(b.top for b in text)
    rights, bottoms = sorted(b.right for b in text), sorted(b.bottom for b in text)
    tall = sorted(b.height for b in text)[len(text) // 2]
    return Box(
        max(lefts[0] - 2 * tall, 0),
        max(tops[0] - 6 * tall, 0),
        min(rights[-1] + 2 * tall, width),
        min(bottoms[-1] + 3 * tall, height),
    )


def _back(box: Box, across: float, down: float, left: int, top: int) -> Box:
    return Box(box.left / across + left, box.top / down + top, box.right / across + left, box.bottom / down + top)


def _groups(lines: Sequence[Line]) -> list[list[int]]:
    """Indices of lines that cover each other, by more than half of the smaller one, straight or by way of others."""
    parent = list(range(len(lines)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    boxes = [line.box for line in lines]
    for i, j in np.argwhere(np.tril(overlaps(boxes, boxes) > 0.5, -1)).tolist():
        parent[root(i)] = root(j)
    groups: dict[int, list[int]] = {}
    for i in range(len(lines)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def _sureness(lines: Sequence[Line]) -> float:
    """Letters weighed by how surely they are read: what a group of lines is worth."""
    return sum(len(line.text) * max(line.confidence - 0.3, 0.0) for line in lines)
