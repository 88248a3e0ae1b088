"""Where the sums fail, the other reader is asked for the amounts that matter, and its answers compete."""

from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from workbench.domain.model import Line
from workbench.pipeline.extraction.amounts.breakdown import PARTS
from workbench.pipeline.extraction.amounts.choice import Split
from workbench.pipeline.extraction.amounts.printed import Amount, amounts_in
from workbench.pipeline.extraction.candidates import Again

MOST_LINES = 6


def reread(amounts: tuple[Amount, ...], split: Split, again: Again) -> tuple[Amount, ...]:
    """What the other reader sees instead of the amounts that decide: only those that differ from the first reading."""
    wanted: dict[Line, list[Amount]] = {}
    amounts = tuple(a for a in amounts if a.is_money)
    for amount in sorted(amounts, key=lambda a: (_matter(a, split), a.row)):
        if _matter(amount, split) < 3 and (amount.line in wanted or len(wanted) < MOST_LINES):
            wanted.setdefault(amount.line, [])
    for amount in amounts:
        if amount.line in wanted:
            wanted[amount.line].append(amount)
    found = []
    for line, printed in wanted.items():
        seen = amounts_in(again.text(line) or "")
        printed.sort(key=lambda a: a.box.left)
        if len(seen) != len(printed):
            continue
        for amount, value in zip(printed, seen, strict=True):
            if value != abs(amount.value) and _alike(value, abs(amount.value)):
                found.append(replace(amount, value=value, confidence=0.9, second=True))
    return tuple(found)


def _matter(amount: Amount, split: Split) -> int:
    """0 for parts and the chosen total, 1 for other labelled totals, 2 for more; 3: no need to ask."""
    if (amount.role in PARTS and amount.value) or amount.value == split.total:
        return 0
    return 1 if amount.role in ("paid", "total", "amount") else 2 if amount.role in ("tender", "subtotal", "") else 3


def _alike(first: int, second: int) -> bool:
    """Two readings of one print: another number of digits is another print."""
    return abs(len(str(first)) - len(str(second))) <= 1 and Levenshtein.distance(str(first), str(second)) <= 2
