"""A file becomes upright RGB images, one per receipt; the only place where geometry changes.

Files are opened in a child with limits (`confined`): no decoder of a user's file runs in the process that asks. Every
function takes the `Limits` in force and raises FileRefused with a sentence for the person who gave the file.
"""

from pathlib import Path

import cv2
import numpy as np

from workbench.domain.errors import FileRefused
from workbench.domain.model import Geometry
from workbench.pipeline.imaging import confined
from workbench.pipeline.imaging.file_type import Limits, opened
from workbench.pipeline.imaging.page_text import PageText
from workbench.pipeline.imaging.pixels import Image, turned
from workbench.pipeline.imaging.request import Answer
from workbench.pipeline.imaging.stack import stacked


def probe(path: Path, limits: Limits) -> int:
    """Number of pages; FileRefused where the file is none of ours, too large, locked or damaged at its start.

    Nothing is decoded: a picture cut short passes here and is refused by `load`.
    """
    return _within(_asked("count", path, 1, limits)[0].pages, limits)


def load(path: Path, page: int, limits: Limits) -> Image:
    """Page `page` (from 1) as its file says it stands (EXIF obeyed): uint8, height x width x 3, RGB, contiguous.

    Shrunk by area average to `kept_size`, transparent parts white (black under light print). Raises
    FileRefused, ReadFailed.
    """
    return _drawn(_asked("draw", path, page, limits)[1])


def load_printed(path: Path, page: int, limits: Limits) -> tuple[Image, PageText]:
    """As `load`, and the characters that the page carries where it is a PDF's, in px of that image."""
    said, image = _asked("draw_printed", path, page, limits)
    return _drawn(image), said.text


def printed(path: Path, page: int, limits: Limits) -> PageText:
    """The characters alone that `load_printed` gives, without drawing the page."""
    return _asked("text", path, page, limits)[0].text


def _asked(what: str, path: Path, page: int, limits: Limits) -> tuple[Answer, Image | None]:
    with opened(path, limits) as (_, kind):
        return confined.ask(what, path, kind, page, limits)


def _drawn(image: Image | None) -> Image:
    assert image is not None  # noqa: S101  # what was asked for is a picture
    return image


def render(path: Path, page: int, geometry: Geometry, limits: Limits) -> Image:
    """The image that the engine saw for one receipt, drawn again from the file without reading it."""
    sheets = [turned(load(path, page + after, limits), geometry.orientation) for after in range(geometry.pages)]
    return cut_out(stacked(sheets) if len(sheets) > 1 else sheets[0], geometry)


def picture_hash(image: Image) -> str:
    """A difference hash of how the picture looks, 16 hex digits; alike pictures differ in few of its 64 bits."""
    step = max(1, min(image.shape[:2]) // 512)  # every pixel of a photo would take 10 ms and tell no more
    grey = np.ascontiguousarray(cv2.cvtColor(image[::step], cv2.COLOR_RGB2GRAY)[:, ::step])
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
