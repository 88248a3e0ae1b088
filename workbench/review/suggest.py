"""What a field may hold, from the lines that were read: the value inside a tapped line, and a few picks for a problem.

Pure; knows the kinds of fields (`schema`), not the rules of extraction, which have had their say already.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from workbench.domain import check_digit, schema
from workbench.domain.errors import WrongValue
from workbench.domain.model import Box, Line, Receipt

PICKS = 3
READ = 0.7
"""confidence under which a line's words are not offered: nobody wants to read through guesses"""
_WON = re.compile(r"[-−–△▲(]?\s*[₩￦\\]?\s*\d{1,3}(?:[,.\s]\s?\d{3})+(?!\d)|[-−–△▲]?[₩￦\\]?\d{1,10}(?=\D|$)")
_NUMBER = re.compile(r"(?<!\d)\d{3}\s?[-–—.·]?\s?\d{2}\s?[-–—.·]?\s?\d{5}(?!\d)")
_TIME = re.compile(
    r"(?:\d{4}|\d{2})\s?[년./-]\s?\d{1,2}\s?[월./-]\s?\d{1,2}일?\.?(?:\([월화수목금토일]\))?"
    r"(?:\s*T?\s*(?:오전|오후|AM|PM)?\s*\d{1,2}\s?[:시]\s?\d{1,2}(?:\s?[:분]\s?\d{1,2}초?)?)?|\d{8}(?:\s*\d{2}:?\d{2}(?::?\d{2})?)?"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_CARD = re.compile(r"[0-9*xX●•]{4}[-\s]?[0-9*xX●•]{2,4}[-\s]?[0-9*xX●•]{2,4}[-\s]?[0-9*xX●•]{0,4}")
_JOINED = re.compile(r"\d+(?:[-–—][\d*xX●•]+)+")  # of phones and cards
_DIGITS = re.compile(r"(?<!\d)\d{6,12}(?!\d)")
_LABEL = re.compile(r"^[^:：]{1,8}[:：]\s*")
_KEY = re.compile(r"[^0-9A-Za-z가-힣]")


def value_in(name: str, text: str) -> str:
    """The part of a line that can be the value of field `name`, as a person would type it.

    Raises WrongValue, in words, where no part of it can.
    """
    found = next(_values(name, text), None)
    if found is None:
        raise WrongValue(f"이 글에는 {schema.spec(name).label} 값이 없습니다: {text!r}")
    return found


def picks(receipt: Receipt, name: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """At most PICKS canonical values for field `name`, likeliest first, the present one left out."""
    present = receipt.value(name)
    weights: defaultdict[str, float] = defaultdict(float)
    print_ = _Print.of(lines)
    for place, line in enumerate(lines):
        label = _labelled(name, lines, place)
        for text in _values(name, line.text):
            value = schema.parse(name, text)
            if value and value != present:
                weights[value] += _weight(name, value, line, label, print_)
    best = sorted(weights, key=lambda value: -weights[value])
    return tuple(value for value in best[:PICKS] if weights[value] > 0)


def _values(name: str, text: str) -> Iterator[str]:
    kind = schema.spec(name).kind
    if kind == "text":
        bare = _LABEL.sub("", text).strip()
        return iter([bare] if len(bare) > 1 else [])
    pattern = {"won": _WON, "number": _NUMBER, "time": _TIME}.get(kind) or (_CARD if name == "card_number" else _DIGITS)
    others = {"won": (_NUMBER, _TIME, _CLOCK, _JOINED), "time": (_NUMBER,), "digits": (_NUMBER,)}
    for other in others.get(kind, ()):  # their figures are of another kind
        text = other.sub(" ", text)
    found = [match.group().strip() for match in pattern.finditer(text)]
    if kind == "won":  # the amount closes its line: "합계 3 12,500"
        found.reverse()
    return (part for part in (*found, text) if _fits(name, part))


def _fits(name: str, text: str) -> bool:
    try:
        return bool(schema.parse(name, text))
    except WrongValue:
        return False


_LABELS = {
    "merchant": ("상호", "가맹점", "매장", "점포", "업체"),
    "business_number": ("사업자", "등록번호"),
    "issued_at": ("일시", "일자", "날짜", "거래", "판매"),
    "total": ("합계", "총액", "결제", "받을", "승인금액", "총구매", "판매금액", "총합계"),
    "supply": ("공급", "과세", "물품가액", "판매가액"),
    "vat": ("부가", "세액", "VAT"),
    "exempt": ("면세",),
    "service_charge": ("봉사",),
    "card_issuer": ("카드사", "매입", "발급", "카드종류", "카드명"),
    "card_number": ("카드번호", "카드"),
    "approval_number": ("승인번호", "승인"),
}


def _labelled(name: str, lines: Sequence[Line], place: int) -> bool:
    """Whether the line, or one on its left in the same row, carries a label of the field."""
    line = lines[place]
    middle = line.box.centre[1]
    row = [n for n in lines if n.box.top <= middle <= n.box.bottom and n.box.left <= line.box.left]
    text = _KEY.sub("", "".join(n.text for n in row)).upper()
    return any(label in text for label in _LABELS.get(name, ()))


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

    def heading(self, box: Box) -> float:
        """How much a box looks like a heading: 2 for the first line, up to 1 more for large letters."""
        depth = (box.top - self.top) / ((self.bottom - self.top) or 1.0)
        return 2 * (1 - depth) + min(box.height / self.usual, 2.0) / 2


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
