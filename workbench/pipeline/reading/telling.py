"""The fields of one receipt from its lines, and how they are made sure: by the picture, or by looking again."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.domain.model import Box, Finding, Line
from workbench.pipeline.extraction import Extraction, extract
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.layout.printed_lines import SOURCE
from workbench.pipeline.ocr.digit_reader import SecondReader
from workbench.pipeline.ocr.engine import Engine
from workbench.pipeline.reading.other_script import Reread, in_other_script
from workbench.pipeline.reading.picture_check import Picture, layer_findings, layer_text
from workbench.pipeline.reading.second_looks import look_again


@dataclass(frozen=True, slots=True)
class Told:
    """The lines to judge by and what they say; second readings; printed lines that the picture shows otherwise."""

    lines: tuple[Line, ...]
    extraction: Extraction
    second: tuple[Line, ...] = ()
    otherwise: tuple[tuple[Line, Line], ...] = ()
    findings: tuple[Finding, ...] = ()


def told_by(
    image: Image, lines: tuple[Line, ...], layer: tuple[Line, ...], engine: Engine, second: SecondReader
) -> Told:
    """What the lines of one receipt on `image` say. `layer` is text behind a scan: a second reader of it."""
    if _mostly_printed(lines):
        return _held_against_picture(image, lines, engine, second)
    noted: list[Line] = []
    reader = _Known(second, lambda box: layer_text(layer, box)) if layer else second
    other = in_other_script(image, lines, second)
    if other is not None:
        return _in_other_script(image, other)
    lines, found = look_again(image, lines, engine, reader, lambda box, text: noted.append(Line(text, 0.0, box)))
    return Told(lines, found, tuple(noted), findings=layer_findings(found, layer))


def _mostly_printed(lines: tuple[Line, ...]) -> bool:
    """Whether most of what is read are the file's own characters."""
    printed = sum(len(line.text) for line in lines if line.source == SOURCE)
    return 2 * printed > sum(len(line.text) for line in lines)


def _held_against_picture(image: Image, lines: tuple[Line, ...], engine: Engine, second: SecondReader) -> Told:
    picture = Picture(image, engine, second.of(image, lines), lines)
    noted: dict[Box, str] = {}

    def again(box: Box) -> str:
        if box not in noted:
            noted[box] = picture.again(box)
        return noted[box]

    size = (image.shape[1], image.shape[0])
    found = extract(lines, size, again)
    lies = picture.lies(found)
    if lies:
        shown = {told.box: seen for told, seen in lies}
        lines = tuple(shown.get(line.box, line) for line in lines)
        found = extract(lines, size, again)
    return Told(lines, found, tuple(Line(text, 0.0, box) for box, text in noted.items()), lies)


def _in_other_script(image: Image, other: Reread) -> Told:
    noted: dict[Box, str] = {}

    def again(box: Box) -> str:
        noted[box] = other.engine.get(box, "")
        return noted[box]

    found = extract(other.lines, (image.shape[1], image.shape[0]), again)
    second = tuple(Line(text, 0.0, box) for box, text in noted.items())
    return Told(other.lines, found, second, findings=other.findings)


class _Known(SecondReader):
    """What is known of a line already (the text behind a scan), else the reader of digits."""

    def __init__(self, second: SecondReader, known: Callable[[Box], str]) -> None:
        self._second, self._known = second, known

    def read(self, image: Image, box: Box, angle: float = 0.0) -> str:
        return self._known(box) or self._second.read(image, box, angle)
