"""A row of a list becomes a payment that can be matched; pure.

What cannot be understood is None or "", the row stays.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workbench.domain.check_digit import is_valid
from workbench.domain.visible import printable
from workbench.pipeline.ledger.amounts import Cell, called_off_amount, decimal_of, text_of, won_of
from workbench.pipeline.ledger.columns import currency_in, foreign_heading, kinds_of
from workbench.pipeline.ledger.moments import in_year, minute_of, moment_of

YES = {"y", "yes", "true", "1", "o"}
"""What stands in a column headed "cancelled" (취소여부) where a row is; under another heading it says nothing."""
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E[+]?\d+", re.IGNORECASE)
_NOT_CANCELLED = re.compile(r"미취소|취소(?:안함|없음|불가|아님|전)|비취소")


@dataclass(frozen=True, slots=True)
class Payment:
    """One side of a match: `place` is its position on its side; won, negative if money came back; minute of the day.

    `approval` has no leading zeros (spreadsheets lose them); `lost` is what a spreadsheet kept of it ("5.82E+07").
    `cancelled` says that the row is called a cancellation while its amount is positive: some banks write a second row
    so, others mark the purchase itself; `partial` that a part of it was cancelled. `foreign` is the amount in
    `currency` ("" where the list names none). `month_day` stands where a list leaves out the year.
    """

    place: int
    amount: int | None
    day: date | None
    minute: int | None
    approval: str
    merchant: str
    cancelled: bool = False
    partial: bool = False
    number: str = ""
    card: str = ""
    person: str = ""
    currency: str = ""
    foreign: Decimal | None = None
    lost: str = ""
    month_day: tuple[int, int] | None = None

    @property
    def back(self) -> bool:
        """Whether money came back."""
        return self.cancelled or (self.amount or 0) < 0 or (self.amount is None and (self.foreign or 0) < 0)


def payments_of(
    heading: Sequence[str], rows: Sequence[Sequence[Cell]], columns: Mapping[str, str], above: str = ""
) -> tuple[list[Payment], list[str]]:
    """The rows as payments, in order, and in sentences what of them could not be understood."""
    places = {kind: list(heading).index(name) for kind, name in columns.items()}
    cancel_heading = columns.get("cancelled", "").lower()
    marks = YES if "취소" in cancel_heading or "cancel" in cancel_heading else set()
    cancel_day = bool(re.search(r"취소일", cancel_heading))
    unit = currency_in(columns["foreign"]) if "foreign" in columns else ""
    if "foreign" not in columns and foreign_heading(columns.get("amount")):
        unit = currency_in(columns["amount"])
    if "amount" in places:
        rows, spared = _with_spare(heading, rows, places["amount"], set(places.values()))
    else:
        spared = []
    payments = [_payment(place, _cells(row, places), marks, cancel_day, unit) for place, row in enumerate(rows)]
    if any(p.month_day for p in payments):
        years = _days_in(above)
        payments = with_years(payments, years)
    return payments, spared + _notes(payments, [_cells(row, places) for row in rows])


def _with_spare(
    heading: Sequence[str], rows: Sequence[Sequence[Cell]], main: int, used: set[int]
) -> tuple[Sequence[Sequence[Cell]], list[str]]:
    """Rows whose amount stands in a second column of amounts (국내 and 해외) have it in the first; said in words.

    Only where no row fills both.
    """
    if not heading[main]:
        return rows, []
    told = []
    for place, name in enumerate(heading):
        if place in used or "amount" not in kinds_of(name):
            continue
        both = [tuple(decimal_of(row[n]) if n < len(row) else None for n in (main, place)) for row in rows]
        wanted = [n for n, (one, other) in enumerate(both) if not one and other]
        if not wanted or any(one and other for one, other in both):
            continue
        moved = [list(row) for row in rows]
        for n in wanted:
            moved[n][main] = moved[n][place]
        rows = moved
        told.append(f"{heading[main]} 열이 빈 {len(wanted):,}건은 {name} 열의 금액을 썼습니다.")
    return rows, told


def _days_in(titles: str) -> list[date]:
    """First days of the months, or years, that the titles above a list speak of."""
    found = re.findall(r"(20\d{2})[.\-/년]?\s*(\d{1,2})?(?=\D|$)", titles)
    return [date(int(year), int(month or 1), 1) for year, month in found if not month or 0 < int(month) < 13]


def with_years(payments: Sequence[Payment], days: Iterable[date]) -> list[Payment]:
    """Payments of a list without years, with the year that brings them nearest to `days`."""
    known = sorted(set(days))
    if not known or not any(p.month_day and p.day is None for p in payments):
        return list(payments)
    cache: dict[tuple[int, int], date | None] = {}

    def day_of(payment: Payment) -> date | None:
        if payment.day or payment.month_day is None:
            return payment.day
        if payment.month_day not in cache:
            cache[payment.month_day] = in_year(payment.month_day, known)
        return cache[payment.month_day]

    return [replace(p, day=day_of(p)) if p.month_day and p.day is None else p for p in payments]


def _cells(row: Sequence[Cell], places: Mapping[str, int]) -> dict[str, Cell]:
    return {kind: row[place] for kind, place in places.items() if place < len(row)}


def _payment(place: int, cells: Mapping[str, Cell], marks: set[str], cancel_day: bool, unit: str) -> Payment:
    moment = moment_of(cells.get("date"))
    minute = minute_of(cells.get("time"))
    if minute is None and moment is not None:
        minute = moment.minute
    amount, foreign = won_of(cells.get("amount")), decimal_of(cells.get("foreign"))
    if unit and "foreign" not in cells:
        amount, foreign = None, decimal_of(cells.get("amount"))
    off = called_off_amount(cells.get("amount")) if amount is None else None
    amount = amount if off is None else int(off)
    state = text_of(cells.get("cancelled"))
    returned = won_of(cells.get("returned"))
    amount, part = _net(amount, returned)
    partial = part or "부분취소" in re.sub(r"\s", "", state)
    called_off = not partial and (off is not None or _says_cancelled(state, marks, cancel_day))
    merchant = printable(unicodedata.normalize("NFC", str(cells.get("merchant") or ""))).strip()
    if re.match(r"[\[(]?\s*(승인)?취소\s*[\])]", merchant):  # "[취소] 가나상회": the word instead of a column
        called_off = True
    approval, lost = approval_of(cells.get("approval"))
    number = number_of(cells.get("number"))
    currency = currency_in(cells.get("currency")) or (unit if foreign else "")
    if currency not in ("", "KRW") and "foreign" not in cells and foreign is None and amount is not None:
        foreign = Decimal(amount)  # a list with one column of amounts may hold them as they were paid
    return Payment(
        place, amount, moment.day if moment else None, minute, approval, merchant,
        # a negative sign says it already
        called_off and not (amount is not None and amount < 0), partial, number, printable(text_of(cells.get("card"))),
        printable(text_of(cells.get("person"))), "" if currency == "KRW" else currency, foreign or None, lost,
        moment.month_day if moment else None,
    )  # fmt: skip


def _net(amount: int | None, returned: int | None) -> tuple[int | None, bool]:
    """The amount of a row with a column of what came back, and whether that was only a part of it."""
    if not returned:
        return amount, False
    if not amount:
        return -abs(returned), False
    return amount, abs(returned) < abs(amount)


def approval_of(cell: object) -> tuple[str, str]:
    """An approval number as it survives a spreadsheet, and what is left of one that did not ("5.82E+07")."""
    text = text_of(cell)
    if _SCIENTIFIC.fullmatch(text) or "*" in text:
        return "", text
    return bare_approval(text), ""


def bare_approval(text: str) -> str:
    """An approval number as it survives a spreadsheet: no marks, no leading zeros."""
    return re.sub(r"[^0-9A-Za-z]", "", text).lstrip("0").upper()


def number_of(cell: object) -> str:
    """A business number, 123-45-67890, its lost zeros put back where the check digit proves them; "" for none."""
    digits = re.sub(r"\D", "", text_of(cell))
    if 7 <= len(digits) < 10 and is_valid(_dashed(digits.zfill(10))):
        digits = digits.zfill(10)
    return _dashed(digits) if len(digits) == 10 and digits.strip("0") else ""


def _dashed(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def _says_cancelled(state: str, marks: set[str], cancel_day: bool) -> bool:
    text = re.sub(r"\s", "", state).lower()
    if cancel_day and moment_of(state):
        return True
    if _NOT_CANCELLED.search(text):
        return False
    return text in marks or text == "입금" or "취소" in text or "cancel" in text or "환불" in text


def _notes(payments: Sequence[Payment], cells: Sequence[Mapping[str, Cell]]) -> list[str]:
    lost = sum(bool(p.lost) for p in payments)
    undated = sum(p.day is None and p.month_day is None for p in payments)
    yearless = sum(p.month_day is not None and p.day is None for p in payments)
    serial = sum(bool((moment := moment_of(row.get("date"))) and moment.number) for row in cells)
    unclear = sum(p.amount is None and p.foreign is None for p in payments)
    told = (
        (
            lost,
            "승인번호 {:,}개는 Excel이 뒷자리를 잃었습니다 (예: 5.82E+07). 다른 번호가 아니라 모르는 번호로 봅니다.",
        ),
        (serial, "날짜 {:,}개는 Excel의 일련번호를 날짜로 바꾸었습니다 (예: 46300 → 2026-10-05)."),
        (yearless, "날짜 {:,}개에 연도가 없습니다. 영수증의 날짜에 가장 가까운 해로 봅니다."),
        (undated, "날짜를 알 수 없는 줄 {:,}개."),
        (unclear, "금액을 알 수 없는 줄 {:,}개."),
        (sum(p.back for p in payments), "취소·환불 {:,}건."),
        (sum(p.partial for p in payments), "부분취소 {:,}건: 취소된 거래가 아니라 일부만 돌려받은 거래입니다."),
        (sum(p.foreign is not None for p in payments), "외화 거래 {:,}건."),
    )
    return [text.format(count) for count, text in told if count]
