"""One payment of a list or of a receipt, as both sides are compared; pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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
