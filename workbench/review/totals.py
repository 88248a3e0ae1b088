"""Where the money went and how far the review is: sums over receipts, for the summary. Pure; won are integers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.domain.money import won
from workbench.pipeline.tax.deduction import CANDIDATE
from workbench.review import filters


@dataclass(frozen=True, slots=True)
class Total:
    """One bar: `key` is what the filter asks for ("" where nothing is known), `won` the sum, `count` the receipts."""

    key: str
    won: int
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All sums of a pile; the lists are ordered as they are drawn. `seconds` is the mean time of a reading."""

    count: int
    total: int
    deductible_vat: int
    by_tax: tuple[Total, ...]
    by_month: tuple[Total, ...]
    by_merchant: tuple[Total, ...]
    by_deduction: tuple[Total, ...]
    states: dict[str, int]
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands under a table: `won` sums by label, `foreign` by currency as a decimal text.

    `unknown` counts receipts without an amount in any currency; a foreign one with won counts with its won alone.
    """

    count: int
    won: tuple[tuple[str, int], ...]
    foreign: tuple[tuple[str, str], ...]
    unknown: int


FOOT_FIELDS = ("total", "supply", "vat")


class Amounts(NamedTuple):
    """What a receipt adds to the foot of its table: `won` of FOOT_FIELDS; `foreign` of `currency` where that is set."""

    won: tuple[int, ...]
    currency: str
    foreign: Decimal
    unknown: bool


def amounts_of(receipt: Receipt) -> Amounts:
    """A foreign amount counts only where no won total stands."""
    foreign = "" if receipt.value("total") else receipt.value("foreign_total")
    return Amounts(
        won=tuple(won(receipt, name) for name in FOOT_FIELDS),
        currency=(receipt.value("currency") or "?") if foreign else "",
        foreign=Decimal(foreign or 0),
        unknown=not (receipt.value("total") or foreign),
    )


def shown(receipts: Iterable[Receipt], amounts: Callable[[Receipt], Amounts] = amounts_of) -> Foot:
    """Count and sums of the rows a table shows; `amounts` may keep what it has reckoned of a receipt before."""
    rows = [amounts(receipt) for receipt in receipts]
    foreign: dict[str, Decimal] = {}
    for row in rows:
        if row.currency:
            foreign[row.currency] = foreign.get(row.currency, Decimal(0)) + row.foreign
    return Foot(
        count=len(rows),
        won=tuple((schema.spec(name).label, sum(row.won[i] for row in rows)) for i, name in enumerate(FOOT_FIELDS)),
        foreign=tuple((currency, f"{amount:,}") for currency, amount in sorted(foreign.items())),
        unknown=sum(row.unknown for row in rows),
    )


def summed(receipts: Iterable[Receipt], most: int = 10) -> Summary:
    """The sums over those receipts that have been read; at most `most` merchants, those with the largest sums."""
    everything = tuple(receipt for receipt in receipts if receipt.kind != "blank")
    read = [receipt for receipt in everything if receipt.status not in ("waiting", "failed")]
    seconds = [receipt.seconds for receipt in read if receipt.seconds]
    by_amount = sorted(_grouped(read, lambda r: r.value("merchant") or "", "total"), key=lambda t: -t.won)
    states = dict.fromkeys(filters.STATES, 0)
    for receipt in everything:
        states[filters.state_of(receipt)] += 1
    return Summary(
        count=len(everything),
        total=sum(won(receipt, "total") for receipt in read),
        deductible_vat=sum(won(receipt, "vat") for receipt in read if receipt.deduction == CANDIDATE),
        by_tax=tuple(sorted(_grouped(read, filters.tax_text, "total"), key=lambda t: -t.won)),
        by_month=tuple(
            sorted(_grouped(read, lambda r: (r.value("issued_at") or "")[:7], "total"), key=lambda t: t.key)
        ),
        by_merchant=tuple(by_amount[:most]),
        by_deduction=tuple(sorted(_grouped(read, lambda r: r.deduction, "vat"), key=lambda t: -t.won)),
        states=states,
        seconds=sum(seconds) / len(seconds) if seconds else None,
    )


def _grouped(receipts: Iterable[Receipt], key_of: Callable[[Receipt], str], amount: str) -> list[Total]:
    sums: dict[str, list[int]] = {}
    for receipt in receipts:
        both = sums.setdefault(key_of(receipt), [0, 0])
        both[0] += won(receipt, amount)
        both[1] += 1
    return [Total(key, *both) for key, both in sums.items()]
