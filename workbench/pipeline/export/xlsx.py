"""Receipts become an Excel workpaper: what was read and judged, the goods, every correction, what was asked when."""

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.pipeline.analysis.frame import Cell, Column, columns, findings_text, simulated, tax_asked_at
from workbench.pipeline.export.escaping import excel_text
from workbench.pipeline.tax.status_on import KST

STATUS_WORDS = {"waiting": "대기", "read": "읽음", "failed": "실패", "approved": "승인"}
MORE = (
    Column("deduction_reason", "공제 판단 근거", "text", lambda receipt: receipt.deduction_reason or None),
    Column("approved_by", "승인자", "text", lambda receipt: receipt.approved_by or None),
)
WIDTHS = {
    "receipt_id": 12, "file": 16, "page": 5, "region": 6, "status": 7, "merchant": 20, "business_number": 14,
    "issued_at": 18, "exempt": 10, "service_charge": 10, "card_issuer": 11, "card_number": 19, "approval_number": 13,
    "tax_type": 18, "tax_status": 14, "tax_asked_at": 18, "deduction": 11, "findings": 46, "confidence": 8,
    "corrected": 9, "deduction_reason": 42, "approved_by": 9,
}  # fmt: skip
"""Widths in letters; the rest is 12."""
MOCK_NOTE = "(모의)로 표시된 과세유형과 사업자상태는 시험용 모의 서비스의 답이며 국세청의 답이 아닙니다."


def save_xlsx(receipts: Sequence[Receipt], stream: IO[bytes]) -> None:
    """Write the workbook to a binary stream; rows go to the disk as they come, so 10,000 need no great memory."""
    book = Workbook(write_only=True)
    for style in _styles():
        book.add_named_style(style)
    _receipts(book, receipts)
    _sheet(book, "품목", ITEM_HEADINGS, _items(receipts))
    _sheet(book, "수정이력", JOURNAL_HEADINGS, _journal(receipts))
    _sheet(book, "조회 정보", (("항목", 26), ("값", 90)), _about(receipts), filtered=False)
    book.save(stream)


def _styles() -> Iterator[NamedStyle]:
    top = Alignment(vertical="top")
    wrap = Alignment(vertical="top", wrap_text=True)

    def style(name: str, form: str = "@", alignment: Alignment = top, **look: Any) -> NamedStyle:
        look = {"font": Font("맑은 고딕", 10)} | look
        return NamedStyle(name, number_format=form, alignment=alignment, **look)

    yield style(
        "wb-head",
        alignment=Alignment("center", "center", wrap_text=True),
        font=Font("맑은 고딕", 10, b=True, color="FFFFFF"),
        fill=PatternFill("solid", fgColor="1F4E5F"),
    )
    yield style("wb-text")
    yield style("wb-wrap", alignment=wrap)
    yield style("wb-won", "#,##0;[Red]-#,##0")
    yield style("wb-sum", "#,##0;[Red]-#,##0", Alignment("left", "top"))
    yield style("wb-number", "0")
    yield style("wb-time", "yyyy-mm-dd hh:mm:ss", Alignment("left", "top"))
    yield style("wb-date", "yyyy-mm-dd", Alignment("left", "top"))
    yield style("wb-share", "0%")
    yield style("wb-corrected", font=Font("맑은 고딕", 10, color="1557C0", b=True))
    yield style("wb-corrected-won", "#,##0;[Red]-#,##0", font=Font("맑은 고딕", 10, color="1557C0", b=True))
    yield style("wb-error", alignment=wrap, fill=PatternFill("solid", fgColor="F9DEDC"))
    yield style("wb-warning", alignment=wrap, fill=PatternFill("solid", fgColor="FFF4CE"))
    yield style("wb-mock", alignment=wrap, font=Font("맑은 고딕", 10, i=True, color="7B1FA2"))


LINE_HEIGHT = 13.5
"""Points, for 10-point letters."""
Cells = list[tuple[object, str]]
"""A row: values and the names of their styles."""


