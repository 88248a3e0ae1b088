"""Rows of the table as text that Excel takes in cells."""

from collections.abc import Sequence

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.pipeline.export.escaping import csv_text
from workbench.review import columns, filters, tax_words, texts
from workbench.review.cells import name_of


def as_text(receipts: Sequence[Receipt], shown: Sequence[str]) -> str:
    """The columns shown, parted by tabs, a row a line; under their names where there are several rows."""
    labels = columns.labels()
    rows = [[_cell(receipt, name) for name in ("state", *shown)] for receipt in receipts]
    heading = [[texts.COLUMN["state"], *(labels[name] for name in shown)]] if len(rows) > 1 else []
    return "\n".join("\t".join(row) for row in [*heading, *rows])


def _cell(receipt: Receipt, name: str) -> str:
    if name in schema.BY_NAME and schema.spec(name).kind in ("won", "time"):  # Excel's own
        return receipt.value(name) or ""
    if name in schema.BY_NAME:
        return _text(receipt.value(name) or "")
    return _text(_said(receipt, name))


def _text(value: str) -> str:
    """One line that stays what it is: no formula, no zeros lost, no quote that would swallow the cells behind it."""
    text = " ".join(value.split())
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if text.startswith('"') else csv_text(text)


def _said(receipt: Receipt, name: str) -> str:
    return {
        "state": texts.STATE[filters.state_of(receipt)][1],
        "file": name_of(receipt),
        "findings": "; ".join(f.message for f in receipt.open_findings),
        "tax": tax_words.chip(receipt)[0],
        "deduction": receipt.deduction,
        "confidence": "" if receipt.confidence is None else f"{receipt.confidence:.2f}",
    }[name]
