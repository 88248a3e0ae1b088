"""Pictures for the screen, from the JPEG that the case keeps of each receipt: turned, and cut around a field."""

import io
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from workbench.model import Box

CROP_HEIGHT = 120
"""px on screen at most, for the crop right above an input."""
MARGIN = 0.45
"""Of a line's height, left around it."""


@dataclass(frozen=True)
class Picture:
    """A receipt's JPEG, and the size (width, height) in px of the image its boxes live on."""

    jpeg: bytes
    size: tuple[int, int]

    @cached_property
    def image(self) -> Image.Image:
        """The decoded picture; our own JPEG, never a file of a user's."""
        return Image.open(io.BytesIO(self.jpeg)).convert("RGB")

    @property
    def scale(self) -> float:
        """Picture px for one px of the boxes."""
        return self.image.width / self.size[0] if self.size[0] else 1.0

    def address(self, turn: int = 0) -> str:
        """The picture as a data URL, turned by `turn` degrees clockwise (a multiple of 90)."""
        if turn % 360 == 0:
            return data_url(self.jpeg, "jpeg")
        quarter = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
        return _jpeg_url(self.image.transpose(quarter[turn % 360]))

    def crop(self, box: Box, around: float = MARGIN) -> str:
        """What lies in `box` and around it (in heights of the box), as a data URL; "" where the picture ends before."""
        margin = box.height * around
        edges = (box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)
        left, top, right, bottom = (round(edge * self.scale) for edge in edges)
        left, top = max(0, left), max(0, top)
        right, bottom = min(self.image.width, right), min(self.image.height, bottom)
        if right - left < 2 or bottom - top < 2:
            return ""
        cut = self.image.crop((left, top, right, bottom))
        if cut.height > CROP_HEIGHT:
            cut = cut.resize((max(1, cut.width * CROP_HEIGHT // cut.height), CROP_HEIGHT))
        return _jpeg_url(cut)


def turned(box: Box, size: tuple[int, int], turn: int) -> Box:
    """`box` on an image of `size` after that image is turned by `turn` degrees clockwise (a multiple of 90)."""
    width, height = size
    if turn % 360 == 90:
        return Box(height - box.bottom, box.left, height - box.top, box.right)
    if turn % 360 == 180:
        return Box(width - box.right, height - box.bottom, width - box.left, height - box.top)
    if turn % 360 == 270:
        return Box(box.top, width - box.right, box.bottom, width - box.left)
    return box


def data_url(data: bytes, kind: str) -> str:
    """An image's bytes as a data URL."""
    return f"data:image/{kind};base64,{b64encode(data).decode('ascii')}"


def _jpeg_url(image: Image.Image) -> str:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    return data_url(target.getvalue(), "jpeg")
