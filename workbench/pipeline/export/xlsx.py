"""Receipts become an Excel workpaper: what was read and judged, goods, findings, corrections, and where from."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import pandas as pd

from workbench.domain import korean, schema
from workbench.domain.korean import KST
from workbench.domain.model import Receipt
from workbench.pipeline.analysis.frame import Cell, Column, findings_text, simulated
from workbench.pipeline.export import words
from workbench.pipeline.export.facts import facts
from workbench.pipeline.export.papers import About
from workbench.pipeline.export.sheet import Book, Cells, Heading, Link, Picture
from workbench.pipeline.export.table import export_columns
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
        book.sheet("품목", ITEM_HEADINGS, _items(receipts))
        book.sheet("검토의견", FINDING_HEADINGS, _findings(receipts))
        book.sheet("수정이력", JOURNAL_HEADINGS, _journal(receipts))
        for title, table in about.reconciled.items():
            _frame(book, title, table)
        if about.sample is not None:
            _frame(book, "표본", about.sample)
        book.sheet("조회 정보", (Heading("항목", 26), Heading("값", 90)), _about(receipts, about), filtered=False)
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
        return _moment(cell)
    if column.kind == "won":
        return cell, "corrected-won" if corrected else "won"
    if column.name in ("merchant", "file", "tax_type", "tax_status", "deduction_reason"):
        return cell, "corrected" if corrected else "wrap"
    return cell, "corrected" if corrected else column.kind


def _moment(cell: Cell) -> tuple[object, str]:
    """A time as Excel's own; as text before 1900, which Excel cannot count."""
    if not isinstance(cell, str) or cell < "1900-03":
        return cell, "text"
    if len(cell) == len("2025-10-03"):
        return date.fromisoformat(cell), "date"
    return datetime.fromisoformat(cell), "time"


ITEM_HEADINGS = (
    Heading("영수증ID", 24), Heading("파일명", 22), Heading("상호", 24), Heading("거래일시", 19), Heading("품목", 36),
    Heading("수량", 8), Heading("단가", 13), Heading("금액", 13, summed=True),
)  # fmt: skip


def _whose(receipt: Receipt) -> Cells:
    """The cells by which a row of another sheet says which receipt it belongs to."""
    return [
        (receipt.id, "text"),
        (receipt.file, "text"),
        (receipt.value("merchant"), "text"),
        _moment(receipt.value("issued_at")),
    ]


def _items(receipts: Sequence[Receipt]) -> Iterator[Cells]:
    for receipt in receipts:
        for item in receipt.items:
            yield [
                *_whose(receipt),
                (item.name, "wrap"),
                (item.quantity, "number"),
                (item.unit_price, "won"),
                (item.amount, "won"),
            ]


FINDING_HEADINGS = (
    Heading("영수증ID", 24), Heading("파일명", 18), Heading("상호", 22), Heading("거래일시", 19), Heading("합계", 12),
    Heading("심각도", 8), Heading("검토의견", 70), Heading("항목", 20),
)  # fmt: skip


def _findings(receipts: Sequence[Receipt]) -> Iterator[Cells]:
    """Each finding beside what it is about: shop, day and amount."""
    for receipt in receipts:
        total = (schema.value_of("total", receipt.value("total")), "won")
        if receipt.error and all(finding.message != receipt.error for finding in receipt.findings):
            yield [
                *_whose(receipt),
                total,
                (korean.SEVERITY["error"], "error"),
                (receipt.error, "wrap"),
                (None, "text"),
            ]
        for finding in receipt.findings:
            look = finding.severity if finding.severity in ("error", "warning") else "text"
            labels = ", ".join(schema.spec(name).label for name in finding.fields if name in schema.BY_NAME)
            cells = (korean.SEVERITY[finding.severity], look), (finding.message, "wrap"), (labels, "wrap")
            yield [*_whose(receipt), total, *cells]


JOURNAL_HEADINGS = (
    Heading("영수증ID", 24), Heading("파일명", 22), Heading("항목", 12), Heading("읽은 값", 26),
    Heading("인쇄된 글자", 26), Heading("고친 값", 26), Heading("고친 사람", 14), Heading("고친 시각", 19),
)  # fmt: skip


def _journal(receipts: Sequence[Receipt]) -> Iterator[Cells]:
    """Every correction, in the order they were made within a field; nothing is left out or overwritten."""
    for receipt in receipts:
        for known in receipt.fields:
            for correction in known.corrections:
                said = words.TAKEN_BACK if correction.value is None else correction.value or words.EMPTY
                yield [
                    (receipt.id, "text"),
                    (receipt.file, "text"),
                    (schema.spec(known.name).label, "text"),
                    (schema.render(known.name, known.read) or None, "wrap"),
                    (known.raw or None, "wrap"),
                    (said, "wrap"),
                    (correction.by, "text"),
                    (correction.at.astimezone(KST).replace(tzinfo=None), "time"),
                ]


FRAME_WIDTHS = {"영수증ID": 24, "파일명": 16, "상호": 18, "거래일시": 18, "날짜 차이": 6, "행": 5, "순서": 5,
                "확인함": 8, "일치": 22, "비고": 20, "명세서 일자": 16, "명세서 가맹점": 18,
                "이유": 30, "다른 값": 40}  # fmt: skip
"""Widths in letters of the sheets of reconciliation and samples; the rest is 13."""


def _frame(book: Book, title: str, table: pd.DataFrame) -> None:
    """A DataFrame as a sheet of its own: whole numbers are numbers, times are times, amounts have a sum."""
    headings = [
        Heading(str(name), FRAME_WIDTHS.get(str(name), 13), str(name).endswith(("금액", "합계")))
        for name in table.columns
    ]
    if headings:
        book.sheet(title, headings, ([_any(cell) for cell in row] for row in table.itertuples(index=False)))


def _any(cell: Any) -> tuple[object, str]:
    if cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and pd.isna(cell)):
        return None, "text"
    if isinstance(cell, pd.Timestamp | datetime):
        return cell.to_pydatetime() if isinstance(cell, pd.Timestamp) else cell, "time"
    if pd.api.types.is_bool(cell):
        return words.yes_no(cell), "text"
    if pd.api.types.is_integer(cell):
        return int(cell), "won"
    return (float(cell), "text") if isinstance(cell, float) else (str(cell), "wrap")


def _about(receipts: Sequence[Receipt], about: About) -> Iterator[Cells]:
    for name, value in facts(receipts, about):
        mock = isinstance(value, str) and "모의" in value
        look = "sum" if isinstance(value, int) else "time" if isinstance(value, datetime) else "wrap"
        yield [(name, "text"), (value, "mock" if mock else look)]
