"""Invented receipts for the tests of tables and exports; every merchant and number is made up."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from workbench.domain.model import (
    Box,
    Correction,
    Field,
    Finding,
    Geometry,
    Item,
    Line,
    Receipt,
    TaxFailure,
    TaxRecord,
    receipt_id,
)

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
FIELDS = {
    "merchant": "가나다상회",
    "business_number": "123-45-67891",
    "issued_at": "2025-10-03 15:26:32",
    "total": "60000",
    "supply": "54545",
    "vat": "5455",
    "approval_number": "00123456",
    "card_number": "4265869800000000",
}


def receipt(number: int = 1, page: int = 1, region: int = 1, **values: str | None) -> Receipt:
    """A receipt that was read, with FIELDS unless told otherwise (None: not found)."""
    known = FIELDS | values
    fields = tuple(
        Field(name, value, value or "", 0.97, Box(40, 40 + 40 * row, 200, 64 + 40 * row))
        for row, (name, value) in enumerate(known.items())
        if value is not None
    )
    file_hash = f"{number:064x}"
    return Receipt(
        receipt_id(f"{number:016x}", page, region),
        f"사진 {number}.jpg",
        file_hash,
        page,
        region,
        "read",
        geometry=Geometry(size=(400, 600)),
        fields=fields,
        items=(Item("연필", 3, 500, 1500),),
        engine="rapid test",
    )


def judged(number: int = 1, source: str = "nts") -> Receipt:
    """A receipt with a correction, findings and an answer of the tax service."""
    of = receipt(number)
    record = TaxRecord(
        "123-45-67891", "계속사업자", "부가가치세 일반과세자", "GENERAL", NOW, source, raw='{"b_no": "1234567891"}'
    )
    total = replace(of.field("total"), read="50000", corrections=(Correction("60000", "김감사", NOW),))
    findings = (
        Finding("error", "공급가액과 부가세의 합이 합계와 다릅니다.", ("total", "supply", "vat"), "sum"),
        Finding("info", "토요일 거래입니다.", ("issued_at",), "weekend"),
    )
    return replace(
        of.with_field(total),
        tax=record,
        findings=findings,
        deduction="공제 후보",
        deduction_reason="일반과세자: 공제 대상입니다.",
    )


def failed(number: int = 9) -> Receipt:
    """A receipt that could not be read, and whose number could not be asked for."""
    return replace(
        receipt(number, **dict.fromkeys(set(FIELDS) - {"business_number"})),
        status="failed",
        error="그림이 깨져 읽을 수 없습니다.",
        items=(),
        tax=TaxFailure("123-45-67891", "no-network", "연결할 수 없습니다.", NOW),
    )


class CaseDialog:
    """Papers for receipts: an original and a picture for each, in a folder."""

    def __init__(self, folder: Path, missing: tuple[str, ...] = ()) -> None:
        self.folder, self.missing = folder, missing
        folder.mkdir(exist_ok=True)

    def file_of(self, receipt_id: str) -> Path:
        path = self.folder / f"{receipt_id.split('-')[0]}.pdf"
        if receipt_id not in self.missing:
            path.write_bytes(b"original " + receipt_id.encode())
        return path

    def lines_of(self, receipt_id: str) -> tuple[Line, ...]:
        return (Line("합계 60,000", 0.98765, Box(1, 2, 3, 4)),)

    def full_picture_of(self, receipt_id: str) -> bytes:
        return self.picture_of(receipt_id)

    def picture_of(self, receipt_id: str) -> bytes:
        if receipt_id in self.missing:
            raise FileNotFoundError(2, "No such file", receipt_id)
        out = io.BytesIO()
        Image.new("RGB", (200, 300), "#eee").save(out, "JPEG")
        return out.getvalue()
