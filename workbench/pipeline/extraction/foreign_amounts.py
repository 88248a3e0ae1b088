"""Amounts on a page in foreign money: with a currency's sign or code, or bare."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.domain import lexicon
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.layout.rows import Row

WHOLE = frozenset({"JPY", "VND", "IDR", "KRW", "TWD"})
"""Currencies whose amounts are commonly printed without decimals."""

_NUMBER = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?![\d,.]*\d)"
_CURRENCIES = {code: lexicon.any_of(f"foreign.currency.{code}") for code in lexicon.group("foreign.currency")}
_MARKS = "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items()) + r"|(?P<dollar>\$)|(?P<yen>[¥￥])"
_BEFORE = re.compile(
    rf"(?P<neg>[-(]\s?)?(?<![A-Za-z])(?:{_MARKS})(?![A-Za-z]{{2}})[)\]:：\s]{{0,3}}(?P<neg2>-)?\s?(?P<num>{_NUMBER})",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"(?<![\d.,])(?P<neg>[-(]\s?)?(?P<num>{_NUMBER})(?P<neg2>)\s?[(]?(?:{_MARKS})(?![A-Za-z])", re.IGNORECASE
)
_BARE = re.compile(rf"(?<![\w.,/#-])(?<!\d:)(?P<neg>[-(]\s?)?(?P<neg2>)(?P<num>{_NUMBER})(?![\w%:/-])")
WON = re.compile(r"(?:₩|￦|\\|KRW)\s?-?\d|\d\s?(?:원|KRW)", re.IGNORECASE)
_TOTAL = lexicon.pattern("foreign.label.total", flags=re.IGNORECASE)
_RATE, _PLAIN, PART, TAX = (lexicon.whole(f"foreign.label.{role}") for role in ("rate", "plain", "part", "tax"))


@dataclass(frozen=True, slots=True)
class Money:
    """One foreign amount as printed: "" is the currency of a bare number; `weight` how much it looks like the total."""

    value: Decimal
    text: str
    currency: str
    row: int
    span: tuple[int, int]
    weight: int


def marked_in(rows: tuple[Row, ...], index: int, row: Row) -> list[Money]:
    """Amounts of a row with the sign or code of a currency."""
    found: list[Money] = []
    for pattern in (_BEFORE, _BEHIND):
        for match in pattern.finditer(row.text):
            if any(match.start("num") < b and a < match.end("num") for a, b in (m.span for m in found)):
                continue
            code = next(name for name, text in match.groupdict().items() if text and name not in ("neg", "neg2", "num"))
            found.append(_money(rows, index, match, code))
    return [] if _RATE.search(row.text) and len(found) < 2 and not _TOTAL.search(row.text) else found


def bare_in(rows: tuple[Row, ...], index: int, row: Row, currency: str, known: list[Money]) -> list[Money]:
    """Amounts without a sign on a page whose currency is known: with cents, or beside words of a total."""
    if WON.search(row.text) or _RATE.search(row.text):
        return []
    found = []
    taken = [m.span for m in known if m.row == index]
    for match in _BARE.finditer(row.text):
        if any(match.start() < b and a < match.end() for a, b in taken):
            continue
        money = _money(rows, index, match, "")
        cents = re.search(r"[.,]\d\d$", match["num"])
        grouped = currency in WHOLE and re.search(r"[.,]\d{3}", match["num"])
        if cents or grouped or (money.weight >= 2 and currency in WHOLE):
            found.append(money)
    return found


def _money(rows: tuple[Row, ...], index: int, match: re.Match[str], code: str) -> Money:
    end = match.end("num")
    value = _value(match["num"], code)
    if (match["neg"] or "").strip() or match["neg2"]:
        value = -value
    return Money(value, match.group().strip(), code, index, (match.start(), end), _weight(rows, index, match.start()))


def _value(text: str, code: str) -> Decimal:
    """The number: the last mark before one or two digits parts the decimals, every other one thousands."""
    bare = re.sub(r"[\s'’]", "", text)
    last = max(bare.rfind(","), bare.rfind("."))
    behind = len(bare) - last - 1
    if last >= 0 and behind in (1, 2):
        return Decimal(re.sub(r"\D", "", bare[:last]) or "0") + Decimal(f"0.{bare[last + 1 :]}")
    return Decimal(re.sub(r"\D", "", bare))


def _weight(rows: tuple[Row, ...], index: int, start: int) -> int:
    """How much the words before an amount, or alone above it, call it what was paid: 3 a total, under 0 a part."""
    words = rows[index].text[:start]
    if not re.search(r"[^\W\d_]{2}", words) and index > 0 and not re.search(r"\d", rows[index - 1].text):
        words = rows[index - 1].text
    words = unicodedata.normalize("NFKC", words)
    part = max((m.end() for m in PART.finditer(words)), default=-1)
    total = max((m.end() for m in _TOTAL.finditer(words)), default=-1)
    if part >= total and part >= 0:
        return -1
    if total >= 0:
        return 3
    return 1 + bool(re.search("total|sum", words, re.IGNORECASE)) if _PLAIN.search(words) else 0


def is_won(amount: Amount, rows: Sequence[Row]) -> bool:
    """Whether an amount is printed as won: by its own mark, or by 원, ₩ or KRW in the words before it."""
    row = rows[amount.row].text
    at = row.find(amount.raw)
    near = amount.words + row[max(0, at - 6) : at + len(amount.raw) + 4]
    if not re.search(r"[^\W\d_]{2}", row[: max(at, 0)]) and amount.row:  # its words stand above it
        near += rows[amount.row - 1].text[-6:]
    return bool(re.search(r"[원₩￦\\]|KRW", near, re.IGNORECASE))
