"""The receipts' side of a match: a receipt as the payment that a statement would show for it; pure."""

from decimal import Decimal

import pandas as pd

from workbench.domain.errors import CaseError
from workbench.domain.model import Receipt
from workbench.pipeline.ledger.amounts import decimal_of, won_of
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.payments import bare_approval
from workbench.pipeline.ledger.readers import Sheet, cell_of
from workbench.pipeline.ledger.statements import Statement
from workbench.pipeline.ledger.understanding import understand

KRW = "KRW"
CANCELLED = "cancelled"
FACTS = (
    *("issued_at", "total", "approval_number", "merchant", "business_number", "card_number"),
    *("card_amount", "currency", "foreign_total"),
)


def of_receipt(place: int, receipt: Receipt) -> Payment:
    """What the card company would list for a receipt."""
    return _payment(place, {name: receipt.value(name) for name in FACTS}, receipt.kind == CANCELLED)


def of_receipts(frame: pd.DataFrame) -> list[Payment]:
    """The rows of `Case.frame()` as payments, in order; a column `kind`, where there is one, tells cancellations."""
    named = {name: [cell_of_frame(cell) for cell in frame[name]] for name in FACTS if name in frame}
    kinds = list(frame["kind"]) if "kind" in frame else [""] * len(frame)
    return [
        _payment(place, {name: cells[place] for name, cells in named.items()}, kinds[place] == CANCELLED)
        for place in range(len(frame))
    ]


def _payment(place: int, facts: dict[str, object], cancelled: bool) -> Payment:
    """`card_amount` is what of the total was paid by card: the rest was cash, points, another card."""
    total = won_of(facts.get("card_amount"))
    total = won_of(facts.get("total")) if total is None else total
    moment = moment_of(facts.get("issued_at"))
    currency = str(facts.get("currency") or "")
    foreign = decimal_of(facts.get("foreign_total")) if currency not in ("", KRW) else None
    return Payment(
        place,
        # A slip of a cancellation may print its amount without a minus.
        -abs(total) if cancelled and total is not None else total,
        moment.day if moment else None,
        moment.minute if moment else None,
        bare_approval(str(facts.get("approval_number") or "")),
        str(facts.get("merchant") or ""),
        number=str(facts.get("business_number") or ""),
        card=str(facts.get("card_number") or ""),
        currency=currency if foreign is not None else "",
        foreign=-abs(foreign) if cancelled and foreign is not None else foreign,
    )


def cell_of_frame(cell: object) -> str | int | float | bool | None:
    """A pandas cell as lists keep it."""
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return None
    if isinstance(cell, pd.Timestamp):
        cell = cell.to_pydatetime()
    elif isinstance(cell, Decimal):
        return str(cell)
    elif hasattr(cell, "item"):
        cell = cell.item()
    return cell_of(cell)


def understood_frame(ledger: pd.DataFrame, given: dict[str, str | None]) -> Statement:
    """A DataFrame as a statement: its columns are the heading, or, under titles, a row found below them.

    Row n of the statement is the frame's row n - 2, as where its file has one row of headings.
    """
    names = [str(name) for name in ledger.columns]
    cells = [[cell_of_frame(cell) for cell in row] for row in ledger.itertuples(index=False, name=None)]
    whole = Sheet("", [list(names), *cells])
    try:
        return understand([whole], "명세서", given or {"": ""}, may_be_empty=True)
    except CaseError as error:
        below = Sheet("", [[], *cells])
        try:
            return understand([below], "명세서", given, may_be_empty=True)
        except CaseError:
            raise error from None
