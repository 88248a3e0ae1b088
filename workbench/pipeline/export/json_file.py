"""Receipts become JSON, the whole of what is known; its form is published in `docs/export.schema.json`."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from workbench.domain import schema
from workbench.domain.model import Box, Correction, Field, Line, Receipt, TaxRecord
from workbench.pipeline.analysis.frame import simulated
from workbench.pipeline.export.escaping import json_text
from workbench.pipeline.storage.atomic import replacing
from workbench.pipeline.tax.status_on import answer_for

SCHEMA_VERSION = 1
"""Of the published form: it grows when a key changes its meaning or goes."""
LinesOf = Callable[[str], Sequence[Line]]


def write_json(receipts: Iterable[Receipt], path: Path, lines_of: LinesOf) -> None:
    """All that is known, one record a receipt, with its lines; written one by one, never held as a whole."""
    with replacing(path) as draft, draft.open("xb") as stream:
        save_json(receipts, stream, lines_of)


def save_json(receipts: Iterable[Receipt], stream: IO[bytes], lines_of: LinesOf) -> None:
    """As `write_json`, to a binary stream that stays open."""
    before = "[\n"
    for receipt in receipts:
        record = json_text(json.dumps(_record(receipt, lines_of(receipt.id)), ensure_ascii=False))
        stream.write((before + record).encode())
        before = ",\n"
    stream.write(b"\n]\n" if before == ",\n" else b"[]\n")


def _record(receipt: Receipt, lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "receipt_id": receipt.id,
        "file": receipt.file,
        "page": receipt.page,
        "region": receipt.region,
        "status": receipt.status,
        "kind": receipt.kind,
        "error": receipt.error,
        "revision": receipt.revision,
        "approved_by": receipt.approved_by,
        "confirmed_by": receipt.confirmed_by,
        "approvals": [
            {"by": one.by, "at": _iso(one.at), "revision": receipt.revision_of(one)} for one in receipt.approvals
        ],
        "settled": [
            {"code": one.code, "message": one.message, "by": one.by, "at": _iso(one.at), "reason": one.reason}
            for one in receipt.settled
        ],
        "read_at": _iso(receipt.read_at),
        "engine": receipt.engine,
        "size": list(receipt.geometry.size),
        "fields": {spec.name: _field(receipt.field(spec.name)) for spec in schema.FIELDS},
        "items": [asdict(item) | {"box": _box(item.box)} for item in receipt.items],
        "findings": [
            {
                "severity": finding.severity,
                "message": finding.message,
                "fields": list(finding.fields),
                "code": finding.code,
                "links": list(finding.links),
            }
            for finding in receipt.findings
        ],
        "deduction": receipt.deduction,
        "deduction_reason": receipt.deduction_reason,
        "tax": _tax(receipt),
        "lines": [
            {"text": line.text, "confidence": round(line.confidence, 4), "box": _box(line.box)} for line in lines
        ],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "value": _value(field.name, field.value),
        "read": _value(field.name, field.read),
        "raw": field.raw,
        "confidence": round(field.confidence, 4),
        "box": _box(field.box),
        "evidence": list(field.evidence),
        "corrections": [_correction(field.name, correction) for correction in field.corrections],
    }


def _correction(name: str, correction: Correction) -> dict[str, Any]:
    """`undone` tells the two ways of having no value apart: taken back, or said to be nothing."""
    said = {"value": _value(name, correction.value), "undone": correction.value is None}
    place = {} if correction.box is None else {"box": _box(correction.box)}
    return said | place | {"by": correction.by, "at": _iso(correction.at)}


def _value(name: str, canonical: str | None) -> str | int | None:
    """Won as int, times as ISO 8601; a date stays a date where no time is known."""
    if not canonical:
        return None
    kind = schema.spec(name).kind
    if kind == "won":
        return int(canonical)
    return canonical.replace(" ", "T") if kind == "time" else canonical


def _tax(receipt: Receipt) -> dict[str, Any] | None:
    answer = answer_for(receipt)
    if answer is None:
        return None
    answered = isinstance(answer, TaxRecord)
    known = {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(answer).items()
    }
    return known | {"answered": answered, "simulated": simulated(receipt)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _box(box: Box | None) -> list[float] | None:
    return [round(side, 1) for side in (box.left, box.top, box.right, box.bottom)] if box else None
