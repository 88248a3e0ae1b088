"""Arithmetic of boxes; px, angles in radians."""

from collections.abc import Sequence
from math import cos, sin

import numpy as np
import numpy.typing as npt

from workbench.domain.model import Box


def true_size(box: Box, tilt: float) -> tuple[float, float]:
    """Width and height of the slanted print inside an upright box."""
    across = cos(2 * tilt)
    if across < 0.3:
        return box.width, box.height
    width = (box.width * cos(tilt) - box.height * sin(tilt)) / across
    height = (box.height * cos(tilt) - box.width * sin(tilt)) / across
    # A speck's box is no slanted rectangle: never thinner than a third of what was seen.
    return max(width, box.width / 3), max(height, box.height / 3)


def shared_area(one: Box, other: Box) -> float:
    """The area in which two boxes lie over each other, px²."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(wide, 0.0) * max(high, 0.0)


def share(one: Box, other: Box) -> float:
    """How much of the first box the other one covers, 0..1."""
    return shared_area(one, other) / max(one.width * one.height, 1e-6)


def overlap(one: Box, other: Box) -> float:
    """What two boxes share, in areas of the smaller one, 0..1."""
    smaller = min(one.width * one.height, other.width * other.height)
    return shared_area(one, other) / smaller if smaller > 0 else 0.0


def overlaps(ones: Sequence[Box], others: Sequence[Box]) -> npt.NDArray[np.float64]:
    """`overlap` of each of `ones` with each of `others`: len(ones) x len(others)."""
    (left, top, right, bottom), (left_, top_, right_, bottom_) = _edges(ones), _edges(others)
    wide = np.minimum.outer(right, right_) - np.maximum.outer(left, left_)
    high = np.minimum.outer(bottom, bottom_) - np.maximum.outer(top, top_)
    smaller = np.minimum.outer((right - left) * (bottom - top), (right_ - left_) * (bottom_ - top_))
    shared = wide.clip(0) * high.clip(0)
    return np.asarray(np.divide(shared, smaller, out=np.zeros_like(shared), where=smaller > 0))


def _edges(boxes: Sequence[Box]) -> npt.NDArray[np.float64]:
    return np.array([(b.left, b.top, b.right, b.bottom) for b in boxes], np.float64).reshape(-1, 4).T
