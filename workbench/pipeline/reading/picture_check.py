"""What a PDF's characters say is held against what its picture shows, for the values that matter.

A font may call an 8 a 3, and a picture may lie over an amount: both leave ink where characters are. So the lines
of the values found are read from the picture, digits by the second reader; where both see others it is told.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz

from workbench.domain.model import Box, Finding, Line
from workbench.domain.schema import BY_NAME
from workbench.pipeline.extraction import Extraction
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.layout.printed_lines import SOURCE
from workbench.pipeline.ocr.engine import Engine

HIDDEN = "hidden-text"
"""Code of the findings that the file says something else than its picture."""

SENTENCE = "보이는 것과 숨은 글이 다릅니다"

_ALIKE = 55.0
"""0..100: a name read from the picture that is less like the file's says something else"""

_QUOTED = 60
"""characters of hidden text that a finding quotes"""


class Picture:
    """The picture of a page with characters, and who reads it: `digits` a line's box by the second reader."""

    def __init__(self, image: Image, engine: Engine, digits: Callable[[Box], str], lines: Sequence[Line]) -> None:
        self._image, self._engine, self._digits = image, engine, digits
        self._lines = {line.box: line for line in lines}
        self._seen: dict[Box, Line | None] = {}

    def again(self, box: Box) -> str:
        """What `extract` asks for: a printed line's text where the picture confirms it, else what the picture shows."""
        line = self._lines.get(box)
        if line is None or line.source != SOURCE:
            return self._digits(box)
        seen = self.otherwise(line)
        return line.text if seen is None else seen.text

    def lies(self, found: Extraction) -> tuple[tuple[Line, Line], ...]:
        """The lines of found values that the picture shows otherwise: as told, and as the picture has it."""
        pairs = ((line, self.otherwise(line)) for line in _lines_of(found, tuple(self._lines.values())))
        return tuple((line, seen) for line, seen in pairs if seen is not None)

    def otherwise(self, line: Line) -> Line | None:
        """A printed line as the picture shows it (source ""), where that is another; None where it is the same."""
        if line.box not in self._seen:
            self._seen[line.box] = self._compared(line)
        return self._seen[line.box]

    def _compared(self, line: Line) -> Line | None:
        told = digits(line.text)
        if len(told) >= 2:
            if told in digits(self._digits(line.box)):
                return None
            seen = self._read(line)
            return None if told in digits(seen.text) or len(digits(seen.text)) < 2 else seen
        if sum(c.isalpha() for c in line.text) < 2:
            return None
        seen = self._read(line)
        sure = seen.confidence >= 0.8 and sum(c.isalpha() for c in seen.text) >= 2
        return seen if sure and fuzz.ratio(_bare(line.text), _bare(seen.text)) < _ALIKE else None

    def _read(self, line: Line) -> Line:
        height, width = self._image.shape[:2]
        pad = 0.4 * line.box.height
        left, top = max(int(line.box.left - pad), 0), max(int(line.box.top - pad), 0)
        right, bottom = min(int(line.box.right + pad) + 1, width), min(int(line.box.bottom + pad) + 1, height)
        found = sorted(self._engine.read(self._image[top:bottom, left:right]), key=lambda part: part.box.left)
        text = " ".join(part.text for part in found)
        return Line(text, min((part.confidence for part in found), default=0.0), line.box, line.angle)


def hidden_findings(unseen: Iterable[Line], otherwise: Iterable[tuple[Line, Line]]) -> tuple[Finding, ...]:
    """What a person has to know: text that cannot be seen, and (as told, as shown) lines that differ."""
    found = []
    texts = [line.text for line in unseen if any(c.isalnum() for c in line.text)]
    if texts:
        quoted = " / ".join(texts)
        quoted = quoted if len(quoted) <= _QUOTED else f"{quoted[:_QUOTED]}…"
        found.append(
            Finding("warning", f"{SENTENCE}. 그림에서 볼 수 없는 글: {quoted}. 원본을 확인해 주세요.", (), HIDDEN)
        )
    for told, shown in otherwise:
        sentence = f"{SENTENCE}. 파일의 글은 {told.text!r}인데 그림에는 {shown.text!r}로 보입니다."
        found.append(Finding("warning", f"{sentence} 그림의 값을 썼으니 원본을 확인해 주세요.", (), HIDDEN))
    return tuple(found)


def layer_findings(found: Extraction, layer: Sequence[Line]) -> tuple[Finding, ...]:
    """Values read from a scan that the text behind it tells otherwise, in digits."""
    told = []
    for field in found.fields:
        if field.name not in ("total", "issued_at", "business_number") or field.box is None or not field.raw:
            continue
        behind = digits(layer_text(layer, field.box))
        mine = digits(field.raw)
        if len(behind) >= 3 and len(mine) >= 3 and mine not in behind and behind not in mine:
            label = BY_NAME[field.name].label
            sentence = f"{SENTENCE}. {label}: 그림에는 {field.raw}, 뒤에 숨은 글에는 다른 숫자입니다."
            told.append(Finding("warning", f"{sentence} 그림과 비교해 주세요.", (field.name,), HIDDEN))
    return tuple(told)


def layer_text(layer: Sequence[Line], box: Box) -> str:
    """What the text behind a scan says within `box`, left to right; "" where there is none."""
    inside = [line for line in layer if _middle_in(line.box, box)]
    return " ".join(line.text for line in sorted(inside, key=lambda line: line.box.left))


def _middle_in(inner: Box, outer: Box) -> bool:
    x, y = inner.centre
    level = outer.top <= y <= outer.bottom
    return level and (outer.left <= x <= outer.right or (inner.left <= outer.centre[0] <= inner.right))


def _lines_of(found: Extraction, lines: Sequence[Line]) -> list[Line]:
    """The lines in characters from which the found values were taken, each once."""
    chosen: dict[Box, Line] = {}
    for field in found.fields:
        if field.box is None or field.read is None:
            continue
        for line in lines:
            if line.source == SOURCE and _overlap(line.box, field.box):
                chosen[line.box] = line
    return list(chosen.values())


def _overlap(line: Box, field: Box) -> bool:
    wide = min(line.right, field.right) - max(line.left, field.left)
    high = min(line.bottom, field.bottom) - max(line.top, field.top)
    return wide > 0.5 * min(line.width, field.width) and high > 0.5 * min(line.height, field.height)


def digits(text: str) -> str:
    """Its digits alone."""
    return re.sub(r"\D", "", text)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
