"""Two receipts that a finding holds for one purchase: what differs, and what a person says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workbench.case import Case
from workbench.domain import schema
from workbench.domain.model import Finding, Receipt
from workbench.review import beside_texts as texts
from workbench.review import spoken
from workbench.review.undo import Step


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both: what each holds, as a person reads it, and whether that differs."""

    label: str
    this: str
    that: str
    differs: bool


def rows(this: Receipt, that: Receipt) -> tuple[Row, ...]:
    """The fields that either of them holds."""
    found = []
    for spec in schema.FIELDS:
        one, other = this.value(spec.name) or "", that.value(spec.name) or ""
        if one or other:
            this_text, that_text = schema.render(spec.name, one), schema.render(spec.name, other)
            found.append(Row(spec.label, this_text, that_text, one != other))
    return tuple(found)


CANCELLING = ("cancelled", "partial-cancel", "part-refund")
"""Codes of findings that ask for the sale that was taken back."""


def partners(this: Receipt, finding: Finding, receipts: Iterable[Receipt]) -> tuple[str, ...]:
    """Ids of the receipts that a finding is to be looked at beside: those it names, or what a cancellation takes back.

    Of those the same approval number speaks loudest, then the day that is nearest.
    """
    if finding.code not in CANCELLING:
        known = {receipt.id for receipt in receipts}
        return tuple(name for name in finding.links if name in known)
    found = [(weight, other.id) for other in receipts if (weight := _taken_back(this, other))]
    return tuple(name for _, name in sorted(found, key=lambda pair: pair[0], reverse=True))


def _taken_back(this: Receipt, sale: Receipt) -> tuple[int, int] | None:
    """How much speaks for `sale` being what `this` takes back; None where nothing does."""
    amount, sold = int(this.value("total") or 0), int(sale.value("total") or 0)
    if sale.id == this.id or sold <= 0 or abs(amount) > sold:
        return None
    approval = bool(this.value("approval_number")) and this.value("approval_number") == sale.value("approval_number")
    number = this.value("business_number")
    shop = bool(number) and number == sale.value("business_number")
    if not approval and not (shop and abs(amount) == sold):
        return None
    days = [str(r.value("issued_at") or "")[:10] for r in (this, sale)]
    apart = abs((date.fromisoformat(days[0]) - date.fromisoformat(days[1])).days) if all(days) else 36_500
    return 2 * approval + shop, -apart


def belong(case: Case, user: str, this: Receipt, finding: Finding, sale: Receipt) -> Step:
    """The cancellation and the sale are a pair: settles the finding, and the journal says with which."""
    return spoken.settle(case, user, this, finding, texts.PAIR_REASON.format(file=sale.file))


def put_aside(case: Case, user: str, keep: Receipt, aside: Receipt) -> Step:
    """Both are one purchase: `aside` is put aside, and the journal says for which it was."""
    said = texts.PUT_ASIDE.format(file=aside.file)
    step, _ = spoken.put_aside(case, user, lambda _: said, (aside.id,), keep.id, keep.id)
    return step


def tell_apart(case: Case, user: str, this: Receipt, finding: Finding, others: tuple[Receipt, ...]) -> Step:
    """They are purchases of their own: settles the finding, and on each other the one that names this receipt alone.

    One that names further receipts stays open there: nobody has said anything of those.
    """
    said = [(this, finding, texts.OTHER_REASON.format(file=", ".join(other.file for other in others)))]
    for other in others:
        reason = texts.OTHER_REASON.format(file=this.file)
        said += [(other, found, reason) for found in other.open_findings if found.links == (this.id,)]
    return spoken.settle_pair(case, user, texts.TELL_APART.format(file=this.file), said)
