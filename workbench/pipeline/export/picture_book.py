"""Marked pictures as one PDF: a page and a bookmark for each receipt."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image
from reportlab.lib.units import mm

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.export.annotated_image import annotated
from workbench.pipeline.export.papers import About, Papers, Progress, why
from workbench.pipeline.export.pdf_pages import INNER, PdfPages, Shown, style, text
from workbench.pipeline.storage.atomic import replacing


def write_picture_book(receipts: Sequence[Receipt], path: Path, papers: Papers, about: About) -> Iterator[Progress]:
    """Writes it to `path`, telling how far it is; a picture that cannot be had is told on its page."""
    title = f"표시한 그림 · {about.case}" if about.case else "표시한 그림"
    with replacing(path) as draft, draft.open("xb") as stream, PdfPages(stream, title, about.made_at) as pages:
        for number, receipt in enumerate(receipts, 1):
            if number > 1:
                pages.next()
            pages.mark(receipt.id, f"{number}. {receipt.value('merchant') or receipt.file}", 0)
            try:
                _picture(pages, annotated(papers.picture_of(receipt.id), receipt))
            except (OSError, WorkbenchError) as error:
                pages.flow(text(f"{receipt.file}: 그림이 없습니다: {why(error)}", style(10)))
            yield Progress(number, len(receipts))
        pages.save()


def _picture(pages: PdfPages, jpeg: bytes) -> None:
    with Image.open(io.BytesIO(jpeg)) as image:
        aspect = image.width / image.height
    height = min(pages.room_left() - 2 * mm, INNER / aspect)
    pages.flow(Shown(jpeg, height * aspect, height))
