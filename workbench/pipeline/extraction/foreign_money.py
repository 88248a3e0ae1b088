"""The currency of a foreign paper and what was paid in it; a foreign amount is never won.

A currency stands before or behind an amount, as ISO 4217 names it or by its sign; a sign that several countries share
($, ¥, kr) is told by the words of the country. Won count only where they are printed as won.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.domain import lexicon
from workbench.domain.model import Box, Field, Finding
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.layout.rows import Row

WHOLE = frozenset({"JPY", "VND", "IDR", "KRW", "TWD"})
"""Currencies whose amounts are commonly printed without decimals."""

HANGUL = 0.12
"""Share of Hangul among a page's letters from which it is a Korean paper."""

_NUMBER = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?![\d,.]*\d)"
_CURRENCIES = {code: lexicon.any_of(f"foreign.currency.{code}") for code in lexicon.group("foreign.currency")}
_MARKS = "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items()) + r"|(?P<dollar>\$)|(?P<yen>[¥￥])"
_BEFORE = re.compile(
    rf"(?P<neg>[-−–(]\s?)?(?<![A-Za-z])(?:{_MARKS})(?![A-Za-z]{{2}})[)\]:：\s]{{0,3}}(?P<neg2>[-−–])?\s?(?P<num>{_NUMBER})",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"(?<![\d.,])(?P<neg>[-−–(]\s?)?(?P<num>{_NUMBER})(?P<neg2>)\s?[(]?(?:{_MARKS})(?![A-Za-z])", re.IGNORECASE
)
_BARE = re.compile(rf"(?<![\w.,:/#-])(?P<neg>[-−–(]\s?)?(?P<neg2>)(?P<num>{_NUMBER})(?![\w%:/-])")
_WON = re.compile(r"(?:₩|￦|\\|KRW)\s?[-−–]?\d|\d\s?(?:원|KRW)", re.IGNORECASE)
_RATE = re.compile(r"exchange|환율|\brate\b|1\s?[A-Z]{3}\s?=|=\s?[\d.,]+", re.IGNORECASE)
_TOTAL = lexicon.pattern("foreign.label.total", flags=re.IGNORECASE)
_PLAIN = re.compile(rf"\b(?:{lexicon.any_of('foreign.label.plain')})\b", re.IGNORECASE)
_PART = re.compile(rf"(?<![a-z])(?:{lexicon.any_of('foreign.label.part')})(?![a-z])", re.IGNORECASE)
_TAX = re.compile(r"\b(?:VAT|GST|tax)\b|부가세|부가가치세", re.IGNORECASE)
_CANCELLED = re.compile(r"\brefund(ed)?\b|credit\s?note|취소|환불|返金|返品|退款|storno|gutschrift", re.IGNORECASE)
_COUNTRIES = {code: lexicon.pattern(f"foreign.country.{code}", flags=re.IGNORECASE)
              for code in lexicon.group("foreign.country")}  # fmt: skip
_POLICY = re.compile(r"policy|규정|ポリシー", re.IGNORECASE)
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_DOLLARS = ("USD", "AUD", "HKD", "SGD", "CAD", "NZD", "TWD", "MXN")


