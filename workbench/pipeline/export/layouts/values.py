"""The words by which a layout names what a receipt holds; each a function of one part of a receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from workbench.domain import korean, schema
from workbench.domain.law import law
from workbench.domain.model import Receipt
from workbench.pipeline.extraction.document_type import KINDS
from workbench.pipeline.tax.deduction import CANDIDATE
from workbench.pipeline.tax.status_on import day_of

Cell = str | int | date | None
CASH = ("cash_receipt", "cash_receipt_business")
NO_PROOF = ("order_slip", "app_screen", "not_receipt", "cash_receipt_personal")


@dataclass(frozen=True, slots=True)
class Part:
    """A receipt, or the taxable or the exempt part of one: amounts in won, None where not known.

    `card` is the full number of the card that paid, digits only, where the register knows it; `deals`, `records` count
    the receipts and groups that a row of sums stands for.
    """

    receipt: Receipt
    taxable: bool
    supply: int | None
    vat: int | None
    total: int | None
    card: str = ""
    deals: int = 1
    records: int = 0


def parts_of(receipt: Receipt, apart: bool) -> list[Part]:
    """The receipt as one part, or `apart` as its taxable and its exempt part where it has both."""
    supply, vat, exempt, total = (amount(receipt, name) for name in ("supply", "vat", "exempt", "total"))
    if apart and exempt and vat:
        return [
            Part(receipt, True, supply, vat, None if supply is None else supply + vat),
            Part(receipt, False, exempt, 0, exempt),
        ]
    if exempt and not vat:
        return [Part(receipt, False, exempt, 0, total)]
    return [Part(receipt, True, supply, vat, total)]


def amount(receipt: Receipt, name: str) -> int | None:
    """An amount in won; None where there is none."""
    value = schema.value_of(name, receipt.value(name))
    return value if isinstance(value, int) else None


def evidence(receipt: Receipt) -> str:
    """What the paper is worth as proof: invoice, card, cash, personal, simple, receipt or none."""
    if receipt.kind == "tax_invoice":
        return "invoice"
    if receipt.kind in CASH:
        return "cash"
    if receipt.kind in NO_PROOF:
        return "personal" if receipt.kind == "cash_receipt_personal" else "none"
    if receipt.kind == "card_slip" or receipt.value("card_issuer") or receipt.value("card_number"):
        return "card"
    return "simple" if receipt.kind == "simple_receipt" else "receipt"


def _field(name: str) -> Callable[[Part], Cell]:
    return lambda part: part.receipt.value(name)


def _won(name: str) -> Callable[[Part], Cell]:
    return lambda part: amount(part.receipt, name)


def _digits(name: str) -> Callable[[Part], Cell]:
    return lambda part: "".join(letter for letter in part.receipt.value(name) or "" if letter.isdigit())


def _day(form: str) -> Callable[[Part], Cell]:
    return lambda part: f"{day:{form}}" if (day := day_of(part.receipt)) else None


def _items(part: Part) -> Cell:
    names = [item.name for item in part.receipt.items if item.name]
    return f"{names[0]} 외 {len(names) - 1}" if len(names) > 1 else names[0] if names else None


def _vat_type(part: Part) -> Cell:
    return f"{evidence(part.receipt)}-{'taxable' if part.taxable and part.vat else 'exempt'}"


def _deducted(part: Part) -> bool:
    return part.receipt.deduction == CANDIDATE and part.taxable


def _expense(part: Part) -> Cell:
    """What becomes an expense: all that was paid, without the VAT where that may be deducted."""
    vat = _input_vat(part)
    return part.total - vat if part.total is not None and isinstance(vat, int) else part.total


def _input_vat(part: Part) -> Cell:
    return part.vat if _deducted(part) and part.total is not None else None


def _surcharge(part: Part) -> Cell:
    """What the law adds for a payment without 적격증빙."""
    return None if part.total is None else int(part.total * law("evidence_penalty", day_of(part.receipt)).value)


VALUES: dict[str, Callable[[Part], Cell]] = {
    **{spec.name: _field(spec.name) for spec in schema.FIELDS if spec.kind != "won"},
    **{spec.name: _won(spec.name) for spec in schema.FIELDS if spec.kind == "won"},
    "supply": lambda part: part.supply,
    "vat": lambda part: part.vat,
    "total": lambda part: part.total,
    "year": _day("%Y"),
    "month": _day("%m"),
    "day": _day("%d"),
    "date8": _day("%Y%m%d"),
    "date": lambda part: day_of(part.receipt),
    "business_digits": _digits("business_number"),
    "card_digits": lambda part: part.card,
    "cash_approval": lambda part: part.receipt.value("approval_number") if evidence(part.receipt) == "cash" else None,
    "card_approval": lambda part: part.receipt.value("approval_number") if evidence(part.receipt) == "card" else None,
    "items": _items,
    "memo": lambda part: " ".join(filter(None, (part.receipt.value("merchant"), str(_items(part) or "")))) or None,
    "vat_type": _vat_type,
    "evidence": lambda part: evidence(part.receipt),
    "kind": lambda part: KINDS.get(part.receipt.kind, part.receipt.kind),
    "deduction": lambda part: part.receipt.deduction or None,
    "expense": _expense,
    "input_vat": _input_vat,
    "surcharge": _surcharge,
    "deals": lambda part: part.deals,
    "records": lambda part: part.records,
    "receipt_id": lambda part: part.receipt.id,
    "file": lambda part: part.receipt.file,
    "status": lambda part: korean.STATUS[part.receipt.status],
    "approved_by": lambda part: part.receipt.approved_by or None,
}  # fmt: skip
"""Name in a TOML -> what it is of a part: int won, a date, else text; None where there is nothing."""
