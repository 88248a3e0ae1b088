"""Lines with boxes become printed rows, whatever the tilt or curl of the paper.

The engine's lines are words here: one printed row is often cut into several (label and value far apart).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, radians, tan
from statistics import median

import numpy as np

from workbench.domain.geometry import true_size
from workbench.domain.model import Box, Line
from workbench.domain.printed import plain

STEEPEST = 20.0
"""Degrees: lines that seem steeper are specks or upright print, and say nothing about the page's tilt."""

SMALLEST = 0.01
"""px: thinner boxes hold no print, and divide what no number can hold."""


@dataclass(frozen=True, slots=True)
class Word:
    """One line of the engine on the levelled page: `left`, `right`, `y` (centre) and `height` in levelled px."""

    text: str
    line: Line
    left: float
    right: float
    y: float
    height: float

    @property
    def confidence(self) -> float:
        """The engine's own score, 0..1."""
        return self.line.confidence


@dataclass(frozen=True, slots=True)
class Row:
    """Words of one printed row, left to right. `text` joins them by one blank; `starts` are their offsets in it."""

    words: tuple[Word, ...]
    text: str
    starts: tuple[int, ...]

    @property
    def y(self) -> float:
        """Mean height of the row on the levelled page, px."""
        return sum(word.y for word in self.words) / len(self.words)

    @property
    def height(self) -> float:
        """Median height of its words, px."""
        return median(word.height for word in self.words)

    def words_at(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that text[start:end] touches."""
        return tuple(
            word
            for word, first in zip(self.words, self.starts, strict=True)
            if first < end and start < first + len(word.text)
        )

    def box(self, start: int, end: int) -> Box:
        """The part of the picture that shows text[start:end], cut from the lines' boxes by letter widths."""
        parts = []
        for word, first in zip(self.words, self.starts, strict=True):
            if first < end and start < first + len(word.text):
                parts.append(_part(word, max(start - first, 0), min(end - first, len(word.text))))
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.union(part)
        return whole

    def confidence(self, start: int, end: int) -> float:
        """The lowest engine score among the words that text[start:end] touches."""
        return min((word.confidence for word in self.words_at(start, end)), default=0.0)


def rows_of(lines: Iterable[Line]) -> tuple[Row, ...]:
    """Rows top to bottom. The order of `lines` does not matter."""
    return _rows_of(tuple(lines))


@lru_cache(maxsize=8)  # one page's lines are asked for by its cutting, its bill's pages and its extraction
def _rows_of(lines: tuple[Line, ...]) -> tuple[Row, ...]:
    words = level(lines)
    chains: list[list[Word]] = []
    ends: list[Word] = []  # each chain's word that reaches farthest right
    for word in sorted(words, key=lambda w: (w.left, w.y, w.text)):
        best, distance = -1, float("inf")
        for number, last in enumerate(ends):
            if abs(word.y - last.y) > last.height + word.height:  # most rows: not even near
                continue
            gap = _gap(chains[number], last, word)
            if gap is not None and gap < distance:
                best, distance = number, gap
        if best < 0:
            chains.append([word])
            ends.append(word)
        else:
            chains[best].append(word)
            ends[best] = max(ends[best], word, key=lambda w: w.right)
    rows = [_row(chain) for chain in chains]
    return tuple(sorted(rows, key=lambda row: (row.y, row.words[0].left, row.text)))


def level(lines: Iterable[Line]) -> list[Word]:
    """Words on a page turned so that print runs level; lines with impossible boxes are left out."""
    sound = sorted((line for line in lines if _sound(line)), key=lambda line: (line.box.top, line.box.left, line.text))
    sound = [line for line in sound if line.text.strip()]
    if not sound:
        return []
    tilts = _tilts(sound)
    middle_x = sum(line.box.centre[0] for line in sound) / len(sound)
    words = []
    for line, tilt in zip(sound, tilts, strict=True):
        text = plain(line.text).strip()
        x, y = line.box.centre
        width, height = true_size(line.box, abs(radians(tilt)))
        level_y = y - (x - middle_x) * tan(radians(tilt))
        words.append(Word(text, line, x - width / 2, x + width / 2, level_y, height))
    return [word for word in words if word.text]


def tilt_of(lines: Iterable[Line]) -> float:
    """Degrees by which the print falls to the right: the median over long lines, wide ones counted more."""
    votes = sorted(
        (line.angle, line.box.width)
        for line in lines
        if line.box.width > 3 * line.box.height and abs(line.angle) < STEEPEST
    )
    half, seen = sum(weight for _, weight in votes) / 2, 0.0
    for angle, weight in votes:
        seen += weight
        if seen >= half:
            return angle
    return 0.0


def _tilts(lines: list[Line]) -> list[float]:
    """The tilt at each line, degrees: the one at which most of the words around stand in rows.

    The lines' own angles are not enough: on curled paper the label leans and its amount does not. So the angle that
    brings most pairs to one height is sought, for the whole page and then for the neighbourhood of each line.
    """
    x, y = (np.array([line.box.centre[i] for line in lines]) for i in (0, 1))
    heights = np.array([line.box.height for line in lines])
    tall = float(np.median(heights))
    own = tilt_of(lines)
    dx, dy = x[None, :] - x[:, None], y[None, :] - y[:, None]
    apart = (dx > 2 * tall) & (np.abs(dy) < 0.15 * dx + tall)
    first, second = np.nonzero(apart)
    if len(first) == 0:
        return [own] * len(lines)
    run, drop = dx[first, second], dy[first, second]
    size = np.minimum(heights[first], heights[second])
    angles = np.arange(min(0.0, own) - 3.0, max(0.0, own) + 3.01, 0.25)
    fit = np.stack([np.clip(1 - np.abs(drop - run * tan(radians(a))) / (0.6 * size), 0, None) for a in angles])
    whole = fit.sum(axis=1) * (1 - 0.06 * np.abs(angles - own))
    best = float(angles[int(np.argmax(whole))])
    if len(lines) < 12:
        return [best] * len(lines)
    reach = max((y.max() - y.min()) / 6, 4 * tall)
    middle = (y[first] + y[second]) / 2
    near = np.exp(-((middle - y[:, None]) ** 2) / (2 * reach**2))
    local = np.einsum("lp,ap->la", near, fit) * (1 - 0.08 * np.abs(angles - best))
    tilts: list[float] = angles[local.argmax(axis=1)].tolist()
    return tilts


def _sound(line: Line) -> bool:
    box = line.box
    finite = all(isfinite(v) for v in (box.left, box.top, box.right, box.bottom, line.angle))
    return finite and min(box.width, box.height) > SMALLEST


def _gap(chain: list[Word], last: Word, word: Word) -> float | None:
    """How far `word` lies off the row that `chain`, up to `last`, has made so far, in line heights; None: too far."""
    if word.left < last.right - 0.5 * min(last.right - last.left, word.right - word.left):
        return None
    smaller, larger = sorted((last.height, word.height))
    if larger > 3.2 * smaller:
        return None
    expected = last.y
    if len(chain) > 1:  # curl: follow the row's own slope, gently
        before = chain[-2] if chain[-1] is last else chain[-1]
        run = (last.left + last.right - before.left - before.right) / 2
        if run > 2 * last.height:
            slope = max(-0.1, min(0.1, (last.y - before.y) / run))
            expected += slope * min(word.left - last.right, 10 * last.height) * 0.5
    off = abs(word.y - expected) / (smaller + 0.15 * (larger - smaller))
    return off if off < 0.55 else None


def _row(chain: list[Word]) -> Row:
    starts, at = [], 0
    for word in chain:
        starts.append(at)
        at += len(word.text) + 1
    return Row(tuple(chain), " ".join(word.text for word in chain), tuple(starts))


def _part(word: Word, start: int, end: int) -> Box:
    box = word.line.box
    widths = [2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in word.text]
    whole = sum(widths) or 1
    left = box.left + box.width * sum(widths[:start]) / whole
    right = box.left + box.width * sum(widths[:end]) / whole
    return Box(left, box.top, right, box.bottom)
