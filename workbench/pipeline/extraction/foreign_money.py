"""The currency of a foreign paper and what was paid in it; a foreign amount is never won.

A currency stands before or behind an amount, as ISO 4217 names it or by its sign; a sign that several countries share
($, ¥, kr) is told by the words of the country. Won count only where they are printed as won.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.domain import lexicon
from workbench.domain.model import SURE, Box, Field, Finding, Line
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.extraction.candidates import doubt
from workbench.pipeline.extraction.foreign_amounts import PART, TAX, WHOLE, WON, Money, bare_in, is_won, marked_in
from workbench.pipeline.extraction.sureness import DISPUTED, DOUBTED, READ_WELL, SUPPORTED
from workbench.pipeline.layout.rows import Row

SURE_LINE, FEW = READ_WELL, 8
"""Confidence from which a line of Hangul is one, and letters of it below which a paper is none of Korea: on print in
other scripts the engine sees Hangul at 0.2 to 0.7."""

HANGUL = 0.12
"""Share of Hangul among a page's letters from which it is a Korean paper."""

_CANCELLED, _POLICY = lexicon.whole("foreign.label.cancelled"), lexicon.whole("foreign.label.policy")
_COUNTRIES = {code: lexicon.pattern(f"foreign.country.{code}", flags=re.IGNORECASE)
              for code in lexicon.group("foreign.country")}  # fmt: skip
SIGNS = {"yen": ("JPY", "CNY"), "dollar": ("USD", "AUD", "HKD", "SGD", "CAD", "NZD", "TWD", "MXN")}
"""Signs that several countries share."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a foreign paper says of money; `country` by its currency, if `sure`; `korean`: a Korean paper tells so."""

    currency: Field
    total: Field | None
    findings: tuple[Finding, ...]
    country: str
    sure: bool
    korean: bool

    def won_only(self, amounts: Iterable[Amount], rows: Sequence[Row]) -> tuple[Amount, ...]:
        """Those of `amounts` that are printed as won; on a paper of elsewhere not those of its parts (VAT)."""
        won = [a for a in amounts if is_won(a, rows)]
        return tuple(a for a in won if self.korean or not PART.search(rows[a.row].text))

    def vat(self, amounts: Iterable[Amount], rows: Sequence[Row]) -> Field | None:
        """The VAT that a paper of elsewhere prints in won."""
        for a in amounts:
            if not self.korean and is_won(a, rows) and TAX.search(rows[a.row].text):
                reasons = ("외화 옆에 원화로 인쇄된 부가세",)
                return Field("vat", str(abs(a.value)), a.raw, round(min(a.confidence, SURE), 3), a.box, reasons)
        return None


def find_foreign(rows: tuple[Row, ...], korean_number: bool) -> Foreign | None:
    """The currency and total of a paper in foreign money; None for a Korean one, whatever dollars it speaks of."""
    page = "\n".join(row.text for row in rows)
    korean = korean_letters(page)
    marked = [money for index, row in enumerate(rows) for money in marked_in(rows, index, row)]
    country = country_of(page)
    if korean_number or (korean >= HANGUL and not any(m.weight > 0 for m in marked)):
        return None
    if not marked and not (
        country in ("JPY", "CNY", "TWD") and korean < HANGUL and len(re.findall("[\u4e00-\u9fff]", page)) > 3
    ):
        return None
    currency, sure = _currency(marked, country)
    mine = [m for m in marked if _means(m.currency, currency)]
    if korean < HANGUL:
        mine += [m for index, row in enumerate(rows) for m in bare_in(rows, index, row, currency, mine)]
    best = _best(mine)
    first = best or next(iter(mine or marked), None)
    if first is None and not sure:
        return None
    code, findings = _code(rows, currency, sure, first)
    total, doubts = _total(rows, page, currency, best, mine) if best else (None, ())
    return Foreign(code, total, (*findings, *doubts), country or currency, sure, korean >= HANGUL)


def korean_letters(page: str) -> float:
    """The share of Hangul among the letters of a text, 0..1."""
    letters = [c for c in page if c.isalpha()]
    return sum("가" <= c <= "힣" for c in letters) / len(letters) if letters else 0.0


def is_of_nowhere(lines: Iterable[Line]) -> bool:
    """Whether hardly any Hangul was read surely, and no amount is marked as won: its currency is anybody's guess."""
    lines = tuple(lines)
    hangul = sum(len(re.findall("[가-힣]", line.text)) for line in lines if line.confidence >= SURE_LINE)
    return hangul < FEW and not any(WON.search(line.text) for line in lines)


