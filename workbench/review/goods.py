"""The goods of a receipt as they are shown: rows in words, their sum, and how far it is from the total. Pure."""

from typing import Any

from workbench.domain.model import Receipt
from workbench.domain.money import won
from workbench.review import texts


def goods(receipt: Receipt) -> dict[str, Any] | None:
    """Title, headings, rows and two lines of a receipt's goods; None where none was read.

    `same` is None where a row lacks its amount or no total is known: a sum of parts would say nothing.
    """
    if not receipt.items:
        return None
    amounts = [item.amount for item in receipt.items if item.amount is not None]
    whole = len(amounts) == len(receipt.items) and receipt.value("total") is not None
    by = sum(amounts) - won(receipt, "total")
    return {
        "title": texts.GOODS.format(count=len(receipt.items)),
        "columns": texts.GOODS_COLUMNS,
        "rows": [
            [item.name, *("" if n is None else f"{n:,}" for n in (item.quantity, item.unit_price, item.amount))]
            for item in receipt.items
        ],
        "sum": texts.GOODS_SUM.format(sum=sum(amounts)),
        "same": by == 0 if whole else None,
        "differs": (texts.GOODS_DIFFERS.format(by=by) if by else texts.GOODS_AGREES) if whole else "",
    }