@dataclass(frozen=True, slots=True)
class Money:
    """One foreign amount as printed: "" is the currency of a bare number; `weight` how much it looks like the total."""

    value: Decimal
    text: str
    currency: str
    row: int
    span: tuple[int, int]
    weight: float


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a foreign paper says of money; `country` by its currency; `korean` where a Korean paper tells of it."""

    currency: Field
    total: Field | None
    findings: tuple[Finding, ...]
    country: str
    korean: bool

    def won_only(self, amounts: Iterable[Amount], rows: Sequence[Row]) -> tuple[Amount, ...]:
        """Those of `amounts` that are printed as won; on a paper of elsewhere not those of its parts (VAT)."""
        won = [a for a in amounts if _is_won(a, rows)]
        return tuple(a for a in won if self.korean or not _PART.search(rows[a.row].text))

    def vat(self, amounts: Iterable[Amount], rows: Sequence[Row]) -> Field | None:
        """The VAT that a paper of elsewhere prints in won."""
        for a in amounts:
            if not self.korean and _is_won(a, rows) and _TAX.search(rows[a.row].text):
                reasons = ("외화 옆에 원화로 인쇄된 부가세",)
                return Field("vat", str(abs(a.value)), a.raw, round(min(a.confidence, 0.95), 3), a.box, reasons)
        return None


def find_foreign(rows: tuple[Row, ...], korean_number: bool) -> Foreign | None:
    """The currency and total of a paper in foreign money; None for a Korean one, whatever dollars it speaks of."""
    page = "\n".join(row.text for row in rows)
    korean = korean_letters(page)
    marked = [money for index, row in enumerate(rows) for money in _marked(rows, index, row)]
    country = country_of(page)
    if korean_number or (korean >= HANGUL and not any(m.weight > 0 for m in marked)):
        return None
    if not marked and not (country in ("JPY", "CNY", "TWD") and korean < HANGUL and len(_HAN.findall(page)) > 3):
        return None
    currency, sure = _currency(marked, country)
    mine = [m for m in marked if _means(m.currency, currency)]
    if korean < HANGUL:
        mine += [m for index, row in enumerate(rows) for m in _bare(rows, index, row, currency, mine)]
    best = _best(mine)
    first = best or next(iter(mine or marked), None)
    if first is None and not sure:
        return None
    return _foreign(rows, page, currency, sure, best, mine, first, country)


def korean_letters(page: str) -> float:
    """The share of Hangul among the letters of a text, 0..1."""
    letters = [c for c in page if c.isalpha()]
    return sum("가" <= c <= "힣" for c in letters) / len(letters) if letters else 0.0


def country_of(page: str) -> str:
    """The currency of the country that the words of a page speak of; "" where they do not say, or say several."""
    votes = Counter({code: len(words.findall(page)) for code, words in _COUNTRIES.items()})
    if _KANA.search(page):
        votes["JPY"] += 3
    (first, most), (_, second) = votes.most_common(2)
    return first if most > second else ""


def _foreign(
    rows: tuple[Row, ...], page: str, currency: str, sure: bool, best: Money | None, mine: list[Money],
    first: Money | None, country: str,
) -> Foreign:  # fmt: skip
    findings: list[Finding] = []
    box, seen = _place(rows, first)
    confidence = round(min(seen, 0.97 if sure else 0.85), 3)
    if not sure:
        sentence = f"통화 기호만 인쇄되어 있어 {currency}로 보았습니다. 나라를 확인해 주세요."
        findings.append(Finding("warning", sentence, ("currency",), "doubt"))
    code = Field("currency", currency, first.text if first else "", confidence, box, ("인쇄된 통화 표시",))
    total = _total(rows, page, currency, best, mine, findings) if best else None
    return Foreign(code, total, tuple(findings), country or currency, korean_letters(page) >= HANGUL)


def _total(
    rows: tuple[Row, ...], page: str, currency: str, best: Money, mine: list[Money], findings: list[Finding]
) -> Field:  # fmt: skip
    box, seen = _place(rows, best)
    value = best.value
    head = "\n".join(row.text for row in rows[: max(4, len(rows) // 3)])
    if value > 0 and _CANCELLED.search(head) and not _POLICY.search(page):
        value = -value
        sentence = "환불·취소 표시가 있어 금액을 음수로 보았습니다. 그림과 비교해 주세요."
        findings.append(Finding("warning", sentence, ("foreign_total",), "doubt"))
    same = sum(m.value == best.value for m in mine)
    rivals = {m.value for m in mine if m.weight >= best.weight - 0.4 and m.value != best.value and m.value}
    adds = any(
        a.value + b.value == best.value for k, a in enumerate(mine) for b in mine[k + 1 :] if a.value and b.value
    )
    proof = 0.97 if same > 1 or adds else 0.95 if best.weight >= 2.5 else 0.85
    if rivals and not (same > 1 or adds):
        listed = ", ".join(f"{r:,}" for r in sorted(rivals)[:3])
        findings.append(
            Finding(
                "warning",
                f"외화금액으로 볼 수 있는 금액이 더 있습니다 ({listed}). 확인해 주세요.",
                ("foreign_total",),
                "doubt",
            )
        )
        proof = min(proof, 0.8)
    reasons = ("합계 표시 옆에 인쇄됨",) if best.weight >= 2 else ()
    return Field("foreign_total", _canonical(value, currency), best.text, round(min(seen, proof), 3), box, reasons)


def _place(rows: tuple[Row, ...], money: Money | None) -> tuple[Box | None, float]:
    if money is None:
        return None, 0.8
    row = rows[money.row]
    return row.box(*money.span), row.confidence(*money.span)


def _canonical(value: Decimal, currency: str) -> str:
    """As `schema.parse` has it: "22.00", and whole where the currency has no smaller unit."""
    whole = value == value.to_integral_value()
    return str(value.quantize(Decimal(1))) if currency in WHOLE and whole else str(value.quantize(Decimal("0.01")))


def _currency(marked: list[Money], country: str) -> tuple[str, bool]:
    """The code of the paper's currency, and whether the print leaves no other."""
    named: dict[str, float] = defaultdict(float)
    for money in marked:
        named[money.currency] += 1 + 3 * max(money.weight, 0)
    codes = {code: n for code, n in named.items() if code not in ("dollar", "yen", "")}
    if (
        codes
        and (not named["dollar"] or set(codes) & set(_DOLLARS))
        and (not named["yen"] or set(codes) & {"JPY", "CNY"})
    ):
        return max(codes, key=lambda code: (codes[code], code)), True
    if named["yen"] and named["yen"] >= named["dollar"]:
        cents = any(m.currency == "yen" and m.value != m.value.to_integral_value() for m in marked)
        cents = cents or any(re.search(r"[.,]\d\d$", m.text) for m in marked if m.currency == "yen")
        chinese = country == "CNY" or (cents and country != "JPY")
        return ("CNY", country == "CNY") if chinese else ("JPY", country == "JPY" or not cents)
    if named["dollar"]:
        return (country, True) if country in _DOLLARS else ("USD", False)
    return (country, True) if country else ("USD", False)


