"""Boxes of print out of the detector's map, as PaddleOCR's DBPostProcess makes them, number for number.

A page's map holds hundreds of specks: what is too thin goes before anything else is reckoned of it, and corners are
turned round as plain numbers. Half the time.
"""

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pyclipper

Map = npt.NDArray[np.float32]
Corners = list[list[float]]

THINNEST = 3
"""px of the map; what was widened is two more"""

MOST = 1000
"""outlines of one page at most"""


def boxes_of(chances: Map, size: tuple[float, float], print_from: float, sure_from: float, wider: float) -> tuple[
    npt.NDArray[np.int16], list[float]]:  # fmt: skip
    """Corners (n x 4 x 2, px of a picture of `size`, width x height, clockwise from top-left) and mean chance of each.

    `chances`: the map; `print_from`: what of it is print; `sure_from`: the least mean; `wider`: how much the outline is
    moved out, in areas by circumferences (Differentiable Binarization, arXiv 1911.08947, formula 10).
    """
    height, width = chances.shape
    scales = size[0] / width, size[1] / height
    outlines, _ = cv2.findContours((chances > print_from).view(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes, means = [], []
    for outline in outlines[:MOST]:
        around = cv2.minAreaRect(outline)
        if min(around[1]) < THINNEST:
            continue
        corners = _in_turn(around)
        mean = _mean(chances, corners)
        if mean < sure_from:
            continue
        around = cv2.minAreaRect(_moved_out(corners, wider))
        if min(around[1]) < THINNEST + 2:
            continue
        boxes.append(
            [
                [
                    max(0, min(round(value * scale), most))
                    for value, scale, most in zip(corner, scales, size, strict=True)
                ]
                for corner in _in_turn(around)
            ]
        )
        means.append(mean)
    return np.array(boxes, np.int16), means


def _in_turn(around: Any) -> Corners:
    """The corners of a turned rectangle, clockwise from top-left."""
    a, b, c, d = sorted(cv2.boxPoints(around).tolist(), key=lambda corner: corner[0])
    if b[1] <= a[1]:
        a, b = b, a
    if d[1] <= c[1]:
        c, d = d, c
    return [a, c, d, b]


def _mean(chances: Map, corners: Corners) -> float:
    """Of the map within the corners."""
    height, width = chances.shape
    across, down = [x for x, _ in corners], [y for _, y in corners]
    left, right = (max(0, min(v, width - 1)) for v in (floor(min(across)), ceil(max(across))))
    top, bottom = (max(0, min(v, height - 1)) for v in (floor(min(down)), ceil(max(down))))
    mask = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(mask, np.array([[[int(x - left), int(y - top)] for x, y in corners]], np.int32), 1)  # type: ignore[call-overload]
    return cv2.mean(chances[top : bottom + 1, left : right + 1], mask)[0]


def _moved_out(corners: Corners, wider: float) -> npt.NDArray[np.int32]:
    """The outline around the corners after they were moved out."""
    drawn = np.array(corners, np.float32)
    offset = pyclipper.PyclipperOffset()
    offset.AddPath(corners, pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
    return np.array(offset.Execute(cv2.contourArea(drawn) * wider / cv2.arcLength(drawn, True))[0], np.int32)


def paddle_boxes(outputs: Sequence[Any], shapes: Sequence[Any], **given: float) -> tuple[list[Any], list[list[float]]]:
    """`boxes_of` as PaddleOCR's detector calls it."""
    found = [
        boxes_of(chances[0], (shape[1], shape[0]), given["thresh"], given["box_thresh"], given["unclip_ratio"])
        for chances, shape in zip(outputs[0], shapes, strict=True)
    ]
    return [boxes for boxes, _ in found], [means for _, means in found]
