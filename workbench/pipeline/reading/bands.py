"""The last search for a business number or a date: bands across the head of the slip, read without any detector.

Tight rows, spaced letters and bent paper make the detector miss whole rows that the reader of digits could read. So
overlapping bands along the print are read one after the other. A number counts only if its check digit holds, a date
only if several bands show the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from workbench.domain.check_digit import is_valid
from workbench.domain.model import Box, Line
from workbench.pipeline.extraction.candidates import UNAIMED
from workbench.pipeline.extraction.labels import text_label
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.layout.unread_ink import UnreadInk
from workbench.pipeline.ocr.digit_reader import SecondReader

MOST_BANDS = 100
"""About two seconds on one core."""

LEAST_INK = 5.0
"""A number or a date is at least six of its heights wide: a band with less unread print than that is not read."""

_NUMBER = re.compile(r"(?<!\d)(\d{3})-(\d{2})-{1,2}(\d{5})(?!\d)")
_MOMENT = re.compile(r"(?<!\d)(20\d\d)[-./](\d\d)[-./](\d\d)\D{0,4}(\d\d):(\d\d)(?!\d)")

_SHAPES = (("number", _NUMBER), ("date", _MOMENT))


def band_lines(
    image: Image, lines: Sequence[Line], reader: SecondReader, number: bool, date: bool, first: Sequence[Line] = ()
) -> tuple[Line, ...]:
    """Lines with a business number (if `number`) and a date with its time (if `date`) that bands show; () for none.

    Bands begin at the lines of `first`: what was read there is no number, or no date.
    """
    votes: dict[str, list[tuple[Box, float]]] = defaultdict(list)
    wanted = {kind for kind, asked in (("number", number), ("date", date)) if asked}
    aimed = [(line.box, line.angle) for line in (*first, *_labels(lines, image.shape[1], wanted))]
    for place, (box, angle) in enumerate(chain(aimed, _bands(image, lines))):
        new = [v for v in _values(reader.read(image, box, angle), wanted) if v not in votes]
        if not new and place >= len(aimed):
            continue
        # Something was seen: look at it from a little higher, lower, wider and narrower.
        for near in _around(box):
            for value in _values(reader.read(image, near, angle), wanted):
                votes[value].append((near, angle))
        wanted -= {kind for kind, shape in _SHAPES if any(shape.search(v) and len(at) >= 3 for v, at in votes.items())}
        if not wanted:
            break
    return tuple(_lines(votes))


def _labels(lines: Sequence[Line], width: int, wanted: set[str]) -> Iterator[Line]:
    """From the label of a number or a date to the right edge: its value is there, read or not."""
    edge = max((line.box.right for line in lines), default=0.0)
    for line in lines:
        label = text_label(line.text)
        if label and label.score >= 0.8 and label.role in wanted and abs(line.angle) < 2:
            box = line.box
            margin = 0.15 * box.height
            yield replace(line, box=Box(box.left, max(box.top - margin, 0), min(edge, width), box.bottom + margin))


def _around(box: Box) -> Iterator[Box]:
    high = box.height
    for up, down in ((0, 0), (-0.15, 0), (0, 0.15), (0.12, 0.12), (-0.12, -0.12), (0.15, -0.1)):
        yield Box(box.left, max(box.top + up * high, 0), box.right, box.bottom + down * high)


def _lines(votes: dict[str, list[tuple[Box, float]]]) -> Iterator[Line]:
    for _, shape in _SHAPES:
        found = sorted(((len(at), value) for value, at in votes.items() if shape.search(value)), reverse=True)
        if found and found[0][0] >= 2 and (len(found) == 1 or found[0][0] > found[1][0]):
            at = votes[found[0][1]]
            box, angle = at[len(at) // 2]
            yield Line(found[0][1], UNAIMED, box, angle)


def _values(text: str, wanted: set[str]) -> set[str]:
    found = _numbers(text) if "number" in wanted else set()
    return found | _moments(text) if "date" in wanted else found


def _numbers(text: str) -> set[str]:
    return {number for m in _NUMBER.finditer(text) if is_valid(number := "-".join(m.groups()))}


def _moments(text: str) -> set[str]:
    """To the minute: bands that cut off the seconds must not outvote the others."""
    found = set()
    for m in _MOMENT.finditer(text):
        year, month, day, hour, minute = m.groups()
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 and int(hour) < 24 and int(minute) < 60:
            found.add(f"{year}-{month}-{day} {hour}:{minute}")
    return found


def _bands(image: Image, lines: Sequence[Line]) -> Iterator[tuple[Box, float]]:
    """Bands along the print of the upper half, each as wide as the print or half of it, nearest the top first."""
    text = [line for line in lines if line.confidence > 0.6 and len(line.text) > 2]
    if len(text) < 3:
        return
    tall = sorted(_height(line) for line in text)[len(text) // 2]
    left, right = min(line.box.left for line in text), max(line.box.right for line in text)
    top, bottom = min(line.box.top for line in text), max(line.box.bottom for line in text)
    middle = (left + right) / 2
    sure = [line for line in text if line.confidence > 0.85]
    unread = UnreadInk(image, sure, tall)
    y, count = max(top - 4 * tall, 0.0), 0
    while y < top + (bottom - top) * 0.45 and count < MOST_BANDS:
        for first, last in ((left - tall, right), (left - tall, middle + tall), (middle - tall, right + tall)):
            angle = _angle(text, (first + last) / 2, y)
            if (last - first > right - left) == (abs(angle) > 2):
                continue  # across the page where print runs level; in halves where it is bent
            lean = (last - first) * abs(angle) / 57.3
            box = Box(max(first, 0), y, min(last, image.shape[1]), min(y + tall + lean, image.shape[0]))
            if box.width <= 4 * tall or box.height <= 4 or _covered(box, lean, sure) >= 0.5:
                continue
            if unread.width(box) >= LEAST_INK:
                yield box, angle
                count += 1
        y += 0.4 * tall


def _covered(band: Box, lean: float, sure: list[Line]) -> float:
    """How much of a band's width is print that has been read."""
    wide = 0.0
    for line in sure:
        high = min(band.bottom, line.box.bottom) - max(band.top, line.box.top)
        if high > 0.6 * min(band.height - lean / 2, line.box.height):
            wide += max(min(band.right, line.box.right) - max(band.left, line.box.left), 0.0)
    return wide / band.width


def _angle(text: list[Line], x: float, y: float) -> float:
    """The lean of the print nearest to a point."""
    wide = [line for line in text if line.box.width > 3 * _height(line)]
    if not wide:
        return 0.0
    return min(wide, key=lambda line: abs(line.box.centre[1] - y) + 0.7 * abs(line.box.centre[0] - x)).angle


def _height(line: Line) -> float:
    """Of the print itself: a leaning line's box is taller, and any box has a margin."""
    return 0.8 * max(line.box.height - line.box.width * abs(line.angle) / 57.3, line.box.height / 3)