def _sheet(
    book: Any,
    title: str,
    headings: Sequence[tuple[str, float]],
    rows: Iterator[Cells],
    frozen: str = "A2",
    filtered: bool = True,
) -> Any:
    """A sheet with its heading fixed on screen and repeated on each printed page; widths in letters."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = frozen
    for number, (_, width) in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0  # as many pages long as it takes, one wide
    sheet.print_title_rows, sheet.print_options.gridLines = "1:1", True
    sheet.oddHeader.left.text, sheet.oddFooter.center.text = f"영수증 검토조서: {title}", "&P / &N"
    sheet.append([_cell(sheet, heading, "wb-head") for heading, _ in headings])
    count = 1
    for row in rows:
        count += 1
        # Excel fits a row to its text as it opens the file, LibreOffice does not.
        most = max(_lines(value, width) for (value, _), (_, width) in zip(row, headings, strict=True))
        if most > 1:
            sheet.row_dimensions[count].height = LINE_HEIGHT * most
        sheet.append([_cell(sheet, value, style) for value, style in row])
    if filtered:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count}"
    return sheet


def _lines(value: object, width: float) -> int:
    """How many lines a cell takes in a column of so many letters; a Korean letter is two wide."""
    if not isinstance(value, str):
        return 1
    return sum(
        1 + (len(line) + sum(letter > "\u1100" for letter in line)) // round(width) for line in value.split("\n")
    )


def _cell(sheet: Any, value: object, style: str) -> Any:
    if value is None:
        return None
    text = excel_text(value) if isinstance(value, str) else None
    cell = WriteOnlyCell(sheet, value if text is None else "")
    if text is not None:
        # Set behind openpyxl's back: it would take "=1+1" for a formula and "#N/A" for an error.
        cell._value, cell.data_type = text, "s"
    cell._style = _look(sheet, style)  # a style by its name is looked up and copied afresh: 60 % of all time
    if text is not None and text.lstrip()[:1] in tuple("=+-@"):
        cell._style = copy(cell._style)
        cell.quotePrefix = True  # stays text even after someone edits the cell
    return cell


def _look(sheet: Any, style: str) -> Any:
    looks = sheet.parent.__dict__.setdefault("_looks", {})
    if style not in looks:
        pattern = WriteOnlyCell(sheet)
        pattern.style = style
        looks[style] = pattern._style
    return looks[style]


def _receipts(book: Any, receipts: Sequence[Receipt]) -> None:
    table = (*columns(), *MORE)
    headings = [(column.heading, WIDTHS.get(column.name, 12)) for column in table]
    rows = ([_typed(column, receipt) for column in table] for receipt in receipts)
    sheet = _sheet(book, "영수증", headings, rows, frozen="G2")
    sheet.page_setup.fitToWidth, sheet.print_title_cols = 2, "F:F"  # on one page the print would be too small to read


def _typed(column: Column, receipt: Receipt) -> tuple[object, str]:
    cell = column.cell(receipt)
    corrected = column.name in schema.BY_NAME and receipt.field(column.name).corrected
    if column.name == "status":
        return STATUS_WORDS[receipt.status], "wb-error" if receipt.status == "failed" else "wb-text"
    if column.name == "findings":
        severities = {finding.severity for finding in receipt.findings}
        bad = receipt.error or "error" in severities
        return findings_text(
            receipt, "\n"
        ), "wb-error" if bad else "wb-warning" if "warning" in severities else "wb-wrap"
    if column.name == "corrected":
        return ("예" if cell else "아니요"), "wb-text"
    if column.name in ("tax_type", "tax_status", "deduction", "deduction_reason") and simulated(receipt):
        return cell, "wb-mock"
    if column.kind == "time":
        return _moment(cell)
    if column.kind == "won":
        return cell, "wb-corrected-won" if corrected else "wb-won"
    if column.name in ("merchant", "file", "tax_type", "tax_status", "deduction_reason"):
        return cell, "wb-corrected" if corrected else "wb-wrap"
    return cell, "wb-corrected" if corrected else f"wb-{column.kind}"


def _moment(cell: Cell) -> tuple[object, str]:
    """A time as Excel's own; as text before 1900, which Excel cannot count."""
    if not isinstance(cell, str) or cell < "1900-03":
        return cell, "wb-text"
    if len(cell) == len("2025-10-03"):
        return date.fromisoformat(cell), "wb-date"
    return datetime.fromisoformat(cell), "wb-time"


