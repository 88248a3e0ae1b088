"""Rows of text as the engine's lines."""

from workbench.domain.model import Box, Line


def lines(*rows: str) -> tuple[Line, ...]:
    """Rows of cells (cut at |), 40 px apart."""
    made = []
    for index, row in enumerate(rows):
        cells = row.split("|")
        for place, cell in enumerate(cells):
            left = 40 + 540 * place / max(len(cells) - 1, 1)
            top = 40 * index
            made.append(Line(cell.strip(), 0.99, Box(left, top, left + 14 * len(cell.strip()), top + 24)))
    return tuple(made)
