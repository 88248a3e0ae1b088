"""A PDF becomes pages and their pictures: poppler where it is installed, else pdfium; both give the same pages."""

import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pypdfium2
from pypdfium2.raw import FPDF_ERR_PASSWORD

from workbench.domain.errors import FileRefused, ReadFailed
from workbench.pipeline.imaging.kept_size import kept_size
from workbench.pipeline.imaging.page_text import PageText
from workbench.pipeline.imaging.pdf_text import text_on
from workbench.pipeline.imaging.pixels import Image

DPI = 300
"""dots an inch: what office scanners give, so an embedded scan keeps its dots; larger pages are shrunk like photos"""

SECONDS = 60
"""a page that poppler cannot draw in that time is left to pdfium"""

_ONE_AT_A_TIME = Lock()  # pdfium corrupts memory when two threads are inside, even with two documents


def count(path: Path) -> int:
    """Pages of a PDF, without drawing any; FileRefused where it is locked, empty or damaged."""
    with _document(path) as document:
        return len(document)


def draw(path: Path, page: int) -> Image:
    """Page `page` (from 1) on white, RGB, at `DPI` but at most `kept_size`. Scripts and attachments lie still.

    FileRefused where the file is locked or damaged or has no such page, ReadFailed where memory does not suffice.
    """
    with _sheet(path, page) as sheet:
        scale, size = _drawn_size(sheet)
        # pdftoppm wants the sides as they are before the page's own turn.
        sides = size if sheet.get_rotation() % 180 == 0 else size[::-1]
        drawn = None if shutil.which("pdftoppm") is None else _by_poppler(path, page, sides)
        return _by_pdfium(sheet, scale) if drawn is None else drawn


def text(path: Path, page: int) -> PageText:
    """The characters of page `page` in px of what `draw` gives; no glyphs where it carries none. Raises as `draw`."""
    with _sheet(path, page) as sheet:
        return text_on(sheet, _drawn_size(sheet)[1])


def draw_printed(path: Path, page: int) -> tuple[Image, PageText]:
    """What `draw` and `text` give, at once; a page with text is drawn by pdfium, whose boxes its characters have."""
    with _sheet(path, page) as sheet:
        scale, size = _drawn_size(sheet)
        told = text_on(sheet, size)
        if told.glyphs:
            return _by_pdfium(sheet, scale), told
    return draw(path, page), told


@contextmanager
def _sheet(path: Path, page: int) -> Iterator[Any]:
    with _document(path) as document:
        if not 1 <= page <= len(document):
            raise FileRefused(f"{page}쪽이 없는 PDF입니다.")
        yield document[page - 1]


def _drawn_size(sheet: Any) -> tuple[float, tuple[int, int]]:
    """px for a point, and the size in px of the page as it is drawn."""
    width, height = (max(1.0, side * DPI / 72) for side in sheet.get_size())
    # A hair less, so that 1000.0001 px are not rounded up to 1001.
    scale = DPI / 72 * kept_size(width, height)[0] / width * (1 - 1e-6)
    across, down = (max(1, math.ceil(side * scale)) for side in sheet.get_size())
    return scale, (across, down)


def _by_poppler(path: Path, page: int, size: tuple[int, int]) -> Image | None:
    from pdf2image import convert_from_path
    from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError

    try:
        pages = convert_from_path(
            path.resolve(),  # a name that begins with "-" would be taken for an option
            first_page=page,
            last_page=page,
            size=size,
            use_cropbox=True,  # as pdfium does
            timeout=SECONDS,
        )
    except (PDFPageCountError, PDFSyntaxError, PDFPopplerTimeoutError, OSError):
        return None  # pdfium mends some files that poppler gives up
    return np.array(pages[0].convert("RGB")) if pages else None


def _by_pdfium(sheet: Any, scale: float) -> Image:
    bitmap = sheet.render(scale=scale, rev_byteorder=True)
    return np.array(bitmap.to_numpy()[..., :3], dtype=np.uint8, order="C")


@contextmanager
def _document(path: Path) -> Iterator[Any]:
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(path)
            try:
                document.init_forms()
                yield document
            finally:
                document.close()
        except pypdfium2.PdfiumError as error:
            # pdfium keeps the code of the failure before where a file merely has no page, so the bytes are asked too.
            if error.err_code == FPDF_ERR_PASSWORD and b"/Encrypt" in path.read_bytes():
                raise FileRefused("암호가 걸린 PDF입니다. 암호를 푼 뒤 다시 넣어 주세요.") from error
            raise FileRefused("손상되었거나 쪽이 없는 PDF입니다. 원본을 다시 받아 넣어 주세요.") from error
        except MemoryError as error:
            raise ReadFailed("PDF 쪽이 너무 커서 메모리가 모자랍니다.") from error
