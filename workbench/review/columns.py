"""Columns of the table that can be chosen; the mark and the state stay, for each row speaks through them."""

from collections.abc import Iterable

from workbench.domain import schema
from workbench.review import texts

SHOWN = ("findings", "merchant", "total", "tax", "issued_at", "business_number", "vat", "supply", "file")
"""Those shown at first."""


def choosable() -> tuple[str, ...]:
    """All of them, in the order of the table: a field added to the schema can be chosen too."""
    return (*SHOWN[:-1], *(s.name for s in schema.FIELDS if s.name not in SHOWN), "deduction", "confidence", "file")


def labels() -> dict[str, str]:
    """Heading of each column, those that always stay among them."""
    return {**texts.COLUMN, **{spec.name: spec.label for spec in schema.FIELDS}}


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Those names that are choosable columns, each once, in the order of the table."""
    wanted = set(names)
    return tuple(name for name in choosable() if name in wanted)
