"""The tables of a list: several sheets, one below another under headings of their own, two beside each other; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.amounts import Cell, text_of
from workbench.pipeline.ledger.columns import kinds_of
from workbench.pipeline.ledger.heading import Heading, find_heading, heading_at
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.readers import Sheet

MOST_TABLES = 50
ABOVE = 5
"""Rows above a heading further down that may be its titles."""
ALIKE = 0.8
"""Share of rows that stand in another table, too, from which on a table is a repetition."""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and the rows below it, `first` being the number of the first of them in the sheet, from 1.

    `left` is the first of its columns in the sheet: tables that stand beside each other share their rows' numbers.
    """

    sheet: str
    heading: Heading
    rows: Sequence[Sequence[Cell]]
    first: int
    left: int = 0


def tables_of(sheet: Sheet) -> list[Table]:
    """The tables of a sheet in their order; [] where no heading is found."""
    heading = find_heading(sheet.rows)
    if heading is None:
        return []
    found = [heading, *islice(_below(sheet.rows, heading), MOST_TABLES)]
    if len(found) > MOST_TABLES:
        raise CaseError(f"한 시트에 표가 {MOST_TABLES}개를 넘습니다. 필요한 표만 따로 저장해 주세요.")
    ends = [other.starts for other in found[1:]] + [len(sheet.rows)]
    return [
        part
        for one, end in zip(found, ends, strict=True)
        for part in _beside(Table(sheet.name, one, sheet.rows[one.below : end], one.below + 1))
    ]


def _below(rows: Sequence[Sequence[Cell]], heading: Heading) -> Iterator[Heading]:
    """Headings further down that name other columns, or the same in another order."""
    names = heading.names
    place = heading.below
    while place < len(rows):
        row = rows[place]
        if _may_be_heading(row) and tuple(text_of(cell) for cell in row) != names[: len(row)]:
            other = heading_at(rows, place, ABOVE)
            if other.names != names:
                yield other
                names, place = other.names, other.below
                continue
        place += 1


def _may_be_heading(row: Sequence[Cell]) -> bool:
    """Whether a row names columns of days and of amounts, and holds no payment."""
    texts = [cell for cell in row if isinstance(cell, str)]
    if len(texts) < 3 or any(text[:1].isdigit() for text in texts):  # most rows, at once
        return False
    if len(texts) < sum(cell is not None and cell != "" for cell in row):
        return False
    kinds = [kinds_of(text) for text in texts]
    named = set().union(*kinds)
    return "date" in named and bool(named & {"amount", "foreign"}) and len(named) > 2 and not any(map(moment_of, texts))


def _beside(table: Table) -> list[Table]:
    """The table, or those that stand side by side in it: days and amounts are named anew behind a blank column."""
    names = table.heading.names
    starts = [0]
    for place in range(1, len(names)):
        if names[place - 1] == "" and _complete(names[starts[-1] : place]) and _complete(names[place:]):
            starts.append(place)
    if len(starts) == 1:
        return [table]
    ends = [*starts[1:], len(names)]
    parts = []
    for left, end in zip(starts, ends, strict=True):
        own = tuple(
            name.rsplit(" (", 1)[0] if name.endswith(")") and " (" in name else name for name in names[left:end]
        )
        heading = replace(table.heading, names=own)
        parts.append(replace(table, heading=heading, rows=[row[left:end] for row in table.rows], left=left))
    return parts


def _complete(names: Sequence[str]) -> bool:
    named = set().union(*(kinds_of(name) for name in names if name)) if any(names) else set()
    return "date" in named and bool(named & {"amount", "foreign"})
