"""The columns of every exported table: the public ones in their order, in Korean words, then what came later."""

from dataclasses import replace

from workbench.domain import korean
from workbench.domain.model import Receipt
from workbench.pipeline.analysis.frame import Cell, Column, columns
from workbench.pipeline.export import words

LATER = (
    Column("approved_by", "승인자", "text", lambda receipt: receipt.approved_by or None),
    Column("confirmed_by", "2차 승인자", "text", lambda receipt: receipt.confirmed_by or None),
)
"""Columns that the public order does not know; they follow after it."""


def export_columns() -> tuple[Column, ...]:
    """All columns; `status` and `corrected` speak Korean here, unlike in the DataFrame of an analysis."""
    return (*map(_spoken, columns()), *LATER)


def _spoken(column: Column) -> Column:
    if column.name == "status":
        return replace(column, cell=_status)
    if column.kind == "flag":
        return replace(column, kind="text", cell=lambda receipt: words.yes_no(column.cell(receipt)))
    return column


def _status(receipt: Receipt) -> Cell:
    return korean.STATUS[receipt.status]
