"""How well each recogniser reads: drawn lines of held-out fonts and words, and real photos where there are any.

`python -m benchmarks.accuracy [FOLDER ...]` prints a table with a row for each recogniser it finds: the bundled one,
PP-OCRv6_small_rec of the rapidocr package, Tesseract with `kor`, and every model folder given.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from benchmarks.photos import COLUMNS, Photo, photos, seen
from training.evaluate import Part, Reader, errors, held_out_lines
from workbench.pipeline.ocr.model_files import BUNDLED, plain_recogniser

ROOT = Path(__file__).parents[1]
PHOTOS = ROOT.parent / "shared" / "receipts"
PAGE_MODES = ("4", "6", "11")  # Tesseract's: one column, one block, sparse text


class Recogniser(Protocol):
    """What is measured."""

    name: str

    def line(self, picture: np.ndarray) -> str:
        """The text of one line, BGR."""

    def photo(self, photo: Photo) -> list[list[str]]:
        """The photo's lines of text, once for each way of reading it; the best way counts."""


class Network:
    """An ONNX recogniser on the detector's lines."""

    def __init__(self, name: str, path: Path, threads: int) -> None:
        self.name = name
        self.line = Reader(path, threads)

    def photo(self, photo: Photo) -> list[list[str]]:
        """Line by line."""
        return [[self.line(picture) for picture in photo.lines]]


class Tesseract:
    """The command of that name; it finds a photo's lines by itself."""

    name = "Tesseract kor+eng"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def line(self, picture: np.ndarray) -> str:
        """One line, with the margin that Tesseract wants."""
        return _tesseract(cv2.copyMakeBorder(picture, 12, 12, 12, 12, cv2.BORDER_REPLICATE), "7").strip()

    def photo(self, photo: Photo) -> list[list[str]]:
        """The whole photo in three page modes."""
        picture = cv2.imread(str(self.folder / photo.name))
        return [_tesseract(picture, mode).splitlines() for mode in PAGE_MODES]


def _tesseract(picture: np.ndarray, mode: str) -> str:
    coded = cv2.imencode(".png", picture)[1].tobytes()
    command = ["tesseract", "-", "-", "-l", "kor+eng", "--psm", mode]
    return subprocess.run(command, input=coded, capture_output=True, check=False).stdout.decode("utf8", "replace")


def found(folders: list[Path], pictures: Path, threads: int) -> Iterator[Recogniser]:
    """The recognisers of this machine, and those in `folders`."""
    if (BUNDLED / "inference.onnx").exists():
        yield Network("bundled", BUNDLED / "inference.onnx", threads)
    yield Network("PP-OCRv6_small_rec", plain_recogniser(), threads)
    for folder in folders:
        yield Network(folder.name, folder / "inference.onnx", threads)
    if shutil.which("tesseract") and "kor" in _languages():
        yield Tesseract(pictures)


def _languages() -> list[str]:
    return subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=True).stdout.split()


def on_drawn(recogniser: Recogniser, parts: list[Part]) -> dict[str, str]:
    """Cells of the table: errors in per cent, and how long a line takes."""
    start = time.perf_counter()
    row = {name: f"{100 * error:.2f}" for name, error in errors(recogniser.line, parts).items()}
    row["ms/line"] = f"{1000 * (time.perf_counter() - start) / sum(len(part.lines) for part in parts):.1f}"
    return row


def on_photos(recogniser: Recogniser, taken: list[Photo]) -> dict[str, str]:
    """Cells of the table: how many true values are seen, of how many; of several ways to read, the best one's."""
    counts: list[dict[str, list[int]]] = []
    for photo in taken:
        for way, texts in enumerate(recogniser.photo(photo)):
            if way == len(counts):
                counts.append({name: [0, 0] for name in COLUMNS})
            for row in seen(photo, texts):
                for name, yes in row.items():
                    counts[way][name][0] += yes
                    counts[way][name][1] += 1
    best = max(counts, key=lambda way: sum(yes for yes, _ in way.values()))
    return {name: f"{yes}/{of}" for name, (yes, of) in best.items()}


def main() -> None:
    """Print the table, row by row, as Markdown."""
    parser = argparse.ArgumentParser(description="Accuracy of the recognisers found here.")
    parser.add_argument("folders", type=Path, nargs="*", help="model folders (inference.onnx with its dictionary)")
    parser.add_argument("--lines", type=int, default=500, help="drawn lines of each kind")
    parser.add_argument("--photos", type=Path, default=PHOTOS, help="folder with photos and truth.json")
    parser.add_argument("--side", type=int, default=1600, help="the detector's longest side, px")
    parser.add_argument("--cache", type=Path, help="folder that keeps the photos' lines between calls")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    cv2.setNumThreads(options.threads)
    parts = held_out_lines(options.lines)
    taken = photos(options.photos, options.side, cache=options.cache) if options.photos.exists() else []
    heads = ["recogniser", *(part.name for part in parts), "ms/line", *(COLUMNS if taken else ())]
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    for recogniser in found(options.folders, options.photos, options.threads):
        row = {"recogniser": recogniser.name, **on_drawn(recogniser, parts)}
        if taken:
            row |= on_photos(recogniser, taken)
        print("| " + " | ".join(row[head] for head in heads) + " |", flush=True)


if __name__ == "__main__":
    main()
