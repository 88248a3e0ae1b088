"""The user's table of exchange rates: what a foreign total is in won, on the day or the last one before it; pure."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from workbench.domain.errors import CaseError
from workbench.domain.model import Field, Finding, Receipt
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.readers import Sheet

RECKONED = "reckoned"
"""Code of the finding that a total is reckoned by a rate."""

LATEST = timedelta(days=10)
"""How old a rate may be: no rates are set over long holidays."""

_HEADINGS = {
    "date": re.compile(r"날짜|일자|기준일|고시일|date", re.IGNORECASE),
    "currency": re.compile(r"통화|화폐|currency|code", re.IGNORECASE),
    "rate": re.compile(r"환율|매매기준율|기준율|rate", re.IGNORECASE),
}
_BY_HUNDREDS = {"JPY": 100, "VND": 1, "IDR": 1}
"""Currencies that banks quote by the hundred, and won for one unit that none of them ever cost."""
_CURRENCY = re.compile(r"[^A-Za-z\d]*(?P<code>[A-Za-z]{3})\D*(?P<unit>100)?\D*")


@dataclass(frozen=True, slots=True)
class RateTable:
    """Won for one unit of a currency, by day; `notes` say what of the file was left out."""

    name: str
    rates: Mapping[str, tuple[tuple[date, Decimal], ...]]
    columns: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        each = ", ".join(f"{code} {len(days):,}일" for code, days in self.rates.items())
        return "\n".join([f"{self.name}: {each}.", *self.notes])

    def on(self, currency: str, day: date) -> tuple[date, Decimal] | None:
        """The day whose rate holds on `day`, and the rate; None where there is none within LATEST."""
        known = self.rates.get(currency, ())
        place = bisect_right(known, day, key=lambda pair: pair[0])
        found = known[place - 1] if place else None
        return found if found is not None and day - found[0] <= LATEST else None


def understand_rates(sheets: Sequence[Sheet], name: str, given: Mapping[str, str] | None = None) -> RateTable:
    """A table with a day, a currency and a rate in each row; CaseError says in words what is missing.

    "JPY(100)" is the rate of a hundred yen, as banks give it; so is a rate that one yen never had.
    """
    headings = ""
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:20]):
            names = [str(cell or "") for cell in row]
            places = {kind: next((k for k, text in enumerate(names) if shape.search(text)), -1)
                      for kind, shape in _HEADINGS.items()}  # fmt: skip
            if min(places.values()) < 0 or len(set(places.values())) < len(places):
                continue
            headings = headings or f"{name}: {number + 1}행의 제목 아래에 날짜, 통화, 환율을 알 수 있는 줄이 없습니다."
            table, left, hundreds = _table(sheet.rows[number + 1 :], places)
            if table:
                notes = [f"날짜나 통화, 환율을 알 수 없는 줄 {left:,}개는 쓰지 않습니다."] if left else []
                if hundreds:
                    notes.append(f"{', '.join(sorted(hundreds))} 환율은 100단위의 값으로 보아 100으로 나누었습니다.")
                return RateTable(name, table, {kind: names[k] for kind, k in places.items()}, tuple(notes))
    if headings:
        raise CaseError(f"{headings} 2026-10-17, USD, 1382.4처럼 적어 주세요.")
    raise CaseError(f"{name}: 날짜, 통화, 환율 제목이 있는 표를 찾지 못했습니다. (예: date,currency,rate)")


def _table(
    rows: Sequence[Sequence[object]], places: Mapping[str, int]
) -> tuple[dict[str, tuple[tuple[date, Decimal], ...]], int, set[str]]:
    """Rates by currency and day, how many rows were left out, and what was taken for a hundred without the word."""
    hundreds: set[str] = set()
    found: dict[str, dict[date, Decimal]] = defaultdict(dict)
    left = 0
    for row in rows:
        cells = {kind: str(row[k]).strip() if k < len(row) and row[k] is not None else "" for kind, k in places.items()}
        if not any(cells.values()):
            continue
        try:
            moment = moment_of(cells["date"])
            code = _CURRENCY.fullmatch(cells["currency"])
            rate = Decimal(re.sub(r"[,\s원]", "", cells["rate"]))
        except InvalidOperation:
            left += 1
            continue
        day = moment.day if moment else None
        if code is None or day is None or not rate.is_finite() or rate <= 0:
            left += 1
            continue
        name = code["code"].upper()
        if presumed := not code["unit"] and rate > _BY_HUNDREDS.get(name, rate):
            hundreds.add(name)
        found[name][day] = rate / (100 if code["unit"] or presumed else 1)
    return {code: tuple(sorted(days.items())) for code, days in sorted(found.items())}, left, hundreds


def reckoned(receipt: Receipt, tables: Sequence[RateTable]) -> tuple[Field, Finding] | None:
    """The won total of a foreign receipt by the user's rates, and how it came about.

    None where won are printed or entered, no rate is known, or somebody corrected the total to nothing.
    """
    currency, amount, day = (receipt.value(name) for name in ("currency", "foreign_total", "issued_at"))
    total = receipt.field("total")
    if not currency or currency == "KRW" or not amount or not day or total.value is not None or total.corrected:
        return None
    rates = (table.on(currency, date.fromisoformat(day[:10])) for table in reversed(tables))
    found = next((rate for rate in rates if rate is not None), None)
    if found is None:
        return None
    on, rate = found
    won = int((Decimal(amount) * rate).quantize(Decimal(1), ROUND_HALF_UP))
    sum_ = f"{currency} {Decimal(amount):,} × {rate.normalize():,f} ({on} 환율)"
    field_ = Field("total", str(won), "", min(0.94, receipt.field("foreign_total").confidence or 0.94), None,
                   (f"계산값: {sum_}",), total.corrections)  # fmt: skip
    sentence = f"합계 {won:,}원은 계산값입니다: {sum_}. 카드사가 청구한 원화와 다를 수 있습니다."
    return field_, Finding("info", sentence, ("total",), RECKONED)
