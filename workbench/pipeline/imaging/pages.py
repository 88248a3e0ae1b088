"""A file becomes upright RGB images, one per receipt; the only place where geometry changes.

`probe` looks at headers only and is safe in the server's process; everything else decodes and belongs in a worker.
Every function takes the `Limits` in force and raises FileRefused with a sentence for the person who gave the file.
"""

from pathlib import Path

import cv2
import numpy as np

from workbench.domain.errors import FileRefused
from workbench.domain.model import Geometry, Line
from workbench.pipeline.imaging import decode, pdf
from workbench.pipeline.imaging.file_type import Limits, opened, sniff
from workbench.pipeline.layout.orientation import turned, upright
from workbench.pipeline.layout.segmentation import regions, split
from workbench.pipeline.ocr.engine import Engine, Image

__all__ = ["Limits", "load", "picture_hash", "probe", "receipts_of", "regions", "render", "sniff", "upright"]


def probe(path: Path, limits: Limits) -> int:
    """Number of pages; FileRefused where the file is none of ours, too large, locked or damaged at its start.

    Nothing is decoded: a picture cut short passes here and is refused by `load`.
    """
    with opened(path, limits) as (file, kind):
        pages = pdf.count(path) if kind == "pdf" else decode.count(file, kind, limits)
    return _within(pages, limits)


def load(path: Path, page: int, limits: Limits) -> Image:
    """Page `page` (from 1) as its file says it stands (EXIF obeyed): uint8, height x width x 3, RGB, contiguous.

    Shrunk by area average to `pictures.kept_size`, transparent parts white. Raises FileRefused, ReadFailed.
    """
    with opened(path, limits) as (file, kind):
        return pdf.draw(path, page) if kind == "pdf" else decode.decode(file, kind, page, limits)


def receipts_of(
    path: Path, page: int, engine: Engine, limits: Limits
) -> list[tuple[Geometry, Image, tuple[Line, ...]]]:
    """The receipts on a page: how each was cut out, its image, and its lines in px of that image.

    At least one; a blank page is one without lines. Each page is read once unless it lies on its side or head.
    """
    image, turn, lines = upright(load(path, page, limits), engine)
    height, width = image.shape[:2]
    found = []
    for region, inside in split(lines, (width, height)):
        geometry = Geometry(turn, region)
        cut = _cut_out(image, geometry)
        found.append((Geometry(turn, region, (cut.shape[1], cut.shape[0])), cut, inside))
    return found


def render(path: Path, page: int, geometry: Geometry, limits: Limits) -> Image:
    """The image that the engine saw for one receipt, drawn again from the file without reading it."""
    return _cut_out(turned(load(path, page, limits), geometry.turn), geometry)


def picture_hash(image: Image) -> str:
    """A difference hash of how the picture looks, 16 hex digits; alike pictures differ in few of its 64 bits."""
    step = max(1, min(image.shape[:2]) // 512)  # every pixel of a photo would take 10 ms and tell no more
    grey = cv2.cvtColor(np.ascontiguousarray(image[::step, ::step]), cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.packbits(small[:, 1:] > small[:, :-1]).tobytes().hex()


def _within(pages: int, limits: Limits) -> int:
    """`pages`, or FileRefused where they are too many."""
    if pages > limits.max_pages:
        raise FileRefused(
            f"쪽이 너무 많습니다. 한 파일에 {limits.max_pages:,}쪽까지 넣을 수 있습니다. 나누어 넣어 주세요."
        )
    return pages


def _cut_out(image: Image, geometry: Geometry) -> Image:
    if geometry.region is None:
        return image
    box = geometry.region
    return np.ascontiguousarray(image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)])
