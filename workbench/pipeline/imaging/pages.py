"""A file becomes upright RGB images, one per receipt; the only place where geometry changes.

`probe` looks at headers only and is safe in the server's process; everything else decodes and belongs in a worker.
Every function takes the `Limits` in force and raises FileRefused with a sentence for the person who gave the file.
"""

from pathlib import Path

import cv2
import numpy as np

from workbench.domain.errors import FileRefused
from workbench.domain.model import Geometry
from workbench.pipeline.imaging import decode, pdf
from workbench.pipeline.imaging.file_type import Limits, opened
from workbench.pipeline.imaging.pdf_text import PageText
from workbench.pipeline.imaging.pixels import Image, turned
from workbench.pipeline.imaging.stack import stacked


def probe(path: Path, limits: Limits) -> int:
    """Number of pages; FileRefused where the file is none of ours, too large, locked or damaged at its start.

    Nothing is decoded: a picture cut short passes here and is refused by `load`.
    """
    with opened(path, limits) as (file, kind):
        pages = pdf.count(path) if kind == "pdf" else decode.count(file, kind, limits)
    return _within(pages, limits)


def load(path: Path, page: int, limits: Limits) -> Image:
    """Page `page` (from 1) as its file says it stands (EXIF obeyed): uint8, height x width x 3, RGB, contiguous.

    Shrunk by area average to `pictures.kept_size`, transparent parts white (black under light print). Raises
    FileRefused, ReadFailed.
    """
    with opened(path, limits) as (file, kind):
        return pdf.draw(path, page) if kind == "pdf" else decode.decode(file, kind, page, limits)


def load_printed(path: Path, page: int, limits: Limits) -> tuple[Image, PageText]:
    """As `load`, and the characters that the page carries where it is a PDF's, in px of that image."""
    with opened(path, limits) as (file, kind):
        if kind == "pdf":
            return pdf.draw_printed(path, page)
        return decode.decode(file, kind, page, limits), PageText()


def printed(path: Path, page: int, limits: Limits) -> PageText:
    """The characters alone that `load_printed` gives, without drawing the page."""
    with opened(path, limits) as (_, kind):
        return pdf.text(path, page) if kind == "pdf" else PageText()


def render(path: Path, page: int, geometry: Geometry, limits: Limits) -> Image:
    """The image that the engine saw for one receipt, drawn again from the file without reading it."""
    sheets = [turned(load(path, page + after, limits), geometry.turn) for after in range(geometry.pages)]
    return cut_out(stacked(sheets) if len(sheets) > 1 else sheets[0], geometry)


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


def cut_out(image: Image, geometry: Geometry) -> Image:
    """The receipt's region of an upright page; the page itself where the receipt is all of it."""
    if geometry.region is None:
        return image
    box = geometry.region
    return np.ascontiguousarray(image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)])
