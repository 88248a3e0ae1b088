"""What a field may hold, from the lines that were read: the value inside a tapped line, and a few picks for a problem.

Pure; knows the kinds of fields (`schema`) and what a name looks like. What is no plausible value is not offered: a
reviewer reads each pick, and one that is nonsense costs more than none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from workbench.domain import check_digit, schema
from workbench.domain.errors import WrongValue
from workbench.domain.model import Box, Line, Receipt
from workbench.domain.printed import values_in
from workbench.pipeline.extraction.shop_names import is_name, is_notice, is_sentence

PICKS = 3
READ = 0.7
"""confidence under which a line's words are not offered: nobody wants to read through guesses"""
HEAD = 0.33
"""Of the print's height: a name without a label stands in its upper third"""
SMALL = 20
"""How many times smaller than the largest amount on the paper a total may be, where no label names it"""
EARLIEST = "1990"
"""The first year that a paper of interest can be of"""
APPROVAL = re.compile(r"(?!(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d)\d{7,10}")
"""An approval number without a label: its usual length, and no day"""
_KEY = re.compile(r"[^0-9A-Za-z가-힣]")


def value_in(name: str, text: str) -> str:
    """The part of a line that can be the value of field `name`, as a person would type it.

    Raises WrongValue, in words, where no part of it can.
    """
    found = next(values_in(name, text), None)
    if found is None:
        raise WrongValue(f"이 글에는 {schema.spec(name).label} 값이 없습니다: {text!r}")
    return found


def picks(receipt: Receipt, name: str, lines: Sequence[Line], offered: Sequence[str] = ()) -> tuple[str, ...]:
    """At most PICKS canonical values for field `name`, likeliest first, the present one left out.

    What other papers offer (statements, vendors) stands before what the lines hold.
    """
    present = receipt.value(name)
    if schema.spec(name).filled:
        return ()
    weights: defaultdict[str, float] = defaultdict(float)
    print_, paid = _Print.of(lines), _largest(receipt, lines)
    for place, line in enumerate(lines):
        label = _labelled(name, lines, place)
        for text in values_in(name, line.text):
            value = schema.parse(name, text)
            less = name == "issued_at" and (present or "").startswith(value)  # the day without its time
            if value and value != present and not less and _plausible(name, value, line, label, print_, paid):
                weights[value] += _weight(name, value, line, label, print_)
    best = [value for value in sorted(weights, key=lambda value: -weights[value]) if weights[value] > 0]
    told = [schema.parse(name, text) for text in offered]
    return tuple(value for value in dict.fromkeys((*told, *best)) if value and value != present)[:PICKS]


def _largest(receipt: Receipt, lines: Sequence[Line]) -> int:
    """What the others are held against: the amount that the receipt has for its total, else the largest printed."""
    known = [abs(int(value)) for name in ("total", "card_amount") if (value := receipt.value(name))]
    printed = (
        schema.parse("total", text) for line in lines if "," in line.text for text in values_in("total", line.text)
    )
    return max([*known, *(abs(int(value)) for value in printed if value)], default=0)


def _plausible(name: str, value: str, line: Line, label: bool, print_: "_Print", paid: int) -> bool:
    """Whether a value can be that of the field at all, in a line with a label of the field or without."""
    if name == "merchant":  # words like those of its labels stand in notices, too
        looks = is_name(value) and not is_sentence(value) and not is_notice(value)
        return looks and (label or print_.depth(line.box) < HEAD)
    if name == "issued_at":
        return value >= EARLIEST
    if label:
        return True
    if schema.spec(name).kind == "number":  # else each phone number is one
        return check_digit.is_valid(value)
    if name == "approval_number":
        return bool(APPROVAL.fullmatch(value)) and value in line.text.replace(" ", "")
    if name == "vat":
        return abs(int(value)) * 10 <= paid
    if name in ("total", "supply"):
        return abs(int(value)) * SMALL >= paid and (abs(int(value)) <= paid or not paid)
    return True


def used(receipts: Iterable[Receipt], name: str, most: int = 200) -> tuple[str, ...]:
    """What a field that people fill in holds on other receipts, most used first."""
    counts = Counter(value for receipt in receipts if (value := receipt.value(name)))
    return tuple(value for value, _ in counts.most_common(most))


def place_of(name: str, value: str, lines: Sequence[Line]) -> Box | None:
    """Where on the picture a candidate stands: the box of the surest line that holds it."""
    found = [line for line in lines if value in (schema.parse(name, text) for text in values_in(name, line.text))]
    return max(found, key=lambda line: line.confidence).box if found else None


def _labelled(name: str, lines: Sequence[Line], place: int) -> bool:
    """Whether the line, or one on its left in the same row, carries a label of the field."""
    line = lines[place]
    middle = line.box.centre[1]
    row = [n for n in lines if n.box.top <= middle <= n.box.bottom and n.box.left <= line.box.left]
    text = _KEY.sub("", "".join(n.text for n in row)).upper()
    return any(label in text for label in schema.spec(name).labels)


@dataclass(frozen=True)
class _Print:
    """Where a receipt's print begins and ends, and how high a usual line is: px."""

    top: float
    bottom: float
    usual: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "_Print":
        boxes = [line.box for line in lines] or [Box(0, 0, 1, 1)]
        usual = median(box.height for box in boxes)
        return cls(min(box.top for box in boxes), max(box.bottom for box in boxes), usual or 1.0)

    def depth(self, box: Box) -> float:
        """Where a box stands: 0 in the first line, towards 1 in the last."""
        return (box.top - self.top) / ((self.bottom - self.top) or 1.0)

    def heading(self, box: Box) -> float:
        """How much a box looks like a heading: 2 for the first line, up to 1 more for large letters."""
        return 2 * (1 - self.depth(box)) + min(box.height / self.usual, 2.0) / 2


def _weight(name: str, value: str, line: Line, label: bool, print_: _Print) -> float:
    weight = 0.1 + line.confidence / 10 + 3 * label
    kind = schema.spec(name).kind
    if kind == "won":
        amount = abs(int(value))
        if amount < (10 if label else 100) or amount > 100_000_000:  # a count, a house number, a barcode
            return 0.0
        return weight + 0.5 * (amount >= 1000) + (0.5 if "," in line.text else 0.0)
    if kind == "number":
        return weight + 4 * check_digit.passes(value)
    if kind == "text":
        letters = len(re.findall(r"[가-힣A-Za-z]", value))
        if letters < 2 or letters * 2 < len(value) or line.confidence < READ or line.box.height > line.box.width:
            return 0.0  # figures, or what was guessed out of strokes, on end as a rule
        return weight + (print_.heading(line.box) if name == "merchant" else 0.0)
    return weight
