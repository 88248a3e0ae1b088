"""Won of a receipt: whole numbers, never floats."""

from workbench.domain.model import Receipt
from workbench.domain.schema import value_of


def won_of(receipt: Receipt, name: str) -> int | None:
    """The amount that holds in a field; None where none does."""
    won = value_of(name, receipt.value(name))
    return won if isinstance(won, int) else None


def won(receipt: Receipt, name: str) -> int:
    """The same for sums: 0 where there is none."""
    return won_of(receipt, name) or 0
