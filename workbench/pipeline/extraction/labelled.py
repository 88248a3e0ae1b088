"""A field without a rule of its own: the value behind its label, in the label's row or alone in the row below."""

import re
from collections.abc import Iterator

from workbench.domain.model import Field
from workbench.domain.printed import values_in
from workbench.domain.schema import FieldSpec, parse
from workbench.pipeline.extraction.candidates import Candidate, printed_at
from workbench.pipeline.extraction.labels import begins_with_label, compact
from workbench.pipeline.extraction.sureness import LIKELY
from workbench.pipeline.layout.rows import Row

SUREST = LIKELY
"""A label is all that speaks for such a value: it always asks for a look."""


def find_labelled(rows: tuple[Row, ...], spec: FieldSpec) -> Field | None:
    """The value that stands behind one of the field's labels, the first and most surely read; None where none does."""
    label = re.compile("|".join(r"\s?".join(map(re.escape, word)) for word in spec.labels), re.IGNORECASE)
    found = [c for index in range(len(rows)) for c in _behind(rows, index, label, spec)] if spec.labels else []
    if not found:
        return None
    best = min(found, key=lambda c: (-c.weight, c.row, c.value))
    return best.field(spec.name, min(best.confidence, SUREST))


def _behind(rows: tuple[Row, ...], index: int, label: re.Pattern[str], spec: FieldSpec) -> Iterator[Candidate]:
    row = rows[index]
    for match in label.finditer(row.text):
        if compact(row.text[: match.start()]) and match.start() not in row.starts:
            continue  # inside a word or a sentence
        end = end_of_value(row, match.end())
        if compact(row.text[match.end() : end]) or re.search(r"\d", row.text[match.end() : end]):
            yield from _valued(rows, index, match.end(), end, spec)
        elif index + 1 < len(rows):
            yield from _valued(rows, index + 1, 0, end_of_value(rows[index + 1], 0), spec)


def end_of_value(row: Row, start: int) -> int:
    """Where the next cell begins that is a label itself."""
    labels = (
        at for at, word in zip(row.starts, row.words, strict=True) if at >= start and begins_with_label(word.text)
    )
    return min(labels, default=len(row.text))


def _valued(rows: tuple[Row, ...], index: int, start: int, end: int, spec: FieldSpec) -> Iterator[Candidate]:
    row = rows[index]
    text = row.text[start:end].lstrip(" :：.)]】").rstrip()
    for value in values_in(spec.name, text):
        at = row.text.find(value, start)
        if at < 0:
            continue
        found = printed_at(rows, index, (at, at + len(value)), parse(spec.name, value))
        yield found.add_evidence(found.confidence, f"{spec.label} 표시 옆에 인쇄됨")
        return
