"""A list of any card company, bank or 홈택스 becomes payments that can be matched, and says what was understood; pure.

Rows are addressed by their number in the file, as a spreadsheet shows it. What cannot be understood is None or "", the
row stays, and how many there are is told.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from html import escape

import pandas as pd

from workbench.domain.check_digit import is_valid
from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.amounts import Cell, decimal_of, text_of, won_of
from workbench.pipeline.ledger.columns import (
    WORDS,
    bare_heading,
    currency_in,
    find_columns,
    foreign_heading,
    missing_kinds,
)
from workbench.pipeline.ledger.heading import Heading, find_heading, no_payment
from workbench.pipeline.ledger.moments import in_year, minute_of, moment_of
from workbench.pipeline.ledger.readers import Sheet

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


@dataclass(frozen=True, slots=True)
class Statement:
    """A list as it was understood: `columns` by kind, `payments` in order, `numbers` their rows in the file from 1.

    `skipped` are rows that are no payment, each with why; `notes` what the reader should know, in sentences.
    """

    name: str
    heading: tuple[str, ...]
    heading_row: int
    columns: dict[str, str]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    payments: tuple[Payment, ...]
    skipped: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()

    def frame(self) -> pd.DataFrame:
        """The payments' rows as they stand in the file, indexed by their number there."""
        names = [name or f"({place})" for place, name in enumerate(self.heading, start=1)]
        width = len(names)
        cells = [(*row, *[None] * (width - len(row)))[:width] for row in self.rows]
        return pd.DataFrame(cells, columns=names, index=pd.Index(self.numbers, name="row"), dtype=object)

    def understood(self) -> pd.DataFrame:
        """What was made of each row: a table to look over before the list is taken in."""
        paid = self.payments
        cells = {
            "date": [_day_text(p) for p in paid],
            "merchant": [p.merchant for p in paid],
            "number": [p.number for p in paid],
            "approval": [p.approval for p in paid],
            "foreign": [f"{p.foreign} {p.currency}".strip() if p.foreign is not None else "" for p in paid],
            "state": ["취소" if p.back else "부분취소" if p.partial else "" for p in paid],
        }
        table = pd.DataFrame({name: pd.array(column, dtype="string") for name, column in cells.items()})
        table.insert(0, "row", self.numbers)
        amounts = [-p.amount if p.cancelled and p.amount else p.amount for p in paid]
        table.insert(2, "amount", pd.Series(amounts, dtype="Int64"))
        return table

    def words(self) -> str:
        """What was understood, in sentences."""
        used = ", ".join(f"{WORDS[kind]} = {self.columns[kind]}" for kind in WORDS if kind in self.columns)
        return "\n".join(
            [f"{self.name}: {self.heading_row}행의 제목 아래 {len(self.payments):,}건. {used}.", *self.notes]
        )

    def __repr__(self) -> str:
        return self.words()

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{escape(line)}</p>" for line in self.words().splitlines())
        return body + str(self.understood().head(8).to_html(index=False, na_rep=""))


def signature(heading: Iterable[str]) -> str:
    """What tells lists of one layout: their headings in order, so that columns once chosen are remembered for them."""
    return "|".join(bare_heading(name) for name in heading)


def understand(
    sheets: Sequence[Sheet],
    name: str,
    given: Mapping[str, str | None] | None = None,
    remembered: Callable[[str], Mapping[str, str]] = lambda _: {},
    *,
    may_be_empty: bool = False,
) -> Statement:
    """The sheet that holds a list, understood. `given` names of columns win over those `remembered` for its heading.

    CaseError says in words why nothing can be matched: no heading, or no column of amounts or days.
    """
    best: Statement | None = None
    trouble = ""
    for sheet in sheets:
        heading = find_heading(sheet.rows) or (_first_row(sheet) if given else None)
        if heading is None:
            trouble = (
                trouble
                or f"{name}: 제목 줄(이용일자, 이용금액 …)을 찾지 못했습니다. 대조할 수 있는 명세서인지 확인해 주세요."
            )
            continue
        chosen = {**remembered(signature(heading.names)), **(given or {})}
        try:
            found = _understood(sheet, name, heading, chosen, may_be_empty)
        except CaseError as error:
            trouble = str(error)
            continue
        if best is None or len(found.payments) > len(best.payments):
            best = found
    if best is None:
        raise CaseError(trouble)
    return best


