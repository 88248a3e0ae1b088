"""Two receipts that a finding holds for one purchase: what differs, and what a person says of them."""

from dataclasses import dataclass

from workbench.case import Case
from workbench.domain import schema
from workbench.domain.model import Finding, Receipt
from workbench.review import beside_texts as texts
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


def put_aside(case: Case, user: str, keep: Receipt, aside: Receipt) -> Step:
    """Both are one purchase: `aside` is put aside, and the journal says for which it was."""

    def go() -> None:
        case.clear([aside.id], by=user, same_as=keep.id)

    go()
    return Step(texts.PUT_ASIDE.format(file=aside.file), keep.id, lambda: case.restore([aside.id], by=user), go)


def tell_apart(case: Case, user: str, this: Receipt, finding: Finding, others: tuple[Receipt, ...]) -> None:
    """They are purchases of their own: settles the finding, and on each other the one that names this receipt alone.

    One that names further receipts stays open there: nobody has said anything of those.
    """
    files = ", ".join(other.file for other in others)
    case.settle(this.id, finding, by=user, reason=texts.OTHER_REASON.format(file=files))
    for other in others:
        for found in other.open_findings:
            if found.links == (this.id,):
                case.settle(other.id, found, by=user, reason=texts.OTHER_REASON.format(file=this.file))
