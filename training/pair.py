"""A receipt read by two recognisers, of which one learnt from corrections: as pages are, on lines that are cut out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from training.draw import Picture
from training.evaluate import Reader, character_error
from workbench.pipeline.ocr.second_opinion import surer

Line = tuple[Picture, str]
"""A line's picture and what it says"""

SHEET = 10
"""Drawn lines that stand for a receipt"""


class Sheet(NamedTuple):
    """Lines of a receipt, and pictures of others of its lines: all of them tell which recogniser to believe."""

    lines: Sequence[Line]
    beside: Sequence[Picture] = ()


class Pair:
    """The recognisers in two ONNX files; without a second the first reads alone."""

    def __init__(self, first: Path, second: Path | None = None) -> None:
        self._first = Reader(first, 1)
        self._second = Reader(second, 1) if second else None

    def read(self, sheet: Sheet) -> list[tuple[str, str]]:
        """What is read of its lines, each with what it says."""
        pictures = [*(picture for picture, _ in sheet.lines), *sheet.beside]
        held = [self._first.scored(picture) for picture in pictures]
        if (second := self._second) is not None:
            held = surer(held, lambda place, wide: second.scored(pictures[place], wide))
        return [(text, true) for (text, _), (_, true) in zip(held, sheet.lines, strict=False)]

    def error(self, sheets: Sequence[Sheet]) -> float:
        """Errors a character."""
        return character_error([pair for sheet in sheets for pair in self.read(sheet)])


def sheets(lines: Sequence[Line]) -> Iterator[Sheet]:
    """Lines as if so many of them stood on a receipt."""
    for at in range(0, len(lines), SHEET):
        yield Sheet(lines[at : at + SHEET])
