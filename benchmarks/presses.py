"""Presses for each corrected field: `python -m benchmarks.presses [FOLDER] [--case DIR]`.

FOLDER holds receipts and `truth.json` (default: `../shared/receipts` if it is there, else `data/sample`). For each
field that was read wrongly or not at all, and whose right text stands in some line, counts what a reviewer presses
until the case holds the right value: one press brings the field in hand (N where it is flagged, a click on it where
not), then one press takes a candidate (1, 2, 3) or taps the line in the picture. What stands nowhere has to be typed.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, permutations
from pathlib import Path

from benchmarks.fields import ROOT, truths_of
from benchmarks.trust import FIELDS, Truth, same
from workbench.case import Case
from workbench.domain import schema
from workbench.domain.errors import WrongValue
from workbench.domain.model import Line, Receipt
from workbench.review import filters, suggest

FLAGGED, UNFLAGGED = "flagged: N", "not flagged: a click on the field"


def paired(receipts: list[Receipt], truths: list[Truth]) -> Iterator[tuple[Receipt, Truth]]:
    """Receipts of one file beside its truths, so that most agree; truths without a receipt are left out."""
    few, many = min(len(receipts), len(truths)), receipts[:6]

    def agreement(order: Iterable[Receipt]) -> int:
        pairs = zip(order, truths, strict=False)
        return sum(right(receipt, name, want) for receipt, truth in pairs for name, want in truth.items())

    if few:
        yield from zip(max(permutations(many, min(len(many), len(truths))), key=agreement), truths, strict=False)


def right(receipt: Receipt, name: str, want: str) -> bool:
    """Whether the field holds the true value."""
    got = receipt.value(name)
    return got is not None and same(name, got, want)


def way(receipt: Receipt, lines: tuple[Line, ...], name: str, want: str) -> str:
    """How the value gets into the field once that is in hand: "pick", "tap" or "type"."""
    if any(same(name, pick, want) for pick in suggest.picks(receipt, name, lines)):
        return "pick"
    for line in lines:
        try:
            if same(name, schema.parse(name, suggest.value_in(name, line.text)), want):
                return "tap"
        except WrongValue:
            continue
    return "type"


def count(case: Case, truths: dict[str, list[Truth]]) -> Counter[tuple[str, str]]:
    """How often each (way to the field, way of the value) was needed."""
    found: Counter[tuple[str, str]] = Counter()
    for file, receipts in groupby(case.receipts(), key=lambda receipt: receipt.file):
        for receipt, truth in paired(list(receipts), truths.get(Path(file).name, [])):
            lines, problems = case.lines_of(receipt.id), filters.problems(receipt)
            for name, want in truth.items():
                if name in FIELDS and not right(receipt, name, want):
                    found[FLAGGED if name in problems else UNFLAGGED, way(receipt, lines, name, want)] += 1
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = ROOT.parent / "shared" / "receipts"
    parser.add_argument("folder", nargs="?", type=Path, default=shared if shared.is_dir() else ROOT / "data" / "sample")
    parser.add_argument("--case", type=Path, help="a case in which that folder has been read already")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        case = Case.open(given.case or Path(place) / "case")
        if given.case is None:
            case.add(given.folder)
            case.read().wait()
        found = count(case, truths_of(given.folder / "truth.json"))
        case.close()
    print(f"{'how the field comes in hand':<36}{'how the value comes':<22}{'fields':>8}{'presses':>9}")
    for (reach, how), number in sorted(found.items()):
        presses = "typed" if how == "type" else "2"
        print(f"{reach:<36}{how:<22}{number:>8}{presses:>9}")
    boxed = sum(number for (_, how), number in found.items() if how != "type")
    print(f"\nfields to correct: {found.total()}, of which the right text stands in a line: {boxed}, at 2 presses each")


if __name__ == "__main__":
    main()
