"""Rows of one statement that take each other back: a purchase and its cancellation; pure."""

from collections import defaultdict
from collections.abc import Sequence

from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.shop_likeness import unlikeness


def by_amount(payments: Sequence[Payment]) -> dict[int, list[Payment]]:
    """The payments of known amount, by what they come to without their sign."""
    buckets: dict[int, list[Payment]] = defaultdict(list)
    for payment in payments:
        if payment.amount is not None:
            buckets[abs(payment.amount)].append(payment)
    return buckets


def called_off(theirs: Sequence[Payment]) -> dict[int, int]:
    """Rows that take each other back, by place, both ways: a purchase and its cancellation.

    They agree in amount and approval number; without a number, in amount, shop and card within 31 days, and only where
    one purchase fits.
    """
    found: dict[int, int] = {}
    for rows in by_amount(theirs).values():
        backs = [p for p in rows if p.back]
        if not backs:
            continue
        forth = [p for p in rows if not p.back]
        for back in backs:
            fitting = [p for p in forth if p.place not in found and _one_purchase(p, back)]
            if len(fitting) == 1 or (fitting and back.approval):
                found[fitting[0].place], found[back.place] = back.place, fitting[0].place
    return found


def _one_purchase(purchase: Payment, back: Payment) -> bool:
    if purchase.approval and back.approval:
        return purchase.approval == back.approval
    if not (purchase.day and back.day and 0 <= (back.day - purchase.day).days <= 31):
        return False
    return unlikeness(purchase.merchant, back.merchant) == 0.0 and purchase.card == back.card