def _means(mark: str, currency: str) -> bool:
    return (
        mark == currency
        or (mark == "dollar" and currency in _DOLLARS)
        or (mark == "yen" and currency in ("JPY", "CNY"))
    )


def _best(mine: list[Money]) -> Money | None:
    """The amount that was paid: under the surest label, the larger one, the lower one."""
    paid = [m for m in mine if m.value != 0 and m.weight > 0]
    if not paid:
        alone = {m.value for m in mine if m.value != 0 and m.weight == 0}
        paid = [m for m in mine if m.value in alone] if len(alone) == 1 else []
    return max(paid, key=lambda m: (m.weight, abs(m.value), m.row), default=None)


def _marked(rows: tuple[Row, ...], index: int, row: Row) -> list[Money]:
    found: list[Money] = []
    for pattern in (_BEFORE, _BEHIND):
        for match in pattern.finditer(row.text):
            if any(match.start("num") < b and a < match.end("num") for a, b in (m.span for m in found)):
                continue
            code = next(name for name, text in match.groupdict().items() if text and name not in ("neg", "neg2", "num"))
            found.append(_money(rows, index, match, code))
    return [] if _RATE.search(row.text) and len(found) < 2 and not _TOTAL.search(row.text) else found


def _bare(rows: tuple[Row, ...], index: int, row: Row, currency: str, known: list[Money]) -> list[Money]:
    """Amounts without a sign on a page whose currency is known: with cents, or beside words of a total."""
    if _WON.search(row.text) or _RATE.search(row.text):
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


def _weight(rows: tuple[Row, ...], index: int, start: int) -> float:
    """How much the words before an amount, or alone above it, call it what was paid: 3 a total, under 0 a part."""
    words = rows[index].text[:start]
    if not re.search(r"[^\W\d_]{2}", words) and index > 0 and not re.search(r"\d", rows[index - 1].text):
        words = rows[index - 1].text
    words = unicodedata.normalize("NFKC", words)
    part = max((m.end() for m in _PART.finditer(words)), default=-1)
    total = max((m.end() for m in _TOTAL.finditer(words)), default=-1)
    if part > total or (part >= 0 and part == total):
        return -1.0
    if total >= 0:
        return 3.0
    if _PLAIN.search(words):
        return 2.5 if re.search(r"total|sum", words, re.IGNORECASE) else 1.5
    return 0.0


def _is_won(amount: Amount, rows: Sequence[Row]) -> bool:
    """Whether an amount is printed as won: by its own mark, or by 원, ₩ or KRW in the words before it."""
    if re.search(r"[원₩￦\\]", amount.raw) or re.search(r"원화|KRW|₩|￦|원\)", amount.words, re.IGNORECASE):
        return True
    row = rows[amount.row].text
    at = row.find(amount.raw)
    near = row[max(0, at - 6) : at] + " " + row[at + len(amount.raw) : at + len(amount.raw) + 4]
    if re.search(r"KRW|₩|￦|원", near, re.IGNORECASE):
        return True
    before = row[:at] if at > 0 else ""
    above = rows[amount.row - 1].text if amount.row and not re.search(r"[^\W\d_]{2}", before) else ""
    return bool(re.search(r"KRW\W*$|원화\S*\W*$", before or above, re.IGNORECASE))
