"""How often a page's turn and its receipts are found: `python -m benchmarks.orientation [FOLDER]`.

Every first page in FOLDER (the drawn sample by default, `../shared/receipts` where there is one) is turned by 0, 90,
180 and 270 degrees and given to the engine; the table says how often it came back upright, after how many readings,
and whether as many receipts were found as `truth.json` tells.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from workbench.domain.model import Line
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging.pages import load
from workbench.pipeline.imaging.pixels import Image, turned
from workbench.pipeline.layout.orientation import upright
from workbench.pipeline.layout.segmentation import split
from workbench.pipeline.ocr.engine import EngineSpec, engine


class Counting:
    """An engine that counts its readings and their seconds."""

    def __init__(self) -> None:
        self.engine, self.readings, self.seconds = engine(EngineSpec()), 0, 0.0

    def read(self, image: Image) -> tuple[Line, ...]:
        """See `Engine.read`."""
        began = time.perf_counter()
        lines = self.engine.read(image)
        self.readings += 1
        self.seconds += time.perf_counter() - began
        return lines


def main(folder: Path) -> None:
    """Prints the table, and below it each page that went wrong."""
    entries = [entry for entry in json.loads((folder / "truth.json").read_text("utf-8")) if legible(entry)]
    pages = [(folder / entry["file"], receipts_on_first_page(entry)) for entry in entries]
    wrong = []
    print(
        f"{len(pages)} pages of {folder}\n{'turned by':>9} {'upright':>8} {'parted':>8} {'readings':>9} {'s/page':>7}"
    )
    for turn in (0, 90, 180, 270):
        counting, stood, parted = Counting(), 0, 0
        for path, count in pages:
            image, back, lines = upright(turned(load(path, 1, Limits()), turn), counting)
            right = (turn + standing(path) + back) % 360 == 0
            found = len(split(lines, (image.shape[1], image.shape[0])))
            stood, parted = stood + right, parted + (found == count)
            if not right or found != count:
                wrong.append(f"{path.name} turned by {turn}: turned back by {back}, {found} of {count} receipts")
        each = len(pages)
        print(f"{turn:>9} {stood:>4}/{each} {parted:>5}/{each} {counting.readings:>9} {counting.seconds / each:>7.1f}")
    print(*wrong, sep="\n")


def legible(entry: dict[str, Any]) -> bool:
    """Whether anything is known to stand on the page."""
    return any(receipt.get("total") is not None for receipt in entry.get("receipts", [entry]))


def receipts_on_first_page(entry: dict[str, Any]) -> int:
    """A PDF holds one receipt a page here, a picture all it has."""
    return 1 if entry["file"].endswith(".pdf") else len(entry.get("receipts", [entry]))


def standing(path: Path) -> int:
    """Degrees by which the sample's own turned papers stand already."""
    return {"upside_down.jpg": 180, "simplified_sideways.jpg": 270}.get(path.name, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "data" / "sample")
