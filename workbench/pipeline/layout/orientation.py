"""Which way up a page stands, found from what the reader makes of the whole page."""

import re
from collections.abc import Iterable, Sequence

from workbench.domain import lexicon
from workbench.domain.model import Line
from workbench.pipeline.imaging.pixels import Image, turned
from workbench.pipeline.ocr import tiling
from workbench.pipeline.ocr.engine import Engine

_WORDS = lexicon.pattern("cues.upright")
_FIGURES = re.compile(
    r"20\d\d[-./년]\s?\d\d?[-./월]\s?\d\d?|\d\d:\d\d|(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)|\d{3}-\d\d-\d{5}|\d{2,4}-\d{3,4}-\d{4}"
)

_TALL = 1.5
"""PaddleOCR and RapidOCR lay a text box on its side before reading when it is that many times as tall as wide"""


def upright(image: Image, engine: Engine) -> tuple[Image, int, tuple[Line, ...]]:
    """The page turned upright, the clockwise turn that did it, and its lines; read once where it stands upright.

    Wide or tall boxes tell 0/180 from 90/270; words and figures that only upright print yields tell the rest. Only
    a page that does not convince is read again, a blank one never. Measured on
    31 real receipts in four turns, seed recogniser: 124 of 124 right; upright 31 of 31 in one reading, turned ones in
    two (91 of 93), three or four.
    """
    lines = tiling.read(image, engine)
    if not lines or (convincing(lines) and _tall_share(lines) < 0.5):
        return image, 0, lines
    tried = {0: (image, lines)}
    for turn in _candidates(lines):
        if turn not in tried:
            again = turned(image, turn)
            tried[turn] = again, tiling.read(again, engine)
        if convincing(tried[turn][1]) and _tall_share(tried[turn][1]) < 0.5:
            return tried[turn][0], turn, tried[turn][1]
    best = max(tried, key=lambda turn: (_score(tried[turn][1]), -turn))
    return tried[best][0], best, tried[best][1]


def _candidates(lines: Sequence[Line]) -> tuple[int, ...]:
    """Turns worth a reading, the likeliest first."""
    tall = _tall_share(lines)
    # The engines lay tall boxes down counter-clockwise: what reads well lying there wants a turn the same way.
    sideways = (270, 90) if convincing(lines) else (90, 270)
    if tall > 0.8:
        return sideways
    return (0, 180) if tall < 0.2 else (*sideways, 0, 180) if tall > 0.5 else (0, 180, *sideways)


def evidence(lines: Iterable[Line]) -> int:
    """How often `lines` hold what only upright print says: words of receipts, dates, times, numbers, amounts."""
    return sum(
        len(_WORDS.findall(re.sub(r"\s", "", line.text).upper())) + len(_FIGURES.findall(line.text)) for line in lines
    )


def convincing(lines: Sequence[Line]) -> bool:
    """Whether these lines can only have been read from upright print (upside down: at most 5, and 0.79)."""
    found, sure = evidence(lines), _confidence(lines)
    return (found >= 6 and sure >= 0.75) or (found >= 2 and sure >= 0.88)


def _score(lines: Sequence[Line]) -> float:
    return _confidence(lines) + 0.05 * min(evidence(lines), 10) - 0.2 * (_tall_share(lines) > 0.5)


def _confidence(lines: Sequence[Line]) -> float:
    """The mean over letters, 0..1."""
    letters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0


def _tall_share(lines: Sequence[Line]) -> float:
    """Of the letters in boxes clearly longer one way, the share in boxes that stand, 0..1."""
    words = [line for line in lines if len(line.text) > 1]
    tall = sum(len(line.text) for line in words if line.box.height > _TALL * line.box.width)
    wide = sum(len(line.text) for line in words if line.box.width > _TALL * line.box.height)
    return tall / (tall + wide) if tall + wide else 0.0
