"""Where a list begins and ends: its heading row under titles, and rows that are no payment (sums, blanks); pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.pipeline.ledger.amounts import Cell, decimal_of, text_of
from workbench.pipeline.ledger.columns import SYNONYMS, bare_heading, kinds_of
from workbench.pipeline.ledger.moments import moment_of

DEEPEST = 60
"""Rows from the top in which a heading is looked for."""
_SUM = re.compile(
    r"(?:총|소|누|월|일|중간|전체)?(?:합계|소계|누계|총계|월계|일계|계)(?:금액|건수)?\d*(?:건|원)?|(?:sub|grand)?total|sum|이월"
)
_NAMES_SUM = re.compile(r".*(?:합계|소계|누계|총계|월계|일계|총액)(?:금액|건수)?\d*(?:건|원)?|총?\d+건")
"""What no payment is called, whatever stands before it: 국내 이용금액 합계, 총 5건."""
_DATED_SUM = re.compile(r"[\d년월일]*(?:총합계|합계|소계|누계|총계|월계|일계)(?:금액)?")
"""The same in a row with a day: 2026-03-04 소계, 합계."""

_WHICH_MONEY = re.compile(r"국내|해외|원화|외화|현지|US\$|USD|달러|\(원\)", re.IGNORECASE)
"""What of a heading over others tells one column of amounts from another."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The names of the columns, the first row below them (from 0), what stands above as one text, its own first row."""

    names: tuple[str, ...]
    below: int
    above: str = ""
    starts: int = 0


def find_heading(rows: Sequence[Sequence[Cell]], synonyms: Mapping[str, tuple[str, ...]] = SYNONYMS) -> Heading | None:
    """The row whose cells name most kinds of columns, at least two; None if there is none."""
    best, best_score = None, (1, 0)
    for place, row in enumerate(rows[:DEEPEST]):
        kinds: set[str] = set().union(*(kinds_of(cell, synonyms) for cell in row if isinstance(cell, str)))
        score = len(kinds), -place
        if score > best_score and not any(moment_of(cell) for cell in row):
            best, best_score = place, score
    if best is None:
        return None
    return heading_at(rows, best)


def heading_at(rows: Sequence[Sequence[Cell]], place: int, titles: int = DEEPEST) -> Heading:
    """The heading that begins with that row (from 0); at most so many rows above are its titles."""
    names, below = _in_two_rows(rows, place)
    above = "\n".join(text_of(cell) for row in rows[max(0, place - titles) : place] for cell in row if text_of(cell))
    return Heading(_distinct(names), below, above, place)


def _in_two_rows(rows: Sequence[Sequence[Cell]], place: int) -> tuple[list[str], int]:
    """Names of a heading whose second row divides some of its columns (이용금액 over 원화 and 현지)."""
    upper = [text_of(cell) for cell in rows[place]]
    lower = [text_of(cell) for cell in rows[place + 1]] if place + 1 < len(rows) else []
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    divides = any(lower) and not any(decimal_of(cell) is not None or moment_of(cell) for cell in lower)
    # It divides what stands above: under a name of its own, or right of one that spans several columns.
    fits = divides and any(low and not up for low, up in zip(lower, upper, strict=True))
    fits = fits and all(up or low for up, low in zip(upper, lower, strict=True) if up or low)
    if not fits or not any(kinds_of(low) or re.search("원화|현지|달러|USD|금액", low) for low in lower if low):
        return upper, place + 1
    spanning, names = "", []
    for up, low in zip(upper, lower, strict=True):
        spanning = up or spanning
        whole = low and (not kinds_of(low) or _WHICH_MONEY.search(spanning))
        names.append(f"{spanning} {low}" if whole else low or up)
    return names, place + 2


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return tuple(distinct)


def no_payment(row: Sequence[Cell], heading: Heading, date_place: int | None) -> str:
    """Why a row below the heading is none of the list's payments, in words; "" for one that may be.

    `date_place` is the place of the column of days: a sum has no day, and its amount may look like one of Excel's.
    """
    texts = [text_of(cell) for cell in row]
    filled = [text for text in texts if text]
    if not filled:
        return "빈 줄"
    dated = date_place is not None and date_place < len(row) and moment_of(row[date_place]) is not None
    if dated:
        summed = any("계" in text and _DATED_SUM.fullmatch(bare_heading(text)) for text in filled)
    else:
        summed = any(_SUM.fullmatch(bare) or _NAMES_SUM.fullmatch(bare) for bare in map(bare_heading, filled))
    if summed:
        return "합계 줄"
    same = sum(bool(name) and text == name for text, name in zip(texts, heading.names, strict=False))
    if same >= 2 and same * 2 >= len(filled):
        return "되풀이된 제목 줄"
    return ""
