"""Amounts as lists write them: 12,500원, (12,500), 12,500-, △12,500, ₩12,500, 105.00 USD; pure.

Won are int, amounts of another currency Decimal; a cell that is no amount is None.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

import pandas as pd

from workbench.domain import lexicon

Cell = str | int | float | bool | None
"""What a cell of a list can hold once it was read: days and times are ISO texts."""

CODES = (*lexicon.group("foreign.currency"), "KRW")
"""Currencies as ISO 4217 writes them."""
_MINUS = "-−–—‐△▲▵▴▽▼Δ∆"
_MARKS = re.compile(
    rf"[\s,'₩￦\\$€¥£円불]|원정?|[A-Z]{{2}}(?=\$)|(?<![A-Z])(?:{'|'.join(CODES)}|US)(?![A-Z])", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,40}(?:\.\d{1,40})?(?:E[+-]?\d{1,2})?", re.IGNORECASE)

_DOTTED = re.compile(r"(?<![\d.,])\d{1,3}\.\d{3}(?!\d)")
_INSTALMENTS = re.compile(r"\s*\(?\s*\d{1,2}\s*개월\s*\)?$")
"""Behind an amount: 12,500 (3개월)."""


def text_of(cell: object) -> str:
    """The cell as text; "" for nothing; a whole number without the ".0" that a gap in its column gave it."""
    if cell is None or isinstance(cell, bool) or cell is pd.NaT or cell is pd.NA:
        return ""
    if isinstance(cell, float):
        if cell != cell:
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


def plain_number(cell: object) -> str:
    """The text of a cell that holds a number of a paper, without the ".0" that a table with gaps gave it."""
    text = text_of(cell)
    return text.rsplit(".", 1)[0] if re.fullmatch(r"\d{4,}\.0+", text) else text


def decimal_of(cell: object) -> Decimal | None:
    """The amount in a cell, exactly as written; negative for a minus before or after it, a triangle, or brackets."""
    text = text_of(cell)
    if not text:
        return None
    text = _INSTALMENTS.sub("", text)
    bracketed = re.fullmatch(r"\((.+)\)", text)
    bare = _MARKS.sub("", bracketed[1] if bracketed else text)
    back = bool(bracketed) or (bare[:1] in _MINUS and bool(bare)) or (bare[-1:] in _MINUS and bool(bare))
    bare = bare.strip(_MINUS + "+")
    if not _NUMBER.fullmatch(bare):
        return None
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        return None
    return -amount if back else amount


_CALLED_OFF = re.compile(r"\(?\[?(?:승인)?취소\]?\)?")


def called_off_amount(cell: object) -> Decimal | None:
    """The amount of a cell that calls itself cancelled, without a sign: "8,800원(취소)"; None for any other."""
    text = text_of(cell)
    bare = _CALLED_OFF.sub("", text)
    amount = decimal_of(bare) if bare != text else None
    return None if amount is None else abs(amount)


def won_of(cell: object) -> int | None:
    """Won; None where there is no whole number of them (105.50 is of another currency)."""
    amount = decimal_of(cell)
    if amount is None or amount != amount.to_integral_value() or abs(amount) >= 10**13:
        return None
    if isinstance(cell, str) and _DOTTED.search(cell):  # 44.000: forty-four, or forty-four thousand
        return None
    return int(amount)
