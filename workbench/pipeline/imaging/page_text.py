"""The characters of a page as a file carries them: what `pdf_text` finds and other stages make lines of."""

from dataclasses import dataclass

from workbench.domain.model import Box

SCAN = 0.5
"""share of the page from which one picture on it is the page itself, scanned"""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as drawn: its box in px of the page, the height of its font in px, and its baseline's angle.

    `angle` in degrees clockwise, 0..360; `text` is "" where the font has no usable map, " " for a printed blank;
    `invisible` where the file says that it is not to be drawn; `borrowed` where the file brings no font of its own, so
    that this machine may have no shape for it.
    """

    text: str
    box: Box
    size: float
    angle: float
    invisible: bool = False
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """The characters of a page, and the boxes (px) of the pictures on it.

    `scanned`: one picture fills the page, so that text that is not drawn lies behind a scan.
    """

    glyphs: tuple[Glyph, ...] = ()
    pictures: tuple[Box, ...] = ()
    size: tuple[int, int] = (0, 0)

    @property
    def scanned(self) -> bool:
        """Whether a picture covers most of the page."""
        area = max(1, self.size[0] * self.size[1])
        return any(box.width * box.height > SCAN * area for box in self.pictures)
