"""What each export of a large case takes: `python -m benchmarks.exports [--receipts 300] [--case FOLDER]`.

Receipts are drawn as large as a phone's photo is shown (1,080 x 1,674 px, grain and all), their lines as a perfect
reader would have them: no OCR. Each export is made in a process of its own; printed are its seconds, those of
one core, the size of the file, and the most memory beyond what an open case takes.
"""

import argparse
import io
import multiprocessing
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import workbench
from tests.kit import pile as drawn
from workbench.case import Case
from workbench.domain.model import Box, Geometry, Line, Reading
from workbench.pipeline.export.package_check import check_package
from workbench.pipeline.reading.worker import extract_again
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings

SCALE = 2.7
EXPORTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("workpaper", "조서.pdf", {}),
    ("workpaper with whole pictures", "조서그림.pdf", {"pictures": True}),
    ("workbook", "표.xlsx", {}),
    ("workbook with crops", "표그림.xlsx", {"pictures": True}),
    ("CSV", "표.csv", {}),
    ("JSON", "표.json", {}),
    ("package", "꾸러미.zip", {}),
    ("marked pictures, each pixel", "그림.zip", {"what": "pictures"}),
    ("marked pictures as one PDF", "그림.pdf", {"what": "pictures"}),
    ("Douzone purchases", "올리기.xlsx", {"layout": "douzone-journal"}),
)


def lines_of(number: int) -> tuple[Line, ...]:
    """The lines of the drawn case, as large as the picture."""
    return tuple(replace(line, box=_large(line.box)) for line in drawn.lines_of(number))


def _large(box: Box) -> Box:
    return Box(SCALE * box.left, SCALE * box.top, SCALE * box.right, SCALE * box.bottom)


def photo(number: int, grain: np.ndarray, face: ImageFont.FreeTypeFont) -> bytes:
    """A picture of receipt `number` with paper grain, as JPEG."""
    size = (round(SCALE * drawn.SIZE[0]), round(SCALE * drawn.SIZE[1]))
    image = Image.new("L", size, 240)
    pen = ImageDraw.Draw(image)
    for line in lines_of(number):
        pen.text((line.box.left, line.box.top + 20), line.text, 50, face)
    noisy = np.clip(np.asarray(image, np.int16) + np.roll(grain, number, 0), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


def make(folder: Path, count: int) -> None:
    """A case of `count` receipts, read, a third of them approved, some corrected."""
    face = ImageFont.truetype(str(Path(workbench.__file__).parent / "fonts" / "WorkbenchGothic.ttf"), 52)
    size = (round(SCALE * drawn.SIZE[1]), round(SCALE * drawn.SIZE[0]))
    grain = np.random.default_rng(1).normal(0, 6, size).astype(np.int16)
    case = Case.open(folder, Settings())
    added = case.add(*((f"영수증 {number}.jpg", photo(number, grain, face)) for number in range(count)))
    store = Store(folder)
    (folder / "pictures").mkdir(exist_ok=True)
    for number, name in enumerate(added.new):
        geometry = Geometry(size=(size[1], size[0]))
        store.put_page(name, (extract_again(Reading(geometry, lines_of(number), engine="drawn", seconds=0.5)),))
        (folder / "pictures" / f"{name}.jpg").write_bytes(photo(number, grain, face))
    store.close()
    case.refresh()
    for number, name in enumerate(added.new):
        if number % 10 == 0:
            case.correct(name, "merchant", f"고친 상호 {number}", by="김")
        if number % 3 == 0:
            case.approve(name, by="이")
    case.close()


def measure(folder: Path, path: Path, options: dict[str, Any], told: Any) -> None:
    """Seconds by the clock and of one core, and bytes of memory at most, that one export takes in this process."""
    case = Case.open(folder, Settings())
    case.receipts()
    # The peak of a process begins at that of its parent: it is set back to what is held now (Linux).
    Path("/proc/self/clear_refs").write_text("5")
    before, began, worked = peak(), time.perf_counter(), time.process_time()
    case.export(path, tell=lambda _: None, **options)
    told.put((time.perf_counter() - began, time.process_time() - worked, peak() - before))
    case.close()


def peak() -> int:
    """The most memory that this process has held, in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--receipts", type=int, default=300)
    parser.add_argument("--case", type=Path, help="where the drawn case is or is to be kept")
    parser.add_argument("--only", default="", help="part of the names of the exports wanted")
    given = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.case or Path(temporary) / "case"
        if not (folder / "case.sqlite").exists():
            make(folder, given.receipts)
        print(f"| {given.receipts:,} receipts | seconds | of one core | MB | memory, MB |\n|---|---|---|---|---|")
        for what, name, options in EXPORTS:
            if given.only not in what:
                continue
            path, told = Path(temporary) / name, fresh.Queue()
            process = fresh.Process(target=measure, args=(folder, path, options, told))
            process.start()
            seconds, worked, memory = told.get()
            process.join()
            print(
                f"| {what} | {seconds:.1f} | {worked:.1f} | {path.stat().st_size / 1e6:.1f} | {memory / 1e6:.0f} |",
                flush=True,
            )
            if what == "package":
                began = time.perf_counter()
                complaints = check_package(path).complaints
                print(f"| verify package: {len(complaints)} complaints | {time.perf_counter() - began:.1f} | | | |")


if __name__ == "__main__":
    main()
