"""How often several receipts on one scan come apart: `python -m benchmarks.grids [PAGES]`.

Drawn receipts (the tests' generator, with a reader's mistakes) are laid beside, above and around each other, 50 to
250 px apart with lines about 26 px high. A page is right when each receipt comes out whole and alone; "cut" counts
the pages on which any receipt lies in two regions.
"""

import random
import sys
from dataclasses import replace

from tests.kit.drawn_lines import draw
from workbench.domain.model import Line
from workbench.pipeline.layout.segmentation import split

PAGES = (
    ("one alone", 1, 1, "aligned"),
    ("two beside each other", 2, 2, "aligned"),
    ("three beside each other", 3, 3, "aligned"),
    ("two above each other", 2, 1, "aligned"),
    ("2 x 2, aligned", 4, 2, "aligned"),
    ("2 x 2, columns of their own", 4, 2, "columns"),
    ("2 x 2, rows of their own", 4, 2, "rows"),
    ("3 x 2, aligned", 6, 3, "aligned"),
)
Slip = list[Line]


def slip(dice: random.Random) -> Slip:
    """One drawn receipt, its print a little larger or smaller."""
    scale = dice.uniform(0.85, 1.2)
    lines = draw(dice.randrange(10**6), mistakes=0.02).lines
    return [
        replace(line, box=type(line.box)(*(scale * v for v in (b.left, b.top, b.right, b.bottom))))
        for line in lines
        for b in (line.box,)
    ]


def wide(lines: Slip) -> float:
    """How far it reaches to the right, px."""
    return max(line.box.right for line in lines)


def high(lines: Slip) -> float:
    """How far it reaches down, px."""
    return max(line.box.bottom for line in lines)


def laid(slips: list[Slip], columns: int, how: str, dice: random.Random) -> list[Slip]:
    """The slips on a page: on a common grid, in columns that each fill by themselves, or in rows that do."""
    rows = [slips[i : i + columns] for i in range(0, len(slips), columns)]
    across = [0.0] * columns
    down = 60.0
    bottoms = [60.0 + dice.uniform(0, 200) for _ in range(columns)]
    lefts = [60.0]
    for column in range(columns):
        widest = max(wide(row[column]) for row in rows if column < len(row))
        lefts.append(lefts[-1] + widest + dice.uniform(90, 250))
    placed = []
    for row in rows:
        right = 60.0 + dice.uniform(0, 150)
        for column, lines in enumerate(row):
            left = right if how == "rows" else lefts[column] + dice.uniform(0, 30)
            top = bottoms[column] if how == "columns" else down + dice.uniform(0, 60)
            placed.append([replace(line, box=line.box.moved(left, top)) for line in lines])
            right += wide(lines) + dice.uniform(50, 220)
            bottoms[column] += high(lines) + dice.uniform(50, 200)
            across[column] = top + high(lines)
        down = max(across[: len(row)]) + dice.uniform(60, 200)
    return placed


def main(count: int) -> None:
    """Prints the table."""
    print(f"{'pages':<30}{'right':>7}{'cut':>5}   of {count}")
    for name, number, columns, how in PAGES:
        right = cut = 0
        for seed in range(count):
            dice = random.Random(seed)
            slips = laid([slip(dice) for _ in range(number)], columns, how, dice)
            lines = [line for lines in slips for line in lines]
            owner = {id(line): index for index, lines in enumerate(slips) for line in lines}
            size = (int(wide(lines)) + 60, int(high(lines)) + 60)
            found = split(lines, size)
            at = {(line.text, round(line.box.left), round(line.box.top)): owner[id(line)] for line in lines}
            owners = []
            for box, group in found:
                left, top = (box.left, box.top) if box else (0.0, 0.0)
                owners.append({at[line.text, round(line.box.left + left), round(line.box.top + top)] for line in group})
            right += len(found) == number and all(len(one) == 1 for one in owners)
            cut += any(sum(index in one for one in owners) > 1 for index in range(number))
        print(f"{name:<30}{right:>7}{cut:>5}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
