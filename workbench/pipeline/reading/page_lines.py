"""What a page says, and on whose word: the characters of a PDF that its picture shows, else what is recognised.

The picture is the truth. Characters stand for it where it shows them; what it shows beyond them is recognised, and text
that a scanner's program has laid behind a picture is but a second reader of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.domain.geometry import share
from workbench.domain.model import Box, Line
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging.pixels import Image, turned
from workbench.pipeline.layout.orientation import upright
from workbench.pipeline.layout.printed_lines import Printed, direction, printed_lines
from workbench.pipeline.ocr import tiling
from workbench.pipeline.ocr.engine import Engine
from workbench.pipeline.reading.shown_text import Shown

_SAME = 0.3
"""share of a recognised line within a printed one from which both are the same print"""

_LEAST = 12
"""characters that can be seen from which a PDF page counts as born digital"""


@dataclass(frozen=True, slots=True)
class PageLines:
    """An upright page (`orientation` clockwise as in Geometry) and its lines, in px of `image`.

    `layer`: text laid behind a scan; `unseen`: text that the file carries and the picture does not show. A bill over
    several `pages` is one such picture, see `Geometry`.
    """

    image: Image
    orientation: int
    lines: tuple[Line, ...]
    layer: tuple[Line, ...] = ()
    unseen: tuple[Line, ...] = ()
    pages: int = 1
    page_height: int = 0


def page_lines(path: Path, page: int, engine: Engine, limits: Limits) -> PageLines:
    """Loads page `page` (from 1) and reads it: by its characters where these can be trusted, else by `engine`."""
    image, text = pages.load_printed(path, page, limits)
    orientation = direction(text)
    printed = printed_lines(text, orientation)
    if sum(len(p.line.text) for p in printed if not p.invisible) < _LEAST:
        return _recognised(image, engine, printed, orientation, text.scanned)
    image = turned(image, orientation)
    shown = Shown(image, printed)
    seen = tuple(p.line for p in shown.seen)
    behind = tuple(p.line for p in shown.unseen if p.invisible and text.scanned)
    unseen = tuple(p.line for p in shown.unseen if not (p.invisible and text.scanned))
    if shown.has_more():
        return PageLines(image, orientation, joined(seen, tiling.read(image, engine)), behind, unseen)
    return PageLines(image, orientation, joined(seen, _instead(image, unseen, engine)), behind, unseen)


def _recognised(
    image: Image, engine: Engine, printed: Sequence[Printed], orientation: int, scanned: bool
) -> PageLines:  # fmt: skip
    """A page without characters that can be seen: read as a scan; those that cannot are its second reader."""
    image, found, lines = upright(image, engine)
    told = tuple(p.line for p in printed if p.invisible) if found == orientation else ()
    other = tuple(p.line for p in printed if not p.invisible) if found == orientation else ()
    shown = Shown(image, [p for p in printed if not p.invisible]) if other else None
    unseen = tuple(p.line for p in shown.unseen) if shown else ()
    return PageLines(image, found, lines, told if scanned else (), (*unseen, *(() if scanned else told)))


def within(region: Box | None, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Those of `lines` whose middle lies in a region of their page, in px of the region; all where it is None."""
    if region is None:
        return tuple(lines)
    here = [line for line in lines if region.left <= line.box.centre[0] <= region.right
            and region.top <= line.box.centre[1] <= region.bottom]  # fmt: skip
    return tuple(replace(line, box=line.box.moved(-region.left, -region.top)) for line in here)


def joined(printed: Sequence[Line], recognised: Sequence[Line]) -> tuple[Line, ...]:
    """Printed lines, and those recognised ones that lie beside them."""
    beside = [line for line in recognised if not any(share(line.box, p.box) > _SAME for p in printed)]
    if not beside:
        return tuple(printed)
    return (*printed, *beside)


def _instead(image: Image, unseen: Sequence[Line], engine: Engine) -> list[Line]:
    """What the picture shows where lines are that it does not show: the print of a patch laid over them."""
    found: list[Line] = []
    height, width = image.shape[:2]
    for box in _regions(unseen, (width, height)):
        left, top, right, bottom = (int(v) for v in (box.left, box.top, box.right, box.bottom))
        part = image[top:bottom, left:right]
        if min(part.shape[:2], default=0) > 8 and int(part.max()) - int(part.min()) > 60:
            found += [replace(line, box=line.box.moved(left, top)) for line in engine.read(part)]
    return found


def _regions(lines: Sequence[Line], size: tuple[int, int]) -> list[Box]:
    """Around each line, its neighbours too, on the page; at most eight."""
    boxes: list[Box] = []
    for line in lines:
        b, pad = line.box, 0.8 * line.box.height
        box = Box(max(0, b.left - pad), max(0, b.top - pad), min(size[0], b.right + pad), min(size[1], b.bottom + pad))
        if box.width > 0 and box.height > 0 and not any(share(box, other) > 0.5 for other in boxes):
            boxes.append(box)
    return boxes[:8]
