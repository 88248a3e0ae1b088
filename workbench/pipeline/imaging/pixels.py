"""What a picture is to every stage: RGB pixels."""

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""uint8, height x width x 3, RGB."""


def turned(image: Image, turn: int) -> Image:
    """`image` turned clockwise by `turn`: 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(image, -turn // 90))
