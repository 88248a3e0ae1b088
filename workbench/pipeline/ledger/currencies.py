"""Which currency a heading or a cell of a list speaks of; pure."""

import re

from workbench.pipeline.ledger.amounts import CODES, text_of

_MARKS = {
    "HKD": r"HK\$|홍콩",
    "AUD": r"AU\$|(?<![A-Z])A\$|호주",
    "SGD": r"SG\$|(?<![A-Z])S\$|싱가포르",
    "CAD": r"CA\$|(?<![A-Z])C\$|캐나다",
    "NZD": r"NZ\$|뉴질랜드",
    "TWD": r"NT\$|대만",
    "USD": r"(?<![A-Z])US(?![A-Z])|\$|달러|미화",
    "EUR": "€|유로",
    "GBP": "£|파운드",
    "JPY": "[¥円]|엔화?(?![가-힣])",
    "CNY": "元|위안",
}
"""What stands for a currency without its code; the dollars of others before that of the USA."""
_CODE = re.compile(rf"(?<![A-Z])(?:{'|'.join(CODES)})(?![A-Z])")
_FOREIGN = re.compile(r"해외|외화|현지")
_WON = re.compile(r"원|₩|KRW", re.IGNORECASE)


def currency_in(name: object) -> str:
    """The currency that a heading or cell names; "" for none."""
    text = text_of(name).upper()
    if found := _CODE.search(text):
        return found[0]
    return next((code for code, marks in _MARKS.items() if re.search(marks, text)), "")


def currency_of(cell: object) -> str:
    """The currency that a cell under "통화" names: any three letters are one there."""
    found = re.search(r"\b[A-Z]{3}\b", text_of(cell).upper())
    return currency_in(cell) or (found[0] if found else "")


def foreign_heading(name: object) -> bool:
    """Whether a heading speaks of another currency: 이용금액(US$), 현지금액."""
    text = text_of(name)
    if _WON.search(text):
        return False
    return bool(_FOREIGN.search(text) or currency_in(text))
