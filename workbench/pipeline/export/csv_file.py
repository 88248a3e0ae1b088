"""Receipts become a CSV under the public headings, in Korean words."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from workbench.domain.model import Receipt
from workbench.pipeline.analysis.frame import Cell, Column
from workbench.pipeline.export.escaping import csv_text
from workbench.pipeline.export.table import export_columns
from workbench.pipeline.storage.atomic import replacing


def write_csv(receipts: Iterable[Receipt], path: Path, encoding: str = "utf-8-sig") -> None:
    """The public columns under Korean headings; what `encoding` cannot hold becomes ? (see `unwritable`)."""
    with replacing(path) as draft, draft.open("xb") as stream:
        save_csv(receipts, stream, encoding)


def save_csv(receipts: Iterable[Receipt], stream: IO[bytes], encoding: str = "utf-8-sig") -> None:
    """As `write_csv`, to a binary stream that stays open."""
    text = io.TextIOWrapper(stream, encoding, "replace", newline="", write_through=True)
    table = export_columns()
    writer = csv.writer(text)
    writer.writerow([column.heading for column in table])
    writer.writerows([_cell(column, column.cell(receipt)) for column in table] for receipt in receipts)
    text.detach()  # the stream is its owner's to close


def unwritable(receipts: Sequence[Receipt], encoding: str) -> Iterator[tuple[str, str, str]]:
    """Receipt id, heading and letters of each cell that loses letters in `encoding`."""
    return losing(receipts, partial(lost_letters, encoding=encoding))


def losing(receipts: Sequence[Receipt], lost_of: Callable[[str], str]) -> Iterator[tuple[str, str, str]]:
    """The same of each cell that loses those letters which `lost_of` names of a text."""
    table = [column for column in export_columns() if column.kind == "text"]
    for receipt in receipts:
        for column in table:
            if lost := lost_of(str(_cell(column, column.cell(receipt)) or "")):
                yield receipt.id, column.heading, lost


def lost_letters(text: str, encoding: str) -> str:
    """The letters of a text that `encoding` has no code for, each once."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(letter for letter in dict.fromkeys(text) if _lost(letter, encoding))
    return ""


def _lost(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return True
    return False


def _cell(column: Column, cell: Cell) -> Cell:
    return csv_text(cell) if column.kind == "text" and isinstance(cell, str) else cell
