"""A PDF made page by page: Korean letters embedded, pictures kept on the disk until the end, numbers known later."""

from contextlib import suppress
from datetime import datetime
from importlib.resources import as_file, files
from typing import IO, Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph

from workbench.pipeline.export.annotated_image import drawable
from workbench.pipeline.export.pdf_canvas import DiskCanvas

FACE = "WorkbenchGothic"
WIDTH, HEIGHT = A4
MARGIN = 14 * mm
INNER = WIDTH - 2 * MARGIN
TOP, BOTTOM = HEIGHT - 20 * mm, 16 * mm
"""Where the text of a page begins and ends, points from the lower edge."""
INK, ACCENT, FAINT, RULE = HexColor("#202124"), HexColor("#1F4E5F"), HexColor("#5F6368"), HexColor("#C8CDD2")


class PdfPages:
    """A4 pages with a head, a foot and "n/m"; what is drawn goes to `stream` with `save`."""

    def __init__(self, stream: IO[bytes], title: str, made_at: datetime, size: tuple[float, float] = A4) -> None:
        _register()
        self._stream, self._title = stream, title
        self.canvas = DiskCanvas(stream, pagesize=size, pageCompression=1, invariant=1, lang="ko", initialFontName=FACE)
        self.canvas._doc.begin(made_at)
        self.canvas.setTitle(title)
        self.canvas.setCreator("receipt-workbench")
        self.canvas.setAuthor("receipt-workbench")
        self.page = 1
        self.y = TOP

    def room(self, height: float) -> None:
        """Begins a new page where less than `height` points are left of this one."""
        if self.y - height < BOTTOM and self.y < TOP:
            self.next()

    def room_left(self) -> float:
        """Points between the last part and the lower margin."""
        return float(self.y - BOTTOM)

    def flow(self, part: Flowable, gap: float = 0) -> None:
        """Draws a part below the last one, over several pages if it must be."""
        todo = [part]
        while todo:
            piece = todo.pop(0)
            _, height = piece.wrapOn(self.canvas, INNER, self.y - BOTTOM)
            if height <= self.y - BOTTOM + 0.01:
                piece.drawOn(self.canvas, MARGIN, self.y - height)
                self.y -= height
                continue
            pieces = piece.splitOn(self.canvas, INNER, self.y - BOTTOM)
            if len(pieces) > 1:
                todo = [*pieces, *todo]
                continue
            if self.y >= TOP:  # taller than a page and cannot be cut: better over the edge than endless pages
                piece.drawOn(self.canvas, MARGIN, self.y - height)
                return
            self.next()
            todo = [*(pieces or [piece]), *todo]
        self.y -= gap

    def next(self) -> None:
        """Ends this page and begins another."""
        self._frame()
        self.canvas.showPage()
        self.canvas._doc.to_disk()
        self.page += 1
        self.y = TOP

    def later(self, name: str, x: float, y: float) -> None:
        """Leaves a place, its left end at x, for a text that `settle` tells later."""
        self.canvas.saveState()
        self.canvas.translate(x, y)
        self.canvas.doForm(f"later-{name}")
        self.canvas.restoreState()

    def settle(self, name: str, text: str, size: float = 8) -> None:
        """Tells what stands wherever `later` left a place for `name`."""
        self.canvas.beginForm(f"later-{name}", -1, -size, 40 * mm, 2 * size)
        self.canvas.setFont(FACE, size)
        self.canvas.setFillColor(FAINT)
        self.canvas.drawString(0, 0, text)
        self.canvas.endForm()

    def mark(self, key: str, title: str, level: int) -> None:
        """A bookmark to this height of this page, in the outline under `title`."""
        self.canvas.bookmarkHorizontal(key, 0, self.y + 6 * mm)
        self.canvas.addOutlineEntry(drawable(title), key, level, closed=level == 0)

    def __enter__(self) -> "PdfPages":
        return self

    def __exit__(self, *_: object) -> None:
        self.canvas._doc.close()

    def save(self) -> None:
        """Ends the last page and writes the file."""
        self._frame()
        self.canvas.showPage()
        self.settle("pages", str(self.page))
        self.canvas.save()

    def _frame(self) -> None:
        canvas = self.canvas
        canvas.setFont(FACE, 8)
        canvas.setFillColor(FAINT)
        canvas.drawString(MARGIN, HEIGHT - 12 * mm, drawable(self._title)[:90])
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, HEIGHT - 14 * mm, WIDTH - MARGIN, HEIGHT - 14 * mm)
        canvas.drawRightString(WIDTH / 2, 9 * mm, f"{self.page}/")
        self.later("pages", WIDTH / 2, 9 * mm)


class Shown(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """A JPEG as large as `width` x `height` points."""

    def __init__(self, jpeg: bytes, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height, self._jpeg = width, height, jpeg

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its size, whatever room there is."""
        return self.width, self.height

    def draw(self) -> None:
        """Draws it at the origin."""
        self.canv.draw_jpeg(self._jpeg, self.width, self.height)


def style(size: float = 8, bold: bool = False, colour: Any = INK, alignment: int = 0) -> ParagraphStyle:
    """Letters of `size` points; `bold` is larger and coloured, since the font has one weight."""
    return ParagraphStyle(
        "text", fontName=FACE, fontSize=size + bold, leading=1.35 * (size + bold), wordWrap="CJK",
        textColor=ACCENT if bold else colour, alignment=alignment,
    )  # fmt: skip


def text(words: str, look: ParagraphStyle) -> Paragraph:
    """A paragraph; nothing in the words means anything to the PDF."""
    return Paragraph(escape(drawable(words)), look)


def cell(words: str, look: ParagraphStyle, width: float) -> Paragraph | str:
    """A table's cell: the bare words where they fit into `width` points, which is much faster than a paragraph."""
    shown = drawable(words)
    fits = pdfmetrics.stringWidth(shown, FACE, look.fontSize) <= width - 4
    return shown if fits else Paragraph(escape(shown), look)


def _register() -> None:
    with suppress(KeyError):
        pdfmetrics.getFont(FACE)
        return
    with as_file(files("workbench").joinpath("fonts", "WorkbenchGothic.ttf")) as path:
        pdfmetrics.registerFont(TTFont(FACE, str(path)))
