"""Which receipts the table shows, and in which order. Pure."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain import schema
from workbench.domain.model import Finding, Receipt, TaxFailure, TaxRecord
from workbench.review import tax_words

STATES = ("changed", "waiting", "failed", "open", "clear", "approved", "confirmed")
"""How far a receipt is: changed behind its approval, waiting, failed, read with something to look at, read with
nothing, approved, approved by a second person, too."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a shown receipt fulfils, all of it; "" and () ask for nothing.

    `states` of STATES, `findings` codes of which it has any, `search` a text anywhere on the receipt, `tax` a tax
    type as `tax_text` says it, `month` "2026-11", `merchant` its name, `deduction` its label, `ids` these only.
    """

    states: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    search: str = ""
    tax: str = ""
    month: str = ""
    merchant: str = ""
    deduction: str = ""
    ids: tuple[str, ...] | None = None

    def with_(self, **changes: object) -> "Filter":
        """A copy with those changes."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types are the fields' own

    @property
    def released(self) -> "Filter":
        """Without what work on a receipt can end: a text that is searched and receipts chosen one by one stay."""
        return Filter(search=self.search, ids=self.ids)

    @property
    def active(self) -> bool:
        """Whether anything is asked for."""
        return self != Filter()


def state_of(receipt: Receipt) -> str:
    """One of STATES."""
    if receipt.status != "read":
        return receipt.status
    return "open" if receipt.open_findings else "clear"


def problems(receipt: Receipt) -> tuple[str, ...]:
    """Fields to look at, first what is missing or unreadable, then broken rules; those a person has judged are not.

    A receipt whose findings name no field (a duplicate, a failed query) has no problem *field* by it; see `papers`.
    """
    missing: dict[str, None] = {}
    broken: dict[str, None] = {}
    for finding in receipt.open_findings:
        open_names = [n for n in finding.fields if n in schema.BY_NAME and not receipt.field(n).corrected]
        # A rule over many fields (a sum) is one problem, not one for each of its fields.
        for name in open_names if len(finding.fields) <= 2 else open_names[:1]:
            (missing if receipt.value(name) is None else broken)[name] = None
    return (*missing, *(name for name in broken if name not in missing))


def papers(receipt: Receipt) -> tuple[Finding, ...]:
    """Open findings that no field answers: about the whole paper, or about what people themselves have said of it.

    Errors first.
    """
    left = [
        finding
        for finding in receipt.open_findings
        if not any(n in schema.BY_NAME and not receipt.field(n).corrected for n in finding.fields)
    ]
    return tuple(sorted(left, key=lambda finding: finding.severity != "error"))


def points(receipt: Receipt) -> tuple[str | Finding, ...]:
    """All that is to be looked at, gravest first: findings of the whole paper, and names of fields."""
    grave = {name for f in receipt.open_findings if f.severity == "error" for name in f.fields}
    whole, names = papers(receipt), problems(receipt)
    found: tuple[str | Finding, ...] = (*whole, *names)
    return tuple(sorted(found, key=lambda one: not (one in grave if isinstance(one, str) else one.severity == "error")))


def tax_text(receipt: Receipt) -> str:
    """The tax type in one word for filters and plots; "" where none is known."""
    return receipt.tax.type if isinstance(receipt.tax, TaxRecord) else ""


def tax_failed(receipt: Receipt) -> bool:
    """Whether the last query got no answer."""
    return isinstance(receipt.tax, TaxFailure)


def searchable(text: str) -> str:
    """Text as it is compared: small letters, and Hangul composed (macOS and some PDFs give it taken apart)."""
    return unicodedata.normalize("NFKC", text).casefold()


def chosen(receipts: Iterable[Receipt], wanted: Filter, text_of: Callable[[Receipt], str]) -> list[Receipt]:
    """The receipts that fulfil `wanted`; `text_of` gives all that stands on one, `searchable`."""
    needle = searchable(wanted.search.strip())
    ids = None if wanted.ids is None else set(wanted.ids)
    return [
        receipt
        for receipt in receipts
        if (ids is None or receipt.id in ids)
        and (not wanted.states or state_of(receipt) in wanted.states)
        and (not wanted.findings or any(finding.code in wanted.findings for finding in receipt.findings))
        and (not wanted.tax or tax_text(receipt) == wanted.tax)
        and (not wanted.month or (receipt.value("issued_at") or "").startswith(wanted.month))
        and (not wanted.merchant or receipt.value("merchant") == wanted.merchant)
        and (not wanted.deduction or receipt.deduction == wanted.deduction)
        and (not needle or needle in text_of(receipt))
    ]


def ordered(receipts: list[Receipt], column: str, descending: bool) -> list[Receipt]:
    """The receipts by what stands in `column` (a field, or file, status, findings, tax); empty ones last."""
    if not column:
        return receipts
    full: list[tuple[Any, Receipt]] = []
    empty: list[Receipt] = []
    for receipt in receipts:
        key = sort_key(receipt, column)
        if key is None or key == "":
            empty.append(receipt)
        else:
            full.append((key, receipt))
    full.sort(key=lambda pair: pair[0], reverse=descending)
    return [*(receipt for _, receipt in full), *empty]


def in_place(
    receipts: Iterable[Receipt], found: list[Receipt], held: Receipt | None, sort: tuple[str, bool]
) -> list[Receipt]:
    """What was `found` of all `receipts`, in order; `held` stands where it did as it was then, whatever it is by now.

    A correction would else take the row out of the sight of the person who made it.
    """
    if held is None:
        return ordered(found, *sort)
    names = {receipt.id for receipt in found} | {held.id}
    here = [receipt for receipt in receipts if receipt.id in names]
    now = {receipt.id: receipt for receipt in here}
    return [now[one.id] for one in ordered([held if one.id == held.id else one for one in here], *sort)]


def left_to_see(receipt: Receipt) -> int:
    """Open errors, a thousand each, and open warnings: how the list's column of findings is sorted and drawn."""
    errors = sum(finding.severity == "error" for finding in receipt.open_findings)
    return errors * 1000 + len(receipt.open_findings) - errors


def sort_key(receipt: Receipt, column: str) -> int | float | str | None:
    """What stands in `column`, comparable within the column."""
    if column in schema.BY_NAME:
        value = receipt.value(column)
        return int(value) if value and schema.spec(column).kind == "won" else value
    keys: dict[str, int | float | str | None] = {
        "file": receipt.file,
        "status": STATES.index(state_of(receipt)),
        "findings": left_to_see(receipt),
        "deduction": receipt.deduction,
        "tax": tax_words.cell(receipt),
        "confidence": receipt.confidence,
    }
    return keys.get(column)
