"""Where a chosen amount is printed, and the part that only the identity still gives."""

import re
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from workbench.domain.vat import tenth
from workbench.pipeline.extraction.amounts.choice import Split
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.layout.rows import Row


def amount_of(amounts: Iterable[Amount], value: int, roles: tuple[str, ...]) -> Amount | None:
    """The printed place of a chosen value: one under a fitting label if there is one, else the surest reading."""
    places = [a for a in amounts if a.value == value]
    if not places:
        return None

    def rank(amount: Amount) -> tuple[int, float, int]:
        wanted = roles.index(amount.role) if amount.role in roles else len(roles)
        return wanted, -amount.confidence, amount.row

    return min(places, key=rank)


def missing_part(rows: tuple[Row, ...], split: Split, amounts: Iterable[Amount]) -> tuple[str, int, int] | None:
    """(field, won, row) where the identity leaves one answer for a part and a row beside shows nearly these digits."""
    if split.total is None or (split.supply is None) == (split.vat is None):
        return None
    rest = split.total - (split.exempt or 0) - (split.service_charge or 0)
    name, known = ("vat", split.supply) if split.supply else ("supply", split.vat)
    if not known or rest <= known:
        return None
    wanted = rest - known
    if not (tenth(known, wanted) if name == "vat" else tenth(wanted, known)):
        return None
    near = {a.row for a in amounts if a.value == known}
    fits = []
    for index in sorted({row + step for row in near for step in (-2, -1, 0, 1, 2)}):
        if 0 <= index < len(rows):
            shown = {re.sub(r"\D", "", rows[index].text), *re.findall(r"\d+", rows[index].text.replace(",", ""))}
            shown -= {"", str(known), str(split.total)}
            if any(abs(len(d) - len(str(wanted))) <= 1 and _one_off(d, str(wanted)) for d in shown):
                fits.append(index)
    return (name, wanted, fits[0]) if len(fits) == 1 else None


def _one_off(first: str, second: str) -> bool:
    return Levenshtein.distance(first, second) <= 1
