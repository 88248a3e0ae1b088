"""The characters that a PDF page carries, each with its place in px of the drawn page; how they make lines is layout's.

pdfium gives them in the order in which the file draws them. Nothing here says that they can be seen.
"""

import ctypes
import math
from collections.abc import Iterator
from typing import Any

from pypdfium2 import raw

from workbench.domain.model import Box
from workbench.pipeline.imaging.page_text import Glyph, PageText

MOST = 20_000
"""characters of a page: a dense page of small print has 8,000"""

_INVISIBLE = 3
"""text render mode: neither filled nor stroked; 7 only clips"""

_GRAIN = 64
"""how many steps a px has where page units are mapped to px: the mapping itself counts in whole steps"""

_PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))
"""code points that mean what a font's maker pleases"""


def text_on(sheet: Any, size: tuple[int, int]) -> PageText:
    """The text of a pypdfium2 page that is drawn `size` (width, height) px large."""
    place = _Placing(sheet, size)
    textpage = sheet.get_textpage()
    try:
        glyphs = tuple(_glyphs(textpage, place))
    finally:
        textpage.close()
    return PageText(glyphs, tuple(_pictures(sheet, place)), size)


class _Placing:
    """Maps page units (origin bottom-left, before the page's own turn) to px of the drawn page."""

    def __init__(self, sheet: Any, size: tuple[int, int]) -> None:
        width, height = size
        points = [self._to_px(sheet, width, height, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000))]
        (self._x, self._y), right, up = points
        self._along = ((right[0] - self._x) / 1000, (right[1] - self._y) / 1000)
        self._up = ((up[0] - self._x) / 1000, (up[1] - self._y) / 1000)
        self.scale = math.hypot(*self._up)

    @staticmethod
    def _to_px(sheet: Any, width: int, height: int, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(sheet, 0, 0, width * _GRAIN, height * _GRAIN, 0, x, y, across, down)
        return across.value / _GRAIN, down.value / _GRAIN

    def point(self, x: float, y: float) -> tuple[float, float]:
        (ax, ay), (ux, uy) = self._along, self._up
        return self._x + x * ax + y * ux, self._y + x * ay + y * uy

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def angle(self, a: float, b: float) -> float:
        """Degrees clockwise of a baseline that runs along (a, b) in page units."""
        (ax, ay), (ux, uy) = self._along, self._up
        return math.degrees(math.atan2(a * ay + b * uy, a * ax + b * ux)) % 360


def _glyphs(textpage: Any, place: _Placing) -> Iterator[Glyph]:
    matrix, loose = raw.FS_MATRIX(), raw.FS_RECTF()
    known: dict[int, tuple[bool, bool]] = {}
    for index in range(min(textpage.count_chars(), MOST)):
        if raw.FPDFText_IsGenerated(textpage, index):
            continue
        code = raw.FPDFText_GetUnicode(textpage, index)
        if 0xDC00 <= code <= 0xDFFF:  # the second half of a character beyond the first plane, told with the first
            continue
        if 0xD800 <= code <= 0xDBFF:
            low = raw.FPDFText_GetUnicode(textpage, index + 1)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        raw.FPDFText_GetLooseCharBox(textpage, index, loose)
        raw.FPDFText_GetMatrix(textpage, index, matrix)
        text = _meaning(code) if not raw.FPDFText_HasUnicodeMapError(textpage, index) else ""
        box = place.box(loose.left, loose.bottom, loose.right, loose.top)
        tall = raw.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d) * place.scale
        invisible, borrowed = _drawn_by(textpage, index, known)
        yield Glyph(text, box, abs(tall), place.angle(matrix.a, matrix.b), invisible, borrowed)


def _drawn_by(textpage: Any, index: int, known: dict[int, tuple[bool, bool]]) -> tuple[bool, bool]:
    """Whether the object that draws a character draws nothing, and whether its font is none of the file's own.

    `known` keeps what was asked of an object.
    """
    drawn = raw.FPDFText_GetTextObject(textpage, index)
    if not drawn:
        return False, False
    address = ctypes.cast(drawn, ctypes.c_void_p).value or 0
    if address not in known:
        font = raw.FPDFTextObj_GetFont(drawn)
        borrowed = bool(font) and raw.FPDFFont_GetIsEmbedded(font) == 0
        known[address] = raw.FPDFTextObj_GetTextRenderMode(drawn) in (_INVISIBLE, 7), borrowed
    return known[address]


def _meaning(code: int) -> str:
    """The character of a code point; "" where it stands for none that a reader knows."""
    if code in (0x20, 0xA0, 0x3000) or 0x2000 <= code <= 0x200A:
        return " "
    if code < 0x20 or code in (0xFFFD, 0xFFFE, 0xFFFF) or any(low <= code <= high for low, high in _PRIVATE):
        return ""
    return chr(code)


def _pictures(sheet: Any, place: _Placing) -> Iterator[Box]:
    for drawn in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=5):
        left, bottom, right, top = drawn.get_bounds()
        yield place.box(left, bottom, right, top)
