"""What is reckoned of each receipt and of all of them, once: of two thousand one changes at a time."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

from workbench.domain.model import Receipt
from workbench.review import filters

Reckoned = TypeVar("Reckoned")


class Kept(Generic[Reckoned]):
    """A function of a receipt whose answers stand until the receipt is another object."""

    def __init__(self, reckon: Callable[[Receipt], Reckoned]) -> None:
        self._reckon = reckon
        self._known: dict[str, tuple[Receipt, Reckoned]] = {}

    def __call__(self, receipt: Receipt) -> Reckoned:
        """What is reckoned of this receipt."""
        known = self._known.get(receipt.id)
        if known is None or known[0] is not receipt:
            known = self._known[receipt.id] = (receipt, self._reckon(receipt))
        return known[1]

    def forget(self, ids: Iterable[str]) -> None:
        """Lets go of receipts that are deleted."""
        for name in ids:
            self._known.pop(name, None)


class Facts(NamedTuple):
    """What is counted of a receipt: its state, the codes of its errors and warnings, and whether the tax service has
    not been asked for it ("new") or gave no answer ("failed"); "" where it has.
    """

    state: str
    codes: frozenset[str]
    query: str


class Overview:
    """Receipts by id, and how many of them are in which state, have which finding, and wait for which query."""

    def __init__(self, receipts: tuple[Receipt, ...], facts: Kept[Facts]) -> None:
        """`facts` are kept from one overview to the next."""
        self.receipts = receipts
        self.by_id = {receipt.id: receipt for receipt in receipts}
        self.states: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.queries: Counter[str] = Counter()
        for receipt in receipts:
            known = facts(receipt)
            self.states[known.state] += 1
            self.codes.update(known.codes)
            self.queries[known.query] += 1


def facts_of(receipt: Receipt) -> Facts:
    """What is counted of a receipt."""
    codes = frozenset(found.code for found in receipt.findings if found.code and found.severity != "info")
    fresh = receipt.tax is None and receipt.value("business_number") is not None
    return Facts(filters.state_of(receipt), codes, "new" if fresh else "failed" * filters.tax_failed(receipt))
