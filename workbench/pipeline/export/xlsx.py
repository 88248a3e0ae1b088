"""Receipts become an Excel workpaper: what was read and judged, goods, findings, corrections, and where from."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.pipeline.analysis.frame import Column, findings_text, simulated
from workbench.pipeline.export.papers import About
from workbench.pipeline.export.sheet import Book, Heading, Link, Picture
from workbench.pipeline.export.table import export_columns
from workbench.pipeline.export.xlsx_sheets import (
    FINDING_HEADINGS,
    ITEM_HEADINGS,
    JOURNAL_HEADINGS,
    asked,
    corrections,
    findings,
    frame,
    items,
    moment,
)
from workbench.pipeline.storage.atomic import replacing

PRINTED = ("status", "file", "page", "merchant", "business_number", "issued_at", "total", "supply", "vat", "exempt",
           "card_issuer", "approval_number", "tax_type", "deduction", "findings", "approved_by",
           "confirmed_by")  # fmt: skip
"""What stands on paper, first in the sheet, so that findings stand beside their receipt; the rest follows on screen."""
WON_END, FOREIGN = PRINTED.index("exempt") + 1, ("currency", "foreign_total")
REASON = Column("deduction_reason", "공제 판단 근거", "text", lambda receipt: receipt.deduction_reason or None)
WIDTHS = {
    "receipt_id": 24, "file": 16, "page": 4, "region": 5, "status": 6, "tax_type": 15, "tax_status": 14,
    "tax_asked_at": 18, "deduction": 10, "findings": 44, "confidence": 8, "corrected": 9, "deduction_reason": 42,
    "approved_by": 9, "confirmed_by": 9,
}  # fmt: skip
"""Widths in letters of the columns that are no fields."""


Shown = tuple[Heading, Callable[[Receipt], tuple[object, str]]]
"""A column of the sheet of receipts: its heading, and a receipt's value in it with the name of its look."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a receipt's row leads: its picture beside the workbook, its page in the workpaper; its crop's file."""

    picture: Mapping[str, str] = field(default_factory=dict)
    page: Mapping[str, int] = field(default_factory=dict)
    workpaper: str = ""
    crop: Callable[[Receipt, Path], Path | None] | None = None


def write_xlsx(receipts: Sequence[Receipt], path: Path, about: About | None = None, links: Links | None = None) -> None:
    """A workpaper: receipts, items, findings, journal of corrections, and what was asked when."""
    with replacing(path) as draft, draft.open("xb") as stream:
        save_xlsx(receipts, stream, about, links)


def save_xlsx(
    receipts: Sequence[Receipt], stream: IO[bytes], about: About | None = None, links: Links | None = None
) -> None:
    """As `write_xlsx`, to a binary stream; rows go to the disk as they come, so 10,000 need no great memory."""
    about, links = about or About(), links or Links()
    with tempfile.TemporaryDirectory(prefix="workbench-xlsx-") as folder:
        made = Path(folder) / "book.xlsx"
        book = Book(str(made), folder, about.made_at)
        _receipts(book, receipts, links, Path(folder))
        book.sheet("품목", ITEM_HEADINGS, items(receipts))
        book.sheet("검토의견", FINDING_HEADINGS, findings(receipts))
        book.sheet("수정이력", JOURNAL_HEADINGS, corrections(receipts))
        for title, table in about.reconciled.items():
            frame(book, title, table)
        if about.sample is not None:
            frame(book, "표본", about.sample)
        book.sheet("조회 정보", (Heading("항목", 26), Heading("값", 90)), asked(receipts, about), filtered=False)
        book.close()
        with made.open("rb") as whole:
            shutil.copyfileobj(whole, stream, 1 << 20)


def _receipts(book: Book, receipts: Sequence[Receipt], links: Links, folder: Path) -> None:
    known = {column.name: column for column in (*export_columns(), REASON)}
    # A bill in another currency may have no won at all: its amount stands beside them where there is one.
    abroad = FOREIGN if any(receipt.value("foreign_total") for receipt in receipts) else ()
    first = [_of(known.pop(name)) for name in (*PRINTED[:WON_END], *abroad, *PRINTED[WON_END:])]
    if (crop := links.crop) is not None:
        first.append((Heading("판독한 자리 (합계)", 34), lambda receipt: (_picture(crop(receipt, folder)), "text")))
    columns = [*first, *_leading(links), *map(_of, known.values())]
    rows = ([cell(receipt) for _, cell in columns] for receipt in receipts)
    book.sheet("영수증", [heading for heading, _ in columns], rows, frozen=(1, 4), printed=len(first))


def _of(column: Column) -> Shown:
    width = WIDTHS.get(column.name) or schema.spec(column.name).letters
    return Heading(column.heading, width, column.kind == "won"), lambda receipt: _typed(column, receipt)


def _leading(links: Links) -> list[Shown]:
    """Columns that lead to a receipt's picture and page, where there is something to lead to."""
    found: list[Shown] = []
    if links.picture:
        found.append((Heading("그림", 6), lambda receipt: (_link(links.picture.get(receipt.id), "보기"), "link")))
    if links.page:
        found.append((Heading("조서 쪽", 8), lambda receipt: (_page(links, receipt), "link")))
    return found


def _page(links: Links, receipt: Receipt) -> Link | None:
    page = links.page.get(receipt.id)
    return None if page is None else Link(f"{links.workpaper}#page={page}", f"{page}쪽")


def _link(target: str | None, text: str) -> Link | None:
    return Link(target, text) if target else None


def _picture(path: Path | None) -> Picture | None:
    if path is None:
        return None
    from PIL import Image

    with Image.open(path) as image:
        scale = min(230 / image.width, 40 / image.height)
        return Picture(str(path), round(image.height * scale), scale)


def _typed(column: Column, receipt: Receipt) -> tuple[object, str]:
    cell = column.cell(receipt)
    corrected = column.name in schema.BY_NAME and receipt.field(column.name).corrected
    if column.name == "status":
        return cell, "error" if receipt.status == "failed" else "text"
    if column.name == "findings":
        severities = {finding.severity for finding in receipt.findings}
        bad = receipt.error or "error" in severities
        return findings_text(receipt, "\n"), "error" if bad else "warning" if "warning" in severities else "wrap"
    if column.name in ("tax_type", "tax_status", "deduction", "deduction_reason") and simulated(receipt):
        return cell, "mock"
    if column.kind == "time":
        return moment(cell)
    if column.kind == "won":
        return cell, "corrected-won" if corrected else "won"
    if column.name in ("merchant", "file", "tax_type", "tax_status", "deduction_reason"):
        return cell, "corrected" if corrected else "wrap"
    return cell, "corrected" if corrected else column.kind
