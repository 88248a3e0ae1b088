"""The receipts of data/sample as a perfect reader and the stand-in tax service would have them, without any OCR."""

import importlib.util
import sys
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType

from tests.kit import ROOT
from workbench.domain.model import Box, Field, Geometry, Item, Receipt, TaxRecord, receipt_id
from workbench.pipeline.tax.deduction import deduction

SAMPLE = ROOT / "data" / "sample"
NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
KINDS = {"card": "card_slip", "pos": "pos_receipt", "cash": "cash_receipt_business"}
CLASSES = {"222-22-22227": "EXEMPT", "444-44-44444": "SIMPLIFIED"}


def _slips() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample_slips", SAMPLE / "slips.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["sample_slips"] = module
    spec.loader.exec_module(module)
    return module


def sample_receipts() -> list[Receipt]:
    """One record a receipt, in the order of the files."""
    made = []
    for number, (name, slips) in enumerate(_slips().PAPERS.items(), 1):
        made += [_receipt(f"{number:064x}", name, region, slip) for region, slip in enumerate(slips, 1)]
    return made


def _receipt(file_hash: str, name: str, region: int, slip: object) -> Receipt:
    values = {
        "merchant": slip.merchant, "business_number": slip.number, "issued_at": slip.issued, "total": slip.total,
        "supply": slip.supply or None, "vat": slip.vat or None, "exempt": slip.exempt or None,
        "approval_number": slip.approval,
        **({} if slip.kind == "cash" else {"card_issuer": slip.card, "card_number": slip.card_number}),
    }  # fmt: skip
    fields = tuple(
        Field(name, str(value), str(value), 0.99, Box(40, 40 + 40 * row, 200, 64 + 40 * row))
        for row, (name, value) in enumerate(values.items())
        if value is not None
    )
    items = tuple(Item(item.name, item.quantity, item.price, item.amount) for item in slip.items)
    code = CLASSES.get(slip.number, "GENERAL")
    kind = "taxi" if "택시" in slip.merchant else KINDS[slip.kind]
    read = Receipt(
        receipt_id(f"{int(file_hash, 16):016x}", 1, region), name, file_hash, 1, region, "read", kind,
        geometry=Geometry(size=(400, 600)), fields=fields, items=items, engine="sample",
        tax=TaxRecord(slip.number, "계속사업자", "", code, NOW),
    )  # fmt: skip
    label, reason = deduction(read)
    return replace(read, deduction=label, deduction_reason=reason)