ITEM_HEADINGS = (
    ("영수증ID", 24), ("파일명", 22), ("상호", 24), ("거래일시", 19), ("품목", 36), ("수량", 8), ("단가", 13),
    ("금액", 13),
)  # fmt: skip


def _items(receipts: Sequence[Receipt]) -> Iterator[Cells]:
    for receipt in receipts:
        for item in receipt.items:
            yield [
                (receipt.id, "wb-text"),
                (receipt.file, "wb-text"),
                (receipt.value("merchant"), "wb-text"),
                _moment(receipt.value("issued_at")),
                (item.name, "wb-wrap"),
                (item.quantity, "wb-number"),
                (item.unit_price, "wb-won"),
                (item.amount, "wb-won"),
            ]


JOURNAL_HEADINGS = (
    ("영수증ID", 24), ("파일명", 22), ("항목", 12), ("읽은 값", 26), ("인쇄된 글자", 26), ("고친 값", 26),
    ("고친 사람", 14), ("고친 시각", 19),
)  # fmt: skip


def _journal(receipts: Sequence[Receipt]) -> Iterator[Cells]:
    """Every correction, in the order they were made within a field; nothing is left out or overwritten."""
    for receipt in receipts:
        for field in receipt.fields:
            for correction in field.corrections:
                said = "(읽은 값으로 되돌림)" if correction.value is None else correction.value or "(없음)"
                yield [
                    (receipt.id, "wb-text"),
                    (receipt.file, "wb-text"),
                    (schema.spec(field.name).label, "wb-text"),
                    (schema.render(field.name, field.read) or None, "wb-wrap"),
                    (field.raw or None, "wb-wrap"),
                    (said, "wb-wrap"),
                    (correction.by, "wb-text"),
                    (correction.at.astimezone(KST).replace(tzinfo=None), "wb-time"),
                ]


def _about(receipts: Sequence[Receipt]) -> Iterator[Cells]:
    """What a second auditor needs to weigh the paper: tool, engine, whom was asked when, and the sums."""
    for name, value in _facts(receipts):
        mock = isinstance(value, str) and "모의" in value
        style = "wb-sum" if isinstance(value, int) else "wb-time" if isinstance(value, datetime) else "wb-wrap"
        yield [(name, "wb-text"), (value, "wb-mock" if mock else style)]


def _facts(receipts: Sequence[Receipt]) -> Iterator[tuple[str, object]]:
    yield "만든 시각", datetime.now(KST).replace(tzinfo=None, microsecond=0)
    yield "프로그램", f"receipt-workbench {_version()}"
    yield "문자 인식", ", ".join(sorted({receipt.engine for receipt in receipts if receipt.engine})) or "없음"
    asked = [moment for receipt in receipts if (moment := tax_asked_at(receipt))]
    mocked = sum(map(simulated, receipts))
    source = (
        "국세청 사업자등록 상태조회 (api.odcloud.kr)" if len(asked) > mocked else "조회하지 않음" if not asked else ""
    )
    yield "세무 조회처", " 및 ".join(filter(None, (source, f"모의 서비스 ({mocked}건)" if mocked else "")))
    if asked:
        yield "처음 조회한 시각", min(asked).replace(microsecond=0)
        yield "마지막 조회한 시각", max(asked).replace(microsecond=0)
    if mocked:
        yield "모의 표시", MOCK_NOTE
    yield "시각 기준", "한국 표준시 (UTC+9)"
    yield "영수증 (건)", len(receipts)
    for status, count in Counter(receipt.status for receipt in receipts).items():
        yield f"  {STATUS_WORDS[status]} (건)", count
    yield "사람이 고친 영수증 (건)", sum(receipt.corrected for receipt in receipts)
    for name in ("total", "supply", "vat"):
        yield f"{schema.spec(name).label} 계 (원)", sum(_won(receipt, name) for receipt in receipts)
    for label, count in Counter(receipt.deduction for receipt in receipts if receipt.deduction).items():
        yield f"{label} (건)", count
        yield f"{label} 부가세 계 (원)", sum(_won(receipt, "vat") for receipt in receipts if receipt.deduction == label)


def _won(receipt: Receipt, name: str) -> int:
    return int(receipt.value(name) or 0)


def _version() -> str:
    try:
        return version("receipt-workbench")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "(설치되지 않음)"
