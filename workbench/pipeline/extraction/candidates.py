"""A possible value of a field, with where it stands and why it may be the one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.domain.model import Box, Field, Finding, Line
from workbench.domain.printed import plain
from workbench.pipeline.extraction.digits import CONFUSED
from workbench.pipeline.extraction.labels import Label, compact, text_label
from workbench.pipeline.layout.rows import Row


@dataclass(frozen=True, slots=True)
class Candidate:
    """`value` is canonical, `raw` as printed; `weight` adds up the reasons; `confidence` is the engine's, 0..1.

    `row` is the index of the printed row; `line` is the engine's line that carries the value (for a second reading).
    """

    value: str
    raw: str
    box: Box
    line: Line
    row: int
    confidence: float
    weight: float = 0.0
    reasons: tuple[str, ...] = ()

    def add_evidence(self, weight: float, reason: str = "") -> "Candidate":
        """The same candidate with one reason more (Korean, for the reviewer) and its weight."""
        return replace(self, weight=self.weight + weight, reasons=(*self.reasons, reason) if reason else self.reasons)

    def field(self, name: str, confidence: float) -> Field:
        """The field this candidate fills."""
        return Field(name, self.value, self.raw, round(confidence, 3), self.box, self.reasons)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A candidate for the field `name` under judgement: how sure it is so far, 0..1, and what was found about it."""

    name: str
    candidate: Candidate
    confidence: float
    findings: tuple[Finding, ...] = ()

    def at_most(self, confidence: float, why: str = "") -> "Verdict":
        """No surer than `confidence`; the reviewer is told why (a Korean sentence), if anything."""
        findings = (*self.findings, doubt(why, self.name)) if why else self.findings
        return replace(self, confidence=min(self.confidence, confidence), findings=findings)

    def for_value(self, value: str, reason: str) -> "Verdict":
        """The same print read as `value`."""
        return replace(self, candidate=replace(self.candidate, value=value).add_evidence(0, reason))

    def field(self) -> tuple[Field, tuple[Finding, ...]]:
        """The field it fills and what was found about it."""
        return self.candidate.field(self.name, self.confidence), self.findings


def at_most(field: Field, confidence: float) -> Field:
    """The same field, no surer than that."""
    return replace(field, confidence=min(field.confidence, confidence))


def doubt(message: str, *names: str) -> Finding:
    """A finding that the reading itself has about the fields named: the reviewer is to compare with the picture."""
    return Finding("warning", message, names, "doubt")


STROKES = "".join(c for c in CONFUSED if c.isascii() and c != "]") + "\N{HANGUL JUNGSEONG I}丨"
"""What digits are read as where the reader takes them for letters or a table's rules; ] ends many a label."""


_TOUCHING = re.compile(rf"(?<![^\W\d_])[{STROKES}]#|#[{STROKES}](?![^\W\d_])")


def may_be_cut(text: str, start: int, end: int) -> bool:
    """Whether what touches text[start:end] may be a digit of it, and is no part of a word."""
    return _TOUCHING.search(f"{text[:start]}#{text[end:]}") is not None


class Again:
    """A second reading of single lines by another recogniser, asked for at most `most` times a page.

    Without a reader every answer is None: nobody was asked.
    """

    def __init__(self, read: Callable[[Box], str] | None, most: int = 12) -> None:
        self._read, self._left = read, most
        self._known: dict[Box, str] = {}

    def text(self, line: Line) -> str | None:
        """What the other reader sees in the line, NFKC; None where it was not asked or sees nothing."""
        if self._read is None:
            return None
        if line.box not in self._known:
            if self._left <= 0:
                return None
            self._left -= 1
            self._known[line.box] = plain(self._read(line.box))
        return self._known[line.box] or None

    def agrees(self, line: Line) -> bool:
        """Whether the other reader sees the line's digits, and the signs between them, as they were first read."""
        first, second = (re.sub(r"[^\d.:/-]", "", text or "").strip(".:/-") for text in (line.text, self.text(line)))
        return first == second


def printed_at(rows: tuple[Row, ...], index: int, span: tuple[int, int], value: str) -> Candidate:
    """What is printed at rows[index].text[start:end], `span` = (start, end), read as `value`."""
    row, (start, end) = rows[index], span
    line = row.words_at(start, end)[0].line
    return Candidate(value, row.text[start:end], row.box(start, end), line, index, row.confidence(start, end))


def label_before(rows: tuple[Row, ...], index: int, start: int) -> Label | None:
    """The label of what begins at rows[index].text[start]: the words before it, else one in the row above it.

    The row above holds labels only; over several columns it is the one that stands above the value.
    """
    before = rows[index].text[:start]
    words = re.split(r"[0-9*#]", before.rstrip(" #"))[-1]
    label = text_label(words)
    # In a table what stands left of a cell is its neighbour, and no label.
    table = index and len(rows[index - 1].words) == len(rows[index].words) > 2
    if label or (compact(words) and not (table and start in rows[index].starts)):
        return label
    # A row above that shows a value of its own, if only a masked one, labels that.
    first = before.strip(" :.[(*-") == ""
    if index == 0 or re.search(r"[\d*]", rows[index - 1].text) or not (first or start in rows[index].starts):
        return None
    if not first and min(len(rows[index - 1].words), len(rows[index].words)) == 1:
        return None
    return label_above(rows, index, start, text_label)


ABOVE = 0.85
"""A label in the row above is worth so much of one that stands right before a value."""


def label_above(rows: tuple[Row, ...], index: int, start: int, label_of: Callable[[str], Label | None]) -> Label | None:
    """The label of rows[index].text[start] in the row above it; over several columns the one that stands above it."""
    above, row = rows[index - 1], rows[index]
    text = above.text
    if min(len(above.words), len(row.words)) > 1:
        word = row.words_at(start, start + 1)[0]
        text = min(above.words, key=lambda w: abs(w.left + w.right - word.left - word.right)).text
    label = label_of(text)
    return replace(label, score=label.score * ABOVE) if label else None
