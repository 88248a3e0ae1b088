"""What the values of each kind of field look like in a printed line."""

import re
import unicodedata
from collections.abc import Iterator

from workbench.domain import schema
from workbench.domain.errors import WrongValue

_WON = re.compile(r"[-−–△▲(]?\s*[₩￦\\]?\s*\d{1,3}(?:[,.\s]\s?\d{3})+(?!\d)|[-−–△▲]?[₩￦\\]?\d{1,10}(?=\D|$)")
_NUMBER = re.compile(r"(?<!\d)\d{3}\s?[-–—.·]?\s?\d{2}\s?[-–—.·]?\s?\d{5}(?!\d)")
_TIME = re.compile(
    r"(?:\d{4}|\d{2})\s?[년./-]\s?\d{1,2}\s?[월./-]\s?\d{1,2}일?\.?(?:\([월화수목금토일]\))?"
    r"(?:\s*T?\s*(?:오전|오후|AM|PM)?\s*\d{1,2}\s?[:시]\s?\d{1,2}(?:\s?[:분]\s?\d{1,2}초?)?)?|\d{8}(?:\s*\d{2}:?\d{2}(?::?\d{2})?)?"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_JOINED = re.compile(r"\d+(?:[-–—][\d*xX●•]+)+")  # of phones and cards
_DIGITS = re.compile(r"(?<!\d)\d{6,12}(?!\d)")
_LABEL = re.compile(r"^[^:：]{1,8}[:：]\s*")


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-") | {"ㆍ": "·"})


def plain(text: str) -> str:
    """NFKC of what is printed, all dashes as one; but for digits in circles and small ones above the line: they count
    and point, and are no digits of a value beside them."""
    text = "".join(" " if unicodedata.category(c) == "No" else c for c in text.translate(_DASHES))
    return unicodedata.normalize("NFKC", text)


def values_in(name: str, text: str) -> Iterator[str]:
    """The parts of a printed text that can be the value of field `name`, the likeliest first, as a person would type
    them."""
    spec = schema.spec(name)
    kind = spec.kind
    if kind == "text" and spec.printed is None:
        bare = _LABEL.sub("", text).strip()
        return iter([bare] if len(bare) > 1 else [])
    pattern = spec.printed or {"won": _WON, "number": _NUMBER, "time": _TIME}.get(kind, _DIGITS)
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
