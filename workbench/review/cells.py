"""What the table says of a receipt."""

from typing import Any

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.review import filters, tax_words, texts


def name_of(receipt: Receipt) -> str:
    """What tells it from all others: its file, and the page and the place on it where there are several."""
    return " ".join(part for part in (receipt.file, texts.where(receipt.page, receipt.region)) if part)


def cells_of(receipt: Receipt) -> dict[str, Any]:
    """By the table's columns, as they are sorted; scripts draw them."""
    cells: dict[str, Any] = {}
    for spec in schema.FIELDS:
        value = receipt.value(spec.name)
        cells[spec.name] = (float(value) if value else None) if spec.kind == "won" else value or ""
    return {
        **cells,
        "state": filters.STATES.index(filters.state_of(receipt)),
        "findings": filters.left_to_see(receipt),
        "tax": tax_words.cell(receipt),
        "deduction": receipt.deduction,
        "confidence": receipt.confidence,
        "file": name_of(receipt),
        "receipt_id": receipt.id,
    }
