"""Where a page holds print that no line has read: what a search without a detector need look at."""

from collections.abc import Sequence

import cv2
import numpy as np

from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.pixels import Image

_TALL = 14
"""px, the print's height on the map: enough to tell a stroke from paper"""

_STROKE = 9
"""px of the map: dark marks narrower than that are strokes, wider ones shadows"""

_FAINTEST = 0.4
"""of the darkness of print that has been read"""


class UnreadInk:
    """A map of the strokes on `image` (uint8, height x width x 3, RGB) outside `lines`, made once (4 to 20 ms).

    `tall` is the height of print in px.
    """

    def __init__(self, image: Image, lines: Sequence[Line], tall: float) -> None:
        self._scale = min(1.0, _TALL / tall)
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        grey = cv2.resize(grey, None, fx=self._scale, fy=self._scale, interpolation=cv2.INTER_AREA)
        marks = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((_STROKE, _STROKE), np.uint8))
        read = [marks[self._part(line.box)] for line in lines]
        dark = np.median([float(np.percentile(part, 90)) for part in read if part.size] or [0.0])
        self._ink = marks > _FAINTEST * dark
        for line in lines:
            self._ink[self._part(line.box, 0.1 * line.box.height)] = False
        self._cell = max(1, round(tall * self._scale / 2))

    def width(self, box: Box) -> float:
        """How much of the width of `box` (px of the image) holds unread strokes, in heights of print."""
        inked = self._ink[self._part(box)].sum(axis=0) >= 2
        cells = np.split(inked, range(self._cell, len(inked), self._cell))
        return sum(bool(cell.mean() > 0.25) for cell in cells if cell.size) / 2

    def _part(self, box: Box, margin: float = 0.0) -> tuple[slice, slice]:
        top, left = (max(int((v - margin) * self._scale), 0) for v in (box.top, box.left))
        bottom, right = (max(int((v + margin) * self._scale), 0) for v in (box.bottom, box.right))
        return slice(top, bottom + 1), slice(left, right + 1)
