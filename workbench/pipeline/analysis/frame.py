"""Receipts become rows: the columns that every table export shares, and the DataFrame of an analysis.

The order and names of `COLUMNS` are public; a field added to `schema` follows after them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import pandas as pd

from workbench.domain import schema
from workbench.domain.korean import KST
from workbench.domain.model import Receipt, TaxRecord
from workbench.pipeline.tax.status_on import answer_for, tax_label, tax_status

Kind = Literal["text", "number", "won", "time", "share", "flag"]
Cell = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in Python, its Korean heading, its kind, and how a receipt's cell is found.

    A cell is None where there is nothing. Kind "time" holds canonical text (a date alone where no time is known),
    "won" and "number" int, "share" a float in 0..1.
    """

    name: str
    heading: str
    kind: Kind
    cell: Callable[[Receipt], Cell]


def findings_text(receipt: Receipt, between: str = " | ") -> str | None:
    """Why the reading failed and all findings of a receipt in one text; None where there are none."""
    sentences = [receipt.error] if receipt.error else []
    sentences += [finding.message for finding in receipt.findings if finding.message != receipt.error]
    return between.join(sentences) or None


def tax_asked_at(receipt: Receipt) -> datetime | None:
    """When the tax service was asked, in Korean time without a zone; also for a query that failed."""
    answer = answer_for(receipt)
    return answer.asked_at.astimezone(KST).replace(tzinfo=None) if answer else None


def simulated(receipt: Receipt) -> bool:
    """Whether the tax answer came from a stand-in and not from the real service."""
    answer = answer_for(receipt)
    return isinstance(answer, TaxRecord) and answer.source != "nts"


def _asked_text(receipt: Receipt) -> str | None:
    moment = tax_asked_at(receipt)
    return moment.isoformat(" ", "seconds") if moment else None


def _share(receipt: Receipt) -> float | None:
    return None if receipt.confidence is None else round(receipt.confidence, 3)


def _field(spec: schema.FieldSpec) -> Column:
    name = spec.name
    if spec.kind == "won":
        return Column(name, spec.label, "won", lambda receipt: schema.value_of(name, receipt.value(name)))
    kind: Kind = "time" if spec.kind == "time" else "text"
    return Column(name, spec.label, kind, lambda receipt: receipt.value(name))


FIRST = (
    Column("receipt_id", "영수증ID", "text", lambda receipt: receipt.id),
    Column("file", "파일명", "text", lambda receipt: receipt.file),
    Column("page", "쪽", "number", lambda receipt: receipt.page),
    Column("region", "구역", "number", lambda receipt: receipt.region),
    Column("status", "상태", "text", lambda receipt: receipt.status),
)
LAST = (
    Column("tax_type", "과세유형", "text", lambda receipt: tax_label(receipt) or None),
    Column("tax_status", "사업자상태", "text", lambda receipt: tax_status(receipt) or None),
    Column("tax_asked_at", "조회시각", "time", _asked_text),
    Column("deduction", "공제구분", "text", lambda receipt: receipt.deduction or None),
    Column("findings", "검토의견", "text", findings_text),
    Column("confidence", "신뢰도", "share", _share),
    Column("corrected", "수정여부", "flag", lambda receipt: receipt.corrected),
)
PUBLIC_FIELDS = 11
"""How many fields of `schema` stand between FIRST and LAST; later ones come after LAST, so that no column moves."""


def columns() -> tuple[Column, ...]:
    """All columns in their public order."""
    fields = [_field(spec) for spec in schema.FIELDS]
    return (*FIRST, *fields[:PUBLIC_FIELDS], *LAST, *fields[PUBLIC_FIELDS:])


def frame(receipts: Iterable[Receipt]) -> pd.DataFrame:
    """One row per receipt, index from 0; won nullable Int64, times datetime64, text string; missing is <NA>.

    After the columns of the exports: `statement`, how strictly a row of a statement agrees, and `statement_row`, which.
    """
    rows = tuple(receipts)
    table = {column.name: _array(column.kind, map(column.cell, rows)) for column in columns()}
    table["statement"] = _array("text", (receipt.statement or None for receipt in rows))
    table["statement_row"] = _array("text", (receipt.statement_row or None for receipt in rows))
    return pd.DataFrame(table)


DTYPES = {"text": "string", "number": "Int64", "won": "Int64", "share": "Float64", "flag": "boolean"}


def _array(kind: Kind, cells: Iterable[Cell]) -> object:
    if kind == "time":
        # Through numpy: pandas 2 would take nanoseconds, which end in 2262, and a misread year may lie beyond.
        return pd.array(np.array([cell or "NaT" for cell in cells], dtype="datetime64[us]"))
    present: Any = [pd.NA if cell is None else cell for cell in cells]
    return pd.array(present, dtype=DTYPES[kind])
