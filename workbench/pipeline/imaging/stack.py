"""Pages of one bill under each other as one picture, so that a receipt over several pages is read and seen as one."""

from collections.abc import Sequence

import cv2
import numpy as np

from workbench.domain.model import Box
from workbench.pipeline.imaging.kept_size import AREA
from workbench.pipeline.imaging.pixels import Image


def cell(sizes: Sequence[tuple[int, int]]) -> tuple[int, int, float]:
    """Width and height in px of the place that each page has, and the scale at which pages are put there.

    `sizes` are (width, height) of the pages; together they take at most `kept_size.AREA`.
    """
    wide, high = max(w for w, _ in sizes), max(h for _, h in sizes)
    scale = min(1.0, (AREA / (wide * high * len(sizes))) ** 0.5)
    return max(1, round(wide * scale)), max(1, round(high * scale)), scale


def stacked(images: Sequence[Image]) -> Image:
    """The pages from top to bottom, each in the left upper corner of its place, white around."""
    wide, high, scale = cell([(image.shape[1], image.shape[0]) for image in images])
    whole = np.full((high * len(images), wide, 3), 255, np.uint8)
    for place, image in enumerate(images):
        if scale < 1:
            size = (min(wide, max(1, round(image.shape[1] * scale))), min(high, max(1, round(image.shape[0] * scale))))
            image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        whole[place * high : place * high + image.shape[0], : image.shape[1]] = image
    return whole


def placed(box: Box, place: int, high: int, scale: float) -> Box:
    """A box on page `place` (from 0) of the stack, whose pages are `high` px apart and scaled by `scale`."""
    down = place * high
    return Box(box.left * scale, box.top * scale + down, box.right * scale, box.bottom * scale + down)
