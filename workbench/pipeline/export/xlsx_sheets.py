"""The sheets of the Excel workpaper beside that of the receipts: goods, findings, corrections, lists, sources."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from workbench.domain import korean, schema
from workbench.domain.korean import KST
from workbench.domain.model import Receipt
from workbench.pipeline.analysis.frame import Cell
from workbench.pipeline.export import words
from workbench.pipeline.export.facts import facts
from workbench.pipeline.export.papers import About
from workbench.pipeline.export.sheet import Book, Cells, Heading


def moment(cell: Cell) -> tuple[object, str]:
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
        moment(receipt.value("issued_at")),
    ]


def items(receipts: Sequence[Receipt]) -> Iterator[Cells]:
    """The goods of each receipt."""
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


def findings(receipts: Sequence[Receipt]) -> Iterator[Cells]:
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


def corrections(receipts: Sequence[Receipt]) -> Iterator[Cells]:
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


def frame(book: Book, title: str, table: pd.DataFrame) -> None:
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


def asked(receipts: Sequence[Receipt], about: About) -> Iterator[Cells]:
    """Where the figures come from: what was asked when, and what the file is."""
    for name, value in facts(receipts, about):
        mock = isinstance(value, str) and "모의" in value
        look = "sum" if isinstance(value, int) else "time" if isinstance(value, datetime) else "wrap"
        yield [(name, "text"), (value, "mock" if mock else look)]
