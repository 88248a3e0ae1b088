"""A row of a list becomes a payment that can be matched; pure.

What cannot be understood is None or "", the row stays.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from workbench.domain.check_digit import is_valid
from workbench.domain.visible import printable
from workbench.pipeline.ledger.amounts import Cell, called_off_amount, decimal_of, plain_number, text_of, won_of
from workbench.pipeline.ledger.columns import kinds_of
from workbench.pipeline.ledger.currencies import currency_in, currency_of, foreign_heading
from workbench.pipeline.ledger.day_order import in_order
from workbench.pipeline.ledger.moments import in_year, minute_of, moment_of
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.payment_notes import notes_of
from workbench.pipeline.ledger.row_states import YES, in_part, name_calls_off, says_called_off

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E[+]?\d+", re.IGNORECASE)


def payments_of(
    heading: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    columns: Mapping[str, str],
    above: str = "",
    numbers: Sequence[int] = (),
) -> tuple[list[Payment], list[str]]:
    """The rows as payments, in order, and in sentences what of them could not be understood.

    `numbers` are those of the rows in their file.
    """
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
    rows, ordered = in_order(rows, places.get("date"))
    payments = [_payment(place, _cells(row, places), marks, cancel_day, unit) for place, row in enumerate(rows)]
    if any(p.month_day for p in payments):
        years = _days_in(above)
        payments = with_years(payments, years)
    return payments, spared + ordered + notes_of(payments, [_cells(row, places) for row in rows], numbers)


def _with_spare(
    heading: Sequence[str], rows: Sequence[Sequence[Cell]], main: int, used: set[int]
) -> tuple[Sequence[Sequence[Cell]], list[str]]:
    """Rows whose amount stands in a second column of amounts (국내 and 해외) have it in the first; said in words.

    Only where no row fills both with different amounts.
    """
    if not heading[main]:
        return rows, []
    told = []
    for place, name in enumerate(heading):
        if place in used or "amount" not in kinds_of(name):
            continue
        both = [tuple(decimal_of(row[n]) if n < len(row) else None for n in (main, place)) for row in rows]
        wanted = [n for n, (one, other) in enumerate(both) if not one and other]
        if not wanted or any(one and other and one != other for one, other in both):
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
    amount, foreign, currency = _money(cells, unit)
    off = called_off_amount(cells.get("amount")) if amount is None else None
    amount = amount if off is None else int(off)
    state = text_of(cells.get("cancelled"))
    returned = won_of(cells.get("returned"))
    amount, part, whole = _net(amount, returned)
    merchant = printable(unicodedata.normalize("NFC", str(cells.get("merchant") or ""))).strip()
    named = name_calls_off(merchant)
    partial = part or in_part(state) or (named and in_part(merchant))
    called_off = not partial and (off is not None or whole or named or says_called_off(state, marks, cancel_day))
    approval, lost = approval_of(cells.get("approval"))
    number = number_of(cells.get("number"))
    return Payment(
        place, amount, moment.day if moment else None, minute, approval, merchant,
        # a negative sign says it already
        called_off and not (amount is not None and amount < 0), partial, number, printable(text_of(cells.get("card"))),
        printable(text_of(cells.get("person"))), currency, foreign or None, lost,
        moment.month_day if moment else None,
    )  # fmt: skip


def _money(cells: Mapping[str, Cell], unit: str) -> tuple[int | None, Decimal | None, str]:
    """Won, the amount in another currency, and which it is; `unit` is the currency that the heading names."""
    cell, foreign = cells.get("amount"), decimal_of(cells.get("foreign"))
    amount = won_of(cell)
    named, written = currency_of(cells.get("currency")), currency_in(cell)
    alone = "foreign" not in cells
    if (unit and alone) or written not in ("", "KRW"):  # "USD 105.00" in the cell itself
        amount, foreign = None, foreign if not alone and foreign else decimal_of(cell)
    currency = named or (written if written != "KRW" else "") or (unit if foreign else "")
    if currency == "KRW":
        won = (
            int(foreign)
            if amount is None and foreign is not None and foreign == foreign.to_integral_value()
            else amount
        )
        return won, None, ""
    if currency and alone and foreign is None and amount is not None:
        foreign = Decimal(amount)  # a list with one column of amounts may hold them as they were paid
        if re.search(r"\.\d{1,2}\D*$", text_of(cell)):  # with cents they are no won
            amount = None
    return None if foreign and amount == 0 else amount, foreign, currency


def _net(amount: int | None, returned: int | None) -> tuple[int | None, bool, bool]:
    """The amount of a row with a column of what came back, and whether that was a part of it, or the whole."""
    if not returned:
        return amount, False, False
    if not amount:
        return -abs(returned), False, False
    return amount, abs(returned) < abs(amount), abs(returned) >= abs(amount)


def approval_of(cell: object) -> tuple[str, str]:
    """An approval number as it survives a spreadsheet, and what is left of one that did not ("5.82E+07")."""
    text = plain_number(cell)
    if _SCIENTIFIC.fullmatch(text) or "*" in text:
        return "", text
    return bare_approval(text), ""


def bare_approval(text: str) -> str:
    """An approval number as it survives a spreadsheet: no marks, no leading zeros."""
    return re.sub(r"[^0-9A-Za-z]", "", text).lstrip("0").upper()


def number_of(cell: object) -> str:
    """A business number, 123-45-67890, its lost zeros put back where the check digit proves them; "" for none."""
    digits = re.sub(r"\D", "", plain_number(cell))
    if 7 <= len(digits) < 10 and is_valid(_dashed(digits.zfill(10))):
        digits = digits.zfill(10)
    return _dashed(digits) if len(digits) == 10 and digits.strip("0") else ""


def _dashed(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
