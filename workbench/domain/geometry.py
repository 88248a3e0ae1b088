"""Arithmetic of boxes; px, angles in radians."""

from math import cos, sin

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
