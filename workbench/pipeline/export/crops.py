"""The piece of a receipt's picture that a value was read from, small enough for a hundred pages of them."""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Box, Receipt
from workbench.pipeline.export.papers import Papers

QUALITY = 72
MOST = (640, 64)
"""px across and down: 55 and 5 mm in print at about 300 dpi."""


def crop_file(papers: Papers, name: str) -> Callable[[Receipt, Path], Path | None]:
    """Writes the piece that field `name` was read from into a folder; None where there is none to be had."""

    def made(receipt: Receipt, folder: Path) -> Path | None:
        known = receipt.field(name)
        box = known.evidence_box or known.box
        if box is None:
            return None
        try:
            jpeg, _ = Crops(papers.picture_of(receipt.id), receipt).of(box)
        except (OSError, WorkbenchError):
            return None
        path = folder / f"{receipt.id}.jpg"
        path.write_bytes(jpeg)
        return path

    return made


class Crops:
    """One receipt's picture, opened once, and pieces of it."""

    def __init__(self, picture: bytes, receipt: Receipt) -> None:
        """OSError for bytes that are no picture."""
        with Image.open(io.BytesIO(picture)) as opened:
            opened.load()
            self.image: Image.Image = opened if opened.mode == "RGB" else opened.convert("RGB")
        width = receipt.geometry.size[0] or self.image.width
        self._scale = self.image.width / width

    def of(self, box: Box) -> tuple[bytes, float]:
        """The piece around `box` (px of the receipt's image) as JPEG, and its width over its height."""
        pad = 0.25 * box.height
        sides = (box.left - 2 * pad, box.top - pad, box.right + 2 * pad, box.bottom + pad)
        left, top, right, bottom = (round(side * self._scale) for side in sides)
        left, top = max(0, left), max(0, top)
        right, bottom = min(self.image.width, max(right, left + 1)), min(self.image.height, max(bottom, top + 1))
        if right <= left or bottom <= top:  # a box outside of the picture
            left, top, right, bottom = 0, 0, 1, 1
        piece = self.image.crop((left, top, right, bottom))
        return _jpeg(piece, MOST), piece.width / piece.height

    def whole(self, pixels: int = 1_000) -> tuple[bytes, float]:
        """All of it, its longer side at most `pixels`, and its width over its height."""
        return _jpeg(self.image, (pixels, pixels)), self.image.width / self.image.height


def _jpeg(image: Image.Image, most: tuple[int, int]) -> bytes:
    if image.width > most[0] or image.height > most[1]:
        image = image.copy()
        image.thumbnail(most)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
