"""Where the sums fail, the other reader is asked for the amounts that matter, and its answers compete."""

from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from workbench.pipeline.extraction.amounts.breakdown import PARTS
from workbench.pipeline.extraction.amounts.choice import Split
from workbench.pipeline.extraction.amounts.printed import Amount, amounts_in
from workbench.pipeline.extraction.candidates import Again
from workbench.pipeline.extraction.sureness import READ_WELL

MOST_LINES = 6


def reread(amounts: tuple[Amount, ...], split: Split, again: Again) -> tuple[Amount, ...]:
    """What the other reader sees instead of the amounts that decide: only those that differ from the first reading."""
    money = [a for a in amounts if a.is_money]
    decisive = sorted((a for a in money if _matter(a, split) < 3), key=lambda a: (_matter(a, split), a.row))
    found = []
    for line in list(dict.fromkeys(a.line for a in decisive))[:MOST_LINES]:
        printed = sorted((a for a in money if a.line == line), key=lambda a: a.box.left)
        seen = amounts_in(again.text(line) or "")
        if len(seen) != len(printed):
            continue
        for amount, value in zip(printed, seen, strict=True):
            if value != abs(amount.value) and _alike(value, abs(amount.value)):
                found.append(replace(amount, value=value, confidence=READ_WELL, second=True))
    return tuple(found)


def _matter(amount: Amount, split: Split) -> int:
    """0 for parts and the chosen total, 1 for other labelled totals, 2 for more; 3: no need to ask."""
    if (amount.role in PARTS and amount.value) or amount.value == split.total:
        return 0
    return 1 if amount.role in ("paid", "total", "amount") else 2 if amount.role in ("tender", "subtotal", "") else 3


def _alike(first: int, second: int) -> bool:
    """Two readings of one print: another number of digits is another print."""
    return abs(len(str(first)) - len(str(second))) <= 1 and Levenshtein.distance(str(first), str(second)) <= 2
