"""What a PDF's characters say is held against what its picture shows, for the values that matter.

A font may call an 8 a 3, and a picture may lie over an amount: both leave ink where characters are. So the lines
of the values found are read from the picture, digits by the second reader; where both see others it is told.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from unicodedata import east_asian_width

from rapidfuzz import fuzz

from workbench.domain.model import Box, Finding, Line
from workbench.domain.schema import BY_NAME
from workbench.pipeline.extraction import Extraction
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.layout.printed_lines import SOURCE
from workbench.pipeline.ocr.engine import Engine, LineReader

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
        told, box = digits(line.text), line.box
        if len(told) >= 2:
            part = _figures(line)
            if _shows(self._strip(part).text, told):
                return None
            seen = self._around(line)
            # The reader of digits takes 원 for one, so what follows says nothing there.
            same = _shows(seen.text, told) or _shows(self._digits(box), told, "")
            return None if same or len(digits(seen.text)) < 2 else seen
        if sum(c.isalpha() for c in line.text) < 2:
            return None
        seen = self._strip(box)
        sure = seen.confidence >= 0.8 and sum(c.isalpha() for c in seen.text) >= 2
        alike = fuzz.ratio(_bare(line.text), _bare(seen.text)) >= _ALIKE
        return Line(seen.text, seen.confidence, box, line.angle) if sure and not alike else None

    def _strip(self, box: Box) -> Line:
        """What stands in a box that holds one line, without looking for it."""
        part = self._cut(box, 0.1 * box.height)
        if not isinstance(self._engine, LineReader) or min(part.shape[:2], default=0) < 4:
            return self._around(Line("", 0.0, box))
        ((text, score),) = self._engine.read_lines([part])
        return Line(text, score, box)

    def _around(self, line: Line) -> Line:
        """The print around a line, looked for afresh, as one line."""
        part = self._cut(line.box, 0.4 * line.box.height)
        found = sorted(self._engine.read(part), key=lambda one: one.box.left) if part.size else []
        text = " ".join(one.text for one in found)
        return Line(text, min((one.confidence for one in found), default=0.0), line.box, line.angle)

    def _cut(self, box: Box, pad: float) -> Image:
        height, width = self._image.shape[:2]
        left, top = max(int(box.left - pad), 0), max(int(box.top - pad), 0)
        right, bottom = min(int(box.right + pad) + 1, width), min(int(box.bottom + pad) + 1, height)
        return self._image[top:bottom, left:right]


def _shows(text: str, told: str, end: str = r"(?![,.]?\d)") -> bool:
    """Whether the digits `told` stand in a text in that order, as numbers of their own: 4,600 does not in 54,600."""
    return bool(re.search(r"(?<!\d)(?<!\d[,.])" + r"\D*".join(told) + end, text))


def _figures(line: Line) -> Box:
    """The part of a line from its first digit to its last, and a letter more on either side, by letter widths."""
    wide = [2 if east_asian_width(c) in "WF" else 1 for c in line.text]
    places = [k for k, c in enumerate(line.text) if c.isdigit()]
    whole, first, last = sum(wide), sum(wide[: places[0]]), sum(wide[: places[-1] + 1])
    left = line.box.left + line.box.width * max(first - 2, 0) / whole
    right = line.box.left + line.box.width * min(last + 2, whole) / whole
    return Box(left, line.box.top, right, line.box.bottom)


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
