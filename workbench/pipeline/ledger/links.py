"""How the receipts and statements of a case stand to each other: the records."""

from collections import defaultdict
from dataclasses import dataclass, field

RowKey = tuple[str, int]
"""A statement's id, and the row's number in its file."""


@dataclass(frozen=True, slots=True)
class Link:
    """A receipt that belongs to a row: `level` in `levels.LEVELS` (from 1), `days` from receipt to row, a note."""

    receipt: str
    row: RowKey
    level: int
    days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says against its receipt: the same approval number with another amount."""

    receipt: str
    row: RowKey
    amount: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How a case's receipts and statements stand to each other.

    `links` by receipt; `open` receipt -> rows that may be its own; `receipts_left` and `rows_left` say why; `offset`
    are rows that another row takes back, or that repeat one of another list: nobody owes a receipt for them.
    """

    links: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    open: dict[str, tuple[RowKey, ...]] = field(default_factory=dict)
    receipts_left: dict[str, str] = field(default_factory=dict)
    rows_left: dict[RowKey, str] = field(default_factory=dict)
    offset: frozenset[RowKey] = frozenset()
    told: dict[str, Told] = field(default_factory=dict)

    def rows_of(self, receipt: str) -> tuple[RowKey, ...]:
        """The rows that a receipt belongs to."""
        return tuple(link.row for link in self.links.get(receipt, ()))

    def receipts_of(self) -> dict[RowKey, tuple[Link, ...]]:
        """The links of each row that has any."""
        found: dict[RowKey, list[Link]] = defaultdict(list)
        for links in self.links.values():
            for link in links:
                found[link.row].append(link)
        return {row: tuple(links) for row, links in found.items()}
