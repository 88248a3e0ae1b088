"""Receipts become files: CSV, Excel, JSON and ZIP, each whole or not at all.

Everything a receipt record does not hold (original file, lines, picture) comes through `Papers`.
"""

import csv
import io
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from workbench.domain import schema
from workbench.domain.errors import ExportFailed
from workbench.domain.model import Box, Correction, Field, Line, Receipt, TaxRecord
from workbench.pipeline.analysis.frame import Cell, Column, columns, simulated
from workbench.pipeline.export.archive import Papers, Part, Progress, archive
from workbench.pipeline.export.escaping import csv_text
from workbench.pipeline.export.xlsx import save_xlsx
from workbench.pipeline.storage.atomic import replacing
from workbench.pipeline.tax.status_on import answer_for

__all__ = [
    "ENDINGS",
    "Papers",
    "Progress",
    "steps",
    "write",
    "write_csv",
    "write_json",
    "write_xlsx",
    "write_zip",
    "write_zip_originals",
    "write_zip_pictures",
]

LinesOf = Callable[[str], Sequence[Line]]
ENDINGS = (".csv", ".xlsx", ".json", ".zip")


def write(receipts: Sequence[Receipt], path: str | Path, papers: Papers) -> Path:
    """Write `path` in the form its ending names and return it; raises ExportFailed with what stands in the way."""
    deque(steps(receipts, path, papers), maxlen=0)
    return Path(path)


def steps(receipts: Sequence[Receipt], path: str | Path, papers: Papers) -> Iterator[Progress]:
    """As `write`, telling (done, of how many) as it goes; leaving off early leaves no file. A CSV is one step."""
    path = Path(path)
    kind = path.suffix.lower()
    if kind == ".zip":
        yield from write_zip(receipts, path, papers)
        return
    if kind == ".csv":
        write_csv(receipts, path)
    elif kind == ".xlsx":
        write_xlsx(receipts, path)
    elif kind == ".json":
        write_json(receipts, path, papers.lines_of)
    else:
        raise ExportFailed(f"내보낼 파일의 이름은 {', '.join(ENDINGS)} 가운데 하나로 끝나야 합니다: {path.name}")
    yield Progress(1, 1)


def write_csv(receipts: Iterable[Receipt], path: Path) -> None:
    """The public columns under Korean headings; UTF-8 with BOM, which Excel needs to see Korean."""
    with replacing(path) as draft, draft.open("xb") as stream:
        _save_csv(receipts, stream)


def write_xlsx(receipts: Sequence[Receipt], path: Path) -> None:
    """A workpaper: receipts, items, journal of corrections, and what was asked when."""
    with replacing(path) as draft, draft.open("xb") as stream:
        save_xlsx(receipts, stream)


def write_json(receipts: Iterable[Receipt], path: Path, lines_of: LinesOf) -> None:
    """All that is known, one record a receipt, with its lines; written one by one, never held as a whole."""
    with replacing(path) as draft, draft.open("xb") as stream:
        _save_json(receipts, stream, lines_of)


def write_zip_originals(receipts: Sequence[Receipt], path: Path, papers: Papers) -> Iterator[Progress]:
    """The files as they were added, each once, tidily named; yields its progress."""
    return archive(receipts, path, papers, originals=True)


def write_zip_pictures(receipts: Sequence[Receipt], path: Path, papers: Papers) -> Iterator[Progress]:
    """A picture of each receipt with the boxes of its fields; yields its progress."""
    return archive(receipts, path, papers, pictures=True)


def write_zip(receipts: Sequence[Receipt], path: Path, papers: Papers) -> Iterator[Progress]:
    """Everything: originals, pictures, and the three tables; yields its progress."""
    tables: tuple[Part, ...] = (
        ("영수증.csv", lambda stream: _save_csv(receipts, stream)),
        ("영수증.xlsx", lambda stream: save_xlsx(receipts, stream)),
        ("영수증.json", lambda stream: _save_json(receipts, stream, papers.lines_of)),
    )
    return archive(receipts, path, papers, originals=True, pictures=True, tables=tables)


def _save_csv(receipts: Iterable[Receipt], stream: IO[bytes]) -> None:
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
    table = columns()
    writer = csv.writer(text)
    writer.writerow([column.heading for column in table])
    writer.writerows([_csv_cell(column, column.cell(receipt)) for column in table] for receipt in receipts)
    text.detach()  # the stream is its owner's to close


def _csv_cell(column: Column, cell: Cell) -> Cell:
    return csv_text(cell) if column.kind == "text" and isinstance(cell, str) else cell


def _save_json(receipts: Iterable[Receipt], stream: IO[bytes], lines_of: LinesOf) -> None:
    before = "[\n"
    for receipt in receipts:
        record = json.dumps(_record(receipt, lines_of(receipt.id)), ensure_ascii=False)
        stream.write((before + record).encode("utf-8", "replace"))  # an unpaired surrogate becomes ?
        before = ",\n"
    stream.write(b"\n]\n" if before == ",\n" else b"[]\n")


def _record(receipt: Receipt, lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "receipt_id": receipt.id,
        "file": receipt.file,
        "page": receipt.page,
        "region": receipt.region,
        "status": receipt.status,
        "kind": receipt.kind,
        "error": receipt.error,
        "approved_by": receipt.approved_by,
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
    return said | {"by": correction.by, "at": _iso(correction.at)}


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
