"""Whether a page is the blank back of a paper: nothing to read, and hardly any ink."""

from collections.abc import Sequence

import cv2
import numpy as np

from workbench.domain.model import Line
from workbench.pipeline.imaging.pixels import Image

_SIDE = 500
"""px, longer side of the map on which ink is looked for"""

_MARGIN = 0.06
"""share of each side that is left out: punch holes, shadows of the scanner's edge"""

_STROKE = 45
"""of 255: what shines through from the front, and folds, are fainter"""

_INK = 0.0015
"""share of the map: a dozen letters"""

_LETTERS = 6
"""letters, surely read, that a blank page does not have"""


def is_blank(image: Image, lines: Sequence[Line]) -> bool:
    """Whether `image` (RGB) shows a page without print."""
    if sum(sum(c.isalnum() for c in line.text) for line in lines if line.confidence > 0.6) >= _LETTERS:
        return False
    scale = min(1.0, _SIDE / max(image.shape[:2]))
    grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    down, across = (max(1, round(_MARGIN * side)) for side in grey.shape)
    inner = grey[down:-down, across:-across]
    if inner.size == 0 or float(np.std(cv2.GaussianBlur(inner, (0, 0), 15))) > 25:  # a photo of something
        return False
    marks = cv2.morphologyEx(inner, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    return float((marks > _STROKE).mean()) < _INK
