"""Pictures for the screen, from the JPEG that the case keeps of each receipt: turned, and cut around a field."""

import hashlib
import io
import threading
from base64 import b64encode
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from workbench.domain.model import Box

CROP_HEIGHT = 120
"""px on screen at most, for the crop right above an input."""
MARGIN = 0.45
"""Of a line's height, left around it."""
KEPT_BYTES = 64_000_000
"""Decoded pictures kept in the process, however many pages show one; about eight of the largest."""


class Decoded:
    """The pictures decoded last, up to `most` bytes of them; safe for several threads."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self.most, self.held = most, 0
        self._images: OrderedDict[bytes, Image.Image] = OrderedDict()
        self._lock = threading.Lock()

    def image(self, jpeg: bytes) -> Image.Image:
        """The decoded picture, not to be changed; our own JPEG, never a file of a user's."""
        key = hashlib.sha256(jpeg).digest()
        with self._lock:
            if key in self._images:
                self._images.move_to_end(key)
                return self._images[key]
        image = Image.open(io.BytesIO(jpeg)).convert("RGB")
        with self._lock:
            if key not in self._images:
                self._images[key] = image
                self.held += _bytes(image)
            while self.held > self.most:
                _, oldest = self._images.popitem(last=False)
                self.held -= _bytes(oldest)
        return image


def _bytes(image: Image.Image) -> int:
    return 3 * image.width * image.height


_DECODED = Decoded()


@dataclass(frozen=True)
class Picture:
    """A receipt's JPEG, and the size (width, height) in px of the image its boxes live on."""

    jpeg: bytes
    size: tuple[int, int]

    @property
    def image(self) -> Image.Image:
        """The decoded picture, not to be changed."""
        return _DECODED.image(self.jpeg)

    @cached_property
    def shape(self) -> tuple[int, int]:
        """(width, height) in px of the JPEG itself."""
        with Image.open(io.BytesIO(self.jpeg)) as image:  # the header only
            return image.size

    @property
    def scale(self) -> float:
        """Picture px for one px of the boxes."""
        return self.shape[0] / self.size[0] if self.size[0] else 1.0

    def address(self, turn: int = 0, clear: bool = False) -> str:
        """The picture as a data URL, turned by `turn` degrees clockwise (a multiple of 90).

        `clear` shows faded print on white paper instead of the original colours.
        """
        if clear:
            cleared = _cleared(self.image)
            return _jpeg_url(cleared.rotate(-turn, expand=True) if turn % 360 else cleared)
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
        right, bottom = min(self.shape[0], right), min(self.shape[1], bottom)
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


def _cleared(image: Image.Image) -> Image.Image:
    """Grey, with the paper's own brightness divided out, so that shadows go and faded print comes forward."""
    grey = image.convert("L")
    paper = grey.filter(ImageFilter.GaussianBlur(max(image.size) / 60))
    share = np.asarray(grey, np.float32) / np.maximum(np.asarray(paper, np.float32), 1.0)
    return ImageOps.autocontrast(Image.fromarray((share * 200).clip(0, 255).astype(np.uint8)), cutoff=(0.5, 20))


def _jpeg_url(image: Image.Image) -> str:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    return data_url(target.getvalue(), "jpeg")
