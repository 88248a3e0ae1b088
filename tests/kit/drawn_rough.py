"""A drawn receipt as a bad photo gives it: lines joined and cut, blanks and labels lost, curled paper, specks."""

import random
from dataclasses import replace
from math import sin

from tests.kit.drawn_lines import Drawn
from workbench.domain.model import Box, Line

LOST = "·:：[]().,-"
"""Signs that a reader may not see."""


def roughened(page: Drawn, rng: random.Random, much: float) -> Drawn:
    """The same receipt, harder to read; `much` is the chance that a line suffers, 0..1 (0.1 is a poor photo)."""
    pieces: list[tuple[Line, str]] = []
    for line in page.lines:
        if rng.random() < 0.15 * much and not any(c.isdigit() for c in line.text) and line is not page.lines[0]:
            continue  # a label lost
        pieces += _cut(line, page.printed[line.box], rng) if rng.random() < much else [(line, page.printed[line.box])]
    pieces = _joined(pieces, rng, much)
    bend, phase = rng.uniform(0, 14) * (much > 0), rng.uniform(0, 6.3)
    lines, printed = [], {}
    for line, text in pieces:
        shift = bend * sin(phase + line.box.centre[0] / page.size[0] * 3) + rng.gauss(0, 1.5)
        box = line.box.moved(rng.gauss(0, 2), shift)
        said = _unsigned(line.text, rng, much)
        lines.append(replace(line, text=said, box=box))
        printed[box] = text
    for _ in range(round(20 * much)):
        left, top = rng.uniform(0, page.size[0]), rng.uniform(0, page.size[1])
        box = Box(left, top, left + rng.uniform(6, 30), top + rng.uniform(6, 26))
        lines.append(Line(rng.choice("ㅣ一=~|:'.·—*I0o돈"), rng.uniform(0.05, 0.6), box))
        printed[box] = ""
    rng.shuffle(lines)
    return replace(page, lines=tuple(lines), printed=printed)


def _cut(line: Line, printed: str, rng: random.Random) -> list[tuple[Line, str]]:
    """The line in two where it holds a blank, as the detector cuts it."""
    blanks = [i for i, c in enumerate(line.text) if c == " " and 0 < i < len(line.text) - 1]
    if not blanks or len(line.text) != len(printed):
        return [(line, printed)]
    at = rng.choice(blanks)
    wide = [2 if ord(c) > 0x1100 else 1 for c in line.text]
    unit = line.box.width / sum(wide)
    middle = line.box.left + unit * sum(wide[:at])
    box = line.box
    first = replace(line, text=line.text[:at], box=Box(box.left, box.top, middle, box.bottom))
    second = replace(line, text=line.text[at + 1 :], box=Box(middle + unit, box.top, box.right, box.bottom))
    return [(first, printed[:at]), (second, printed[at + 1 :])]


def _joined(pieces: list[tuple[Line, str]], rng: random.Random, much: float) -> list[tuple[Line, str]]:
    """Neighbours of one row as one line, the gap gone."""
    found: list[tuple[Line, str]] = []
    for line, text in pieces:
        if found and found[-1][0].box.top == line.box.top and rng.random() < much:
            before, words = found[-1]
            gap = "" if rng.random() < 0.3 else " "
            found[-1] = (
                replace(before, text=before.text + gap + line.text, box=before.box.union(line.box),
                        confidence=min(before.confidence, line.confidence)),
                words + gap + text,
            )  # fmt: skip
        else:
            found.append((line, text))
    return found


def _unsigned(text: str, rng: random.Random, much: float) -> str:
    """The text with a blank or a sign lost, and a thousands mark as a dot or with a blank behind it."""
    if rng.random() < much:
        places = [i for i, c in enumerate(text) if c == " " or (c in LOST and not _within(text, i))]
        if places:
            at = rng.choice(places)
            text = text[:at] + text[at + 1 :]
    if rng.random() < much:
        text = text.replace(",", rng.choice([".", ", ", ","]))
    return text


def _within(text: str, at: int) -> bool:
    """Whether a sign stands between digits, where its loss would change the value."""
    return 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()
