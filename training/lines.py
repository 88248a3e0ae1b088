"""Lines on disk, in the form of PaddleOCR's recognition data: pictures, and `labels.txt` with `picture<TAB>text`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2

from training.draw import Picture
from training.text import CHARACTERS

LABELS = "labels.txt"


def save(lines: Iterable[tuple[Picture, str]], folder: Path) -> int:
    """Write pictures and labels; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[str] = []
    for picture, text in lines:
        name = f"{len(rows):05}.png"
        cv2.imwrite(str(folder / name), picture)
        rows.append(f"{name}\t{text}\n")
    (folder / LABELS).write_text("".join(rows), "utf8")
    return len(rows)


def read(folder: Path) -> list[tuple[Picture, str]]:
    """The lines of a folder that `save` wrote or a person made; rows with unknown characters are refused."""
    lines = []
    for row in (folder / LABELS).read_text("utf8").splitlines():
        name, _, text = row.partition("\t")
        picture = cv2.imread(str(folder / name))
        if picture is None or not text or not set(text) <= set(CHARACTERS):
            raise ValueError(f"{folder / LABELS}: cannot use {row!r}")
        lines.append((picture, text))
    return lines
