"""A closer look at the printed part of a page, where the first one left something out.

The detector sees a page at most 1,600 px long: a receipt that fills a third of it, or a picture smaller than that, is
read too small. So the part with text is cut out, scaled to that size and read once more; lines that overlap compete.
Where the head of the slip still keeps something back, it alone is read, drawn taller: between tight rows of spaced
letters the detector otherwise finds columns of letters instead of rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import atan, degrees, radians, tan

import cv2
import numpy as np
import numpy.typing as npt

from workbench.domain.model import Box, Line
from workbench.pipeline.extraction import NO_EVIDENCE, Extraction, extract
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.digit_reader import SecondReader
from workbench.pipeline.ocr.engine import LONGEST_SIDE, Engine
from workbench.pipeline.reading.bands import band_lines

MOST_ENLARGED = 3.0
"""Beyond that a blurred letter only grows."""

WORTH_IT = 1.15
"""Scales nearer than that to the first look show nothing new."""

TALLER = 1.3
"""How much the head is stretched: on nine of ten receipts whose number was missed 1.25 to 1.4 found it."""

HEAD_SHARE = 0.45
"""The share of the print, from the top, that is the head of a slip."""

KEYS = ("business_number", "issued_at", "total", "supply", "vat", "approval_number", "merchant")


def look_again(
    image: Image,
    lines: tuple[Line, ...],
    engine: Engine,
    second: SecondReader,
    note: Callable[[Box, str], None] = lambda box, text: None,
) -> tuple[tuple[Line, ...], Extraction]:
    """The lines to judge by, and what they say: those of the first look and, where that left out what such a paper
    carries, those of a closer one and of bands. About one receipt in five is looked at again.

    `note` is told each second reading, so that the same judgement can be made later without the picture.
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
    if not _lacking(found):
        return lines, found
    nearer = merged(lines, closer_lines(image, lines, engine))
    if better(found, told := judged(nearer)):
        lines, found = nearer, told
    if found.kind not in NO_EVIDENCE and ("merchant" in _dim(found) or _lacking(found) - {"total"}):
        for taller in with_head(image, lines, engine):
            if better(found, told := judged(taller)):
                lines, found = taller, told
    lacking = _lacking(found)
    if not lacking or found.kind == "not_receipt":  # what nothing has been found on is no slip with a bent head
        return lines, found
    doubted = _lines_of(found, lines, lacking)
    bands = band_lines(image, lines, second, "business_number" in lacking, "issued_at" in lacking, doubted)
    if bands and better(found, told := judged((*lines, *bands))):
        lines, found = (*lines, *bands), told
    return lines, found


def _lines_of(found: Extraction, lines: Sequence[Line], names: set[str]) -> list[Line]:
    """The lines from which doubtful fields were read."""
    boxes = [f.box for f in found.fields if f.name in names and f.box is not None]
    most = _overlaps([line.box for line in lines], boxes).max(axis=1, initial=0.0)
    return [line for line, share in zip(lines, most, strict=True) if share > 0.8]


def _lacking(found: Extraction) -> set[str]:
    """What such a paper carries and was not found, or hardly."""
    if found.kind == "app_screen":
        return set()
    sure = {f.name: f.confidence for f in found.fields if f.read is not None}
    least = {"business_number": 0.6, "issued_at": 0.65, "total": 0.8}
    return {name for name, confidence in least.items() if sure.get(name, 0.0) < confidence}


def _dim(found: Extraction) -> set[str]:
    """Fields of the head that were found badly or not at all."""
    sure = {f.name: f.confidence for f in found.fields if f.read is not None}
    return {"merchant"} if sure.get("merchant", 0.0) <= 0.6 else set()


def closer_lines(image: Image, lines: Sequence[Line], engine: Engine) -> tuple[Line, ...]:
    """The lines of the printed part of `image` (RGB) at a larger scale, in px of `image`; () if it is no larger."""
    region = _printed(image, lines)
    if region is None:
        return ()
    first = min(1.0, LONGEST_SIDE / max(image.shape[:2]))
    scale = min(LONGEST_SIDE / max(region.width, region.height), MOST_ENLARGED)
    return _read(image, region, scale, 1.0, engine) if scale >= WORTH_IT * first else ()


def with_head(image: Image, lines: Sequence[Line], engine: Engine) -> Iterator[tuple[Line, ...]]:
    """`lines` with the upper part of the print read enlarged and stretched upwards: merged, then instead of the first.

    Columns of letters that were taken for rows overlap several rows: where these compete, the rows may lose.
    """
    region = _printed(image, lines)
    if region is None:
        return
    head = replace(region, bottom=region.top + HEAD_SHARE * region.height)
    scale = min(LONGEST_SIDE / (TALLER * head.height), LONGEST_SIDE / head.width, MOST_ENLARGED)
    seen = _read(image, head, scale, TALLER, engine)
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
    """Whether the second says more, and more surely, of what matters."""
    return _worth(second) > _worth(first) + 0.05


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
    for i, j in np.argwhere(np.tril(_overlaps(boxes, boxes) > 0.5, -1)).tolist():
        parent[root(i)] = root(j)
    groups: dict[int, list[int]] = {}
    for i in range(len(lines)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def _overlaps(ones: Sequence[Box], others: Sequence[Box]) -> npt.NDArray[np.float64]:
    """What each of `ones` shares with each of `others`, in areas of the smaller of both."""
    (left, top, right, bottom), (left_, top_, right_, bottom_) = _edges(ones), _edges(others)
    wide = np.minimum.outer(right, right_) - np.maximum.outer(left, left_)
    high = np.minimum.outer(bottom, bottom_) - np.maximum.outer(top, top_)
    smaller = np.minimum.outer((right - left) * (bottom - top), (right_ - left_) * (bottom_ - top_))
    shared = wide.clip(0) * high.clip(0)
    return np.asarray(np.divide(shared, smaller, out=np.zeros_like(shared), where=smaller > 0))


def _edges(boxes: Sequence[Box]) -> npt.NDArray[np.float64]:
    return np.array([(b.left, b.top, b.right, b.bottom) for b in boxes], np.float64).reshape(-1, 4).T


def _sureness(lines: Sequence[Line]) -> float:
    """Letters weighed by how surely they are read: what a group of lines is worth."""
    return sum(len(line.text) * max(line.confidence - 0.3, 0.0) for line in lines)