def country_of(page: str) -> str:
    """The currency of the country that the words of a page speak of; "" where they do not say, or say several."""
    votes = Counter({code: len(words.findall(page)) for code, words in _COUNTRIES.items()})
    if re.search("[\u3041-\u30ff]", page):  # kana
        votes["JPY"] += 3
    (first, most), (_, second) = votes.most_common(2)
    return first if most > second else ""


def _code(rows: tuple[Row, ...], currency: str, sure: bool, first: Money | None) -> tuple[Field, tuple[Finding, ...]]:
    """The currency as a field, at the first amount that shows it."""
    box, seen = _place(rows, first)
    confidence = round(min(seen, SUPPORTED if sure else DOUBTED), 3)
    code = Field("currency", currency, first.text if first else "", confidence, box, ("인쇄된 통화 표시",))
    sentence = f"통화 기호만 인쇄되어 있어 {currency}로 보았습니다. 나라를 확인해 주세요."
    return code, () if sure else (doubt(sentence, "currency"),)


def _total(
    rows: tuple[Row, ...], page: str, currency: str, best: Money, mine: list[Money]
) -> tuple[Field, tuple[Finding, ...]]:
    """What was paid, and what is doubtful about it."""
    box, seen = _place(rows, best)
    value, findings = best.value, []
    head = "\n".join(row.text for row in rows[: max(4, len(rows) // 3)])
    if value > 0 and _CANCELLED.search(head) and not _POLICY.search(page):
        value = -value
        sentence = "환불·취소 표시가 있어 금액을 음수로 보았습니다. 그림과 비교해 주세요."
        findings.append(doubt(sentence, "foreign_total"))
    rivals = {m.value for m in mine if m.weight == best.weight and m.value != best.value and m.value}
    sums = (a.value + b.value for k, a in enumerate(mine) for b in mine[k + 1 :] if a.value and b.value)
    borne_out = sum(m.value == best.value for m in mine) > 1 or best.value in sums
    proof = SUPPORTED if borne_out else SURE if best.weight >= 2 else DOUBTED
    if rivals and not borne_out:
        listed = ", ".join(f"{r:,}" for r in sorted(rivals)[:3])
        sentence = f"외화금액으로 볼 수 있는 금액이 더 있습니다 ({listed}). 확인해 주세요."
        findings.append(doubt(sentence, "foreign_total"))
        proof = DISPUTED
    reasons = ("합계 표시 옆에 인쇄됨",) if best.weight >= 2 else ()
    total = _canonical(value, currency)
    return Field("foreign_total", total, best.text, round(min(seen, proof), 3), box, reasons), tuple(findings)


def _place(rows: tuple[Row, ...], money: Money | None) -> tuple[Box | None, float]:
    if money is None:
        return None, DOUBTED
    row = rows[money.row]
    return row.box(*money.span), row.confidence(*money.span)


def _canonical(value: Decimal, currency: str) -> str:
    """As `schema.parse` has it: "22.00", and whole where the currency has no smaller unit."""
    whole = value == value.to_integral_value()
    return str(value.quantize(Decimal(1))) if currency in WHOLE and whole else str(value.quantize(Decimal("0.01")))


def _currency(marked: list[Money], country: str) -> tuple[str, bool]:
    """The code of the paper's currency, and whether the print leaves no other."""
    named: Counter[str] = Counter()
    for money in marked:
        named[money.currency] += 1 + 3 * max(money.weight, 0)
    codes = {code: n for code, n in named.items() if code not in SIGNS}
    signs = [sign for sign in SIGNS if named[sign]]
    if codes and all(codes.keys() & {*SIGNS[sign]} for sign in signs):
        return max(codes, key=lambda code: (codes[code], code)), True
    if not signs:
        return (country, True) if country else ("USD", False)
    sign = max(signs, key=lambda sign: named[sign])
    if country in SIGNS[sign]:
        return country, True
    cents = any(re.search(r"[.,]\d\d(?!\d)", m.text) for m in marked if m.currency == sign)
    return ("JPY", True) if sign == "yen" and not cents else ("CNY" if sign == "yen" else "USD", False)


def _means(mark: str, currency: str) -> bool:
    return mark == currency or currency in SIGNS.get(mark, ())


def _best(mine: list[Money]) -> Money | None:
    """The amount that was paid: under the surest label, the larger one, the lower one."""
    paid = [m for m in mine if m.value != 0 and m.weight > 0]
    if not paid:
        alone = {m.value for m in mine if m.value != 0 and m.weight == 0}
        paid = [m for m in mine if m.value in alone] if len(alone) == 1 else []
    return max(paid, key=lambda m: (m.weight, abs(m.value), m.row), default=None)
