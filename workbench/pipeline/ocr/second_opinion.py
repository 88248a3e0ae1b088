"""What a user's corrections taught, beside the engine: a page that it reads more surely is read by it.

What was learnt from a few hundred lines reads their like well and forgets some of the rest, so it replaces nothing. A
single line's confidence hardly tells which of the two to believe; that of a page's lines together does (figures:
benchmarks/README.md, "Learning from corrections").
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.domain.model import Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.line_model import LineModel, scaled, strip

SURER = 0.25
"""How much surer the second must be, its gains in confidence added up over the lines that it is asked for. Over ten
lines it gains 0.3 to 2 on a face that it learnt from, 0.21 at most on other print, 0.46 where that is harsh."""

DOUBTS = 0.75
"""What the second's doubts must at most be of the first's as well, the geometric mean over those lines: 0.68 at most
on a face that it learnt from, 0.82 at least in harsh print."""

LEAST = 0.01
"""Added to each doubt (1 less the confidence), so that none is nought"""

ASKED = 12
"""Lines of a page that are asked for first, spread over it; the others only where that tells for the second."""

STRETCHED = (1.1, 1.2, 1.3)
"""Widths, of its own, at which the second looks again at each line of a page that it is believed on; its surest look
holds."""

Said = tuple[str, float]
"""What a recogniser says of a line: text and confidence (0..1)"""

Second = Callable[[int, float], Said]
"""What the second says of the line at a place, stretched to so much of its width"""


def surer(said: Sequence[Said], second: Second) -> list[Said]:
    """What holds of a page's lines, of which one recogniser said that."""
    places = np.linspace(0, len(said) - 1, min(ASKED, len(said))).round().astype(int).tolist()
    heard = {place: second(place, 1.0) for place in places}
    if not heard or not _tells([(said[place][1], score) for place, (_, score) in heard.items()]):
        return list(said)
    held = []
    for place, one in enumerate(said):
        looks = [heard[place] if place in heard else second(place, 1.0), *(second(place, wide) for wide in STRETCHED)]
        text, score = max(looks, key=lambda look: look[1])
        held.append((text, score) if text else one)
    return held


def _tells(scores: Sequence[tuple[float, float]]) -> bool:
    """Whether confidence in the same lines, of the first and of the second, tells for the second."""
    first, second = (1 + LEAST - np.array(scores)).T
    return bool((first - second).sum() > SURER and np.log(second / first).mean() < np.log(DOUBTS))


class WithSecondOpinion:
    """One of our engines, and the recogniser in `folder` that is asked as well."""

    def __init__(self, engine: Any, folder: Path, threads: int) -> None:
        self._engine = engine
        self._second = LineModel(folder / "inference.onnx", threads)

    def read(self, image: Image) -> tuple[Line, ...]:
        """See `Engine.read`."""
        lines: tuple[Line, ...] = self._engine.read(image)
        lying = [line for line in lines if line.box.width > line.box.height]
        held = surer(
            [(line.text, line.confidence) for line in lying],
            lambda place, wide: self._second.read(strip(image, lying[place].box, lying[place].angle), wide),
        )
        told = dict(zip(lying, held, strict=True))
        return tuple(
            replace(line, text=told[line][0], confidence=told[line][1]) if line in told else line for line in lines
        )

    def read_lines(self, strips: Sequence[Image]) -> list[Said]:
        """See `LineReader.read_lines`."""
        said = self._engine.read_lines(strips)
        return surer(said, lambda place, wide: self._second.read(scaled(strips[place]), wide))