def _first_row(sheet: Sheet) -> Heading | None:
    place = next((n for n, row in enumerate(sheet.rows) if any(row)), None)
    return None if place is None else Heading(tuple(text_of(cell) for cell in sheet.rows[place]), place + 1)


def _understood(
    sheet: Sheet, name: str, heading: Heading, given: Mapping[str, str | None], may_be_empty: bool
) -> Statement:
    body = sheet.rows[heading.below :]
    columns = find_columns(heading.names, body, given)
    columns = {kind: column for kind, column in columns.items() if column}
    if "amount" not in columns and "foreign" in columns:
        columns["amount"] = ""  # a list of foreign payments alone
    if missing := missing_kinds(columns):
        wanted = ", ".join(f"{WORDS[kind]} 열({kind}=)" for kind in missing)
        raise CaseError(
            f"명세서에서 {wanted}을 찾지 못했습니다. 열 이름을 알려 주세요. 제목은 {heading.below}행에 있습니다."
            f" 열: {', '.join(filter(None, heading.names))}"
        )
    columns = {kind: column for kind, column in columns.items() if column}
    date_place = heading.names.index(columns["date"]) if "date" in columns else None
    rows, numbers, skipped = [], [], []
    for number, row in enumerate(body, start=heading.below + 1):
        why = no_payment(row, heading, date_place)
        if why:
            skipped.append((number, why))
        else:
            rows.append(tuple(row))
            numbers.append(number)
    payments, notes = payments_of(heading.names, rows, columns, heading.above)
    # A foot of remarks has neither a day nor an amount.
    kept = [n for n, p in enumerate(payments) if p.amount is not None or p.foreign is not None or p.day or p.month_day]
    skipped += [(numbers[n], "금액과 날짜가 없는 줄") for n in sorted(set(range(len(rows))) - set(kept))]
    if not may_be_empty and all(payments[n].amount is None and payments[n].foreign is None for n in kept):
        raise CaseError(f"{name}: 금액이 있는 줄이 없습니다. 대조할 것이 없는 목록입니다.")
    told = Counter(why for _, why in skipped if why != "빈 줄")
    notes += [f"{why} {count:,}개는 거래로 보지 않았습니다." for why, count in told.items()]
    return Statement(
        name, heading.names, heading.below, columns, tuple(rows[n] for n in kept), tuple(numbers[n] for n in kept),
        tuple(replace(payments[n], place=place) for place, n in enumerate(kept)), tuple(sorted(skipped)), tuple(notes),
    )  # fmt: skip


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
    payments = [_payment(place, _cells(row, places), marks, cancel_day, unit) for place, row in enumerate(rows)]
    if any(p.month_day for p in payments):
        years = _days_in(above)
        payments = with_years(payments, years)
    return payments, _notes(payments, [_cells(row, places) for row in rows])


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
    state = text_of(cells.get("cancelled"))
    returned = won_of(cells.get("returned"))
    amount, part = _net(amount, returned)
    partial = part or "부분취소" in re.sub(r"\s", "", state)
    called_off = not partial and _says_cancelled(state, marks, cancel_day)
    merchant = unicodedata.normalize("NFC", str(cells.get("merchant") or "")).strip()
    if re.match(r"[\[(]?\s*(승인)?취소\s*[\])]", merchant):  # "[취소] 가나상회": the word instead of a column
        called_off = True
    approval, lost = approval_of(cells.get("approval"))
    number = number_of(cells.get("number"))
    currency = currency_in(cells.get("currency")) or (unit if foreign else "")
    return Payment(
        place, amount, moment.day if moment else None, minute, approval, merchant,
        # a negative sign says it already
        called_off and not (amount is not None and amount < 0), partial, number, text_of(cells.get("card")),
        text_of(cells.get("person")), "" if currency == "KRW" else currency, foreign or None, lost,
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
    return text in marks or "취소" in text or "cancel" in text or "환불" in text


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


def _day_text(payment: Payment) -> str:
    if payment.day is not None:
        clock = "" if payment.minute is None else f" {payment.minute // 60:02}:{payment.minute % 60:02}"
        return payment.day.isoformat() + clock
    return "{:02}-{:02}".format(*payment.month_day) if payment.month_day else ""
