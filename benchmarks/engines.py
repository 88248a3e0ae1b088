"""Whether all engines read the same, and what each costs: `python -m benchmarks.engines [FOLDER ...]` prints one table.

Every picture is read by all of them in turn, in one process on one thread, so that what else the machine does weighs
on all alike; CPU seconds are told. A line is the same where the same text stands in the same place. Only counts are
printed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from workbench.domain.geometry import overlaps
from workbench.domain.model import Line
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.ocr import model_files
from workbench.pipeline.ocr.engine import Engine, EngineSpec
from workbench.pipeline.ocr.paddle import PaddleEngine
from workbench.pipeline.ocr.rapid import RapidEngine

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
PHOTOS = Path(__file__).parents[2] / "shared" / "receipts"
PICTURES = (".jpg", ".jpeg", ".png")


def single(made: Callable[[EngineSpec], Engine], spec: EngineSpec) -> Engine:
    """The engine with its models in single precision, also where bytes would be quicker."""
    with patch.object(model_files, "int8_is_quick", lambda: False):
        return made(spec)


def makers() -> dict[str, Callable[[], Engine]]:
    """The engines by name; the first is the one that the others are compared with."""
    return {
        "ONNX Runtime": lambda: single(PaddleEngine, EngineSpec(threads=1)),
        "PaddlePaddle": lambda: PaddleEngine(EngineSpec("paddlepaddle", threads=1)),
        "RapidOCR": lambda: single(RapidEngine, EngineSpec("rapid", threads=1)),
        "ONNX Runtime, 8 bits": lambda: PaddleEngine(EngineSpec(threads=1)),
    }


@dataclass
class Account:
    """What an engine did: lines it read, those that are the same, CPU seconds by picture."""

    lines: int = 0
    same: int = 0
    of: int = 0
    cpu: list[float] = field(default_factory=list)

    def take(self, wanted: Sequence[Line], found: Sequence[Line], seconds: float) -> None:
        """One picture more."""
        self.lines += len(found)
        self.same += same_lines(wanted, found)
        self.of += max(len(wanted), len(found))
        self.cpu.append(seconds)

    def row(self, name: str) -> str:
        """As Markdown; new shapes of pictures cost PaddlePaddle more, so the later half is told by itself."""
        half = self.cpu[len(self.cpu) // 2 :]
        mean, late = sum(self.cpu) / len(self.cpu), sum(half) / len(half)
        share = 100 * self.same / max(1, self.of)
        return f"| {name} | {self.lines:,} | {self.same:,} of {self.of:,} | {share:.2f} % | {mean:.2f} | {late:.2f} |"


def same_lines(wanted: Sequence[Line], found: Sequence[Line]) -> int:
    """How many of `wanted` stand in `found` with the same text, in the same place."""
    left, count = list(found), 0
    for line in wanted:
        alike = [other for other in left if other.text == line.text]
        covered = overlaps([line.box], [other.box for other in alike])[0] if alike else []
        best = max(range(len(alike)), key=lambda i: covered[i], default=None)
        if best is not None and covered[best] > 0.5:
            count += 1
            left.remove(alike[best])
    return count


def main() -> None:
    """One table over all pictures of the folders."""
    parser = argparse.ArgumentParser(description="Whether all engines read the same.")
    parser.add_argument("folders", type=Path, nargs="*", default=[SAMPLE, *([PHOTOS] if PHOTOS.exists() else [])])
    parser.add_argument("--pictures", type=int, default=0, help="of each folder at most so many (0: all)")
    parser.add_argument("--only", nargs="*", default=list(makers()), help="names of engines; the first always reads")
    options = parser.parse_args()
    files: list[Path] = []
    for folder in options.folders:
        listed = sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURES)
        step = max(1, len(listed) // options.pictures) if options.pictures else 1
        files += listed[::step]
    engines = {name: make() for i, (name, make) in enumerate(makers().items()) if not i or name in options.only}
    accounts = {name: Account() for name in engines}
    for place, file in enumerate(files, 1):
        print(f"{place} of {len(files)}", end="\r", file=sys.stderr, flush=True)
        image, wanted = pages.load(file, 1, Limits()), None
        for name, reader in engines.items():
            began = time.process_time()
            found = reader.read(image)
            wanted = found if wanted is None else wanted
            accounts[name].take(wanted, found, time.process_time() - began)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(files)} pictures; {held:,} MB for all at the peak\n")
    print("| | lines | the same | share | CPU s each | of the later half |")
    print("|---|---|---|---|---|---|")
    for name, account in accounts.items():
        print(account.row(name))


if __name__ == "__main__":
    main()
