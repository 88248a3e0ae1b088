"""From the sum of the goods to what was paid: the rows between them, and the arithmetic that binds them.

sum + additions (delivery, arrears) - reductions (discounts, points, refunds) = what was to be paid. Tills print these
rows in that order under many names; three amounts that fit leave no doubt which one was paid.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from workbench.pipeline.extraction.amounts.printed import Amount

REDUCTIONS = frozenset({"discount", "points", "cancelled", "prepaid"})
SUMS = {"total": 4, "subtotal": 4, "paid": 3, "amount": 3, "": 1}
"""How much a label speaks for its amount being the sum before the reductions."""
PAYABLES = {"paid": 6, "total": 4, "tender": 3, "amount": 2, "received": 2}
"""How much a label speaks for its amount being what was to be paid."""
CHARGED = ("승인", "카드")
"""Labels that begin so tell what a card was charged: with points beside it that is a part of the sale."""
INEXACT = -20
"""What an arithmetic that fails by a digit weighs beside one that holds."""

NEAR_GOODS = 4
"""Rows from an amount without a label (a row of goods) to the reduction of it."""
MOST_REDUCTIONS = 6
MOST_WAYS = 7


@dataclass(frozen=True, slots=True)
class Settlement:
    """`before` (won): the sum of the sale; `paid`: what was left to pay; rows that took off and added."""

    before: int
    paid: int
    off: tuple[Amount, ...]
    added: tuple[Amount, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the arithmetic holds; else one digit of it is misread."""
        return self.before + self.change == self.paid

    @property
    def change(self) -> int:
        """What the rows between add and take off, in won."""
        return sum(a.value for a in self.added) - sum(abs(a.value) for a in self.off)

    @property
    def sentence(self) -> str:
        """The arithmetic in words, for the reviewer."""
        more = f" + {sum(a.value for a in self.added):,}" if self.added else ""
        less = f" - {sum(abs(a.value) for a in self.off):,}" if self.off else ""
        return f"{self.before:,}{more}{less} {'=' if self.exact else '≠'} {self.paid:,}원"


def settle(amounts: Iterable[Amount]) -> Settlement | None:
    """What was paid of which sum, where the rows between them make up the difference; None where none do.

    Where none do exactly, a ladder in order (sum, reductions, payment) that one misread digit breaks: see `exact`.
    """
    amounts = tuple(amounts)
    reductions = [a for a in amounts if a.value and (_reduces(a) or a.role in ("", "other", "tender"))]
    additions = [a for a in amounts if a.role == "added" and a.value > 0]
    if not reductions and not additions:
        return None
    best: tuple[float, Settlement] | None = None
    for first in (a for a in amounts if a.value > 0 and a.role in SUMS and a.is_money):
        for last in (a for a in amounts if a.value >= 0 and a.role in PAYABLES and a is not first):
            for off, added in _bridges(first, last, reductions, additions):
                found = Settlement(first.value, last.value, off, added)
                weight = _weight(first, last, off, amounts)
                if weight is None or not (found.exact or _nearly(found, first, last)):
                    continue
                weight += INEXACT * (not found.exact)
                if best is None or weight > best[0]:
                    best = weight, found
    return best[1] if best else None


def _reduces(amount: Amount) -> bool:
    return amount.role in REDUCTIONS or (amount.role in ("", "other") and amount.minus == "-" and amount.marked)


def _may_reduce(amount: Amount, last: Amount) -> bool:
    """Without a label that says so: unknown words; where nothing was left to pay, points and gift cards too."""
    if amount.role == "" or last.value:
        return amount.role == "" and amount.marked
    return not _by_card(amount)


def _bridges(
    first: Amount, last: Amount, reductions: list[Amount], additions: list[Amount]
) -> Iterator[tuple[tuple[Amount, ...], tuple[Amount, ...]]]:
    """The rows that lead from the sum to the payment, all that stand between them first."""
    below = last.row >= first.row
    offs = [a for a in reductions if not below or first.row <= a.row <= last.row]
    # What has no label that is known may be a reduction where the payment is labelled as such, right under it.
    named = last.role == "paid" and not _is(last, CHARGED) and 0 < last.row - first.row <= NEAR_GOODS
    offs = [a for a in offs if _reduces(a) or (named and first.row < a.row < last.row and _may_reduce(a, last))]
    adds = [a for a in additions if not below or a.row <= last.row]
    for less in _choices(offs):
        for more in _choices(adds):
            if less or more:
                yield less, more


def _nearly(found: Settlement, first: Amount, last: Amount) -> bool:
    """Whether a ladder in order misses the payment as one misread digit does: by a single digit and zeros."""
    rows = [first.row, *sorted(a.row for a in (*found.off, *found.added)), last.row]
    missed = str(abs(found.before + found.change - found.paid))
    known = first.role != "" and last.role not in ("amount", "received") and all(map(_reduces, found.off))
    return known and rows == sorted(rows) and not missed[1:].strip("0")


def _choices(rows: list[Amount]) -> Iterator[tuple[Amount, ...]]:
    """All of the rows, then fewer: a row may be the sum of the others, or informal."""
    rows = rows[:MOST_REDUCTIONS]
    for size in range(len(rows), -1, -1):
        yield from combinations(rows, size)


def _weight(first: Amount, last: Amount, off: tuple[Amount, ...], amounts: tuple[Amount, ...]) -> float | None:
    """How far labels and order bear the arithmetic out; None where the reductions are rather ways to pay."""
    charged = last.role in ("tender", "received") or _is(last, CHARGED)
    if charged and any(a.role == "points" for a in off):
        return None
    if any(_among_ways(a, amounts) and a.row > first.row for a in off):
        return None
    weight = SUMS[first.role] + PAYABLES[last.role] * (last.label.score if last.label else 1)
    if last.value == 0 and charged and any(a.role in ("tender", "received") and a.value > 0 for a in amounts):
        return None  # another way to pay was used
    if first.row <= min((a.row for a in off), default=first.row) <= last.row:
        weight += 4
    return weight + len(off)


def _is(amount: Amount, beginnings: tuple[str, ...]) -> bool:
    return amount.label is not None and (
        amount.label.word.startswith(beginnings) or amount.words.startswith(beginnings)
    )


def ways_to_pay(amounts: Iterable[Amount], total: int) -> tuple[Amount, ...]:
    """The rows of two or more ways to pay (card, cash, points, gift card) that add up to `total`; () for none."""
    amounts = tuple(amounts)
    change = sum(a.value for a in amounts if a.role == "change" and a.value > 0)
    tills = [a for a in amounts if _pays(a) or _among_ways(a, amounts)]
    charged = {abs(a.value): a for a in amounts if a.role == "paid" and _is(a, CHARGED)}  # a card's block says it again
    for a in tills:
        charged.pop(abs(a.value), None)
    block = {a.row for a in tills if a.role in ("tender", "received")}
    tills += [a for a in amounts if a.role in ("", "other") and a.marked and {a.row - 1, a.row + 1} & block]
    rows = [a for a in (*tills, *charged.values()) if 0 < abs(a.value) < total + change][:MOST_WAYS]
    for size in range(2, len(rows) + 1):
        for chosen in combinations(rows, size):
            whole = sum(abs(a.value) for a in chosen)
            if whole == total or (whole - change == total and any(a.role == "received" for a in chosen)):
                return chosen
    return ()


def _among_ways(amount: Amount, amounts: tuple[Amount, ...]) -> bool:
    """Whether a reduction without a minus stands under a way to pay: a partner pays that part of the sale."""
    reduces = amount.role in ("discount", "points") and not amount.minus
    return reduces and any(a.role in ("tender", "received") and a.value and a.row < amount.row for a in amounts)


def _pays(amount: Amount) -> bool:
    by_card = amount.role == "amount" and _by_card(amount)
    return by_card or amount.role in ("tender", "points", "received")


def card_part(ways: tuple[Amount, ...]) -> Amount | None:
    """The one row of several ways to pay that a card paid; None where it is none, or more than one card."""
    cards = [a for a in ways if _by_card(a)]
    return cards[0] if len(cards) == 1 else None


def _by_card(amount: Amount) -> bool:
    words = amount.words or (amount.label.word if amount.label else "")
    other = any(word in words for word in ("선불", "기프트", "상품권", "포인트", "머니"))
    return not other and ("카드" in words or words.startswith("승인"))
