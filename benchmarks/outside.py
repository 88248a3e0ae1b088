"""What a picture costs outside the networks: `python -m benchmarks.outside [FOLDER]`.

One process reads every picture as a worker does, one thread, warm. CPU time within ONNX Runtime's `run` is taken from
the CPU time of the process and of the child that opens files: no profiler, which would make Python's part look larger.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import onnxruntime
import psutil

from benchmarks.contenders import SAMPLE
from benchmarks.speed import PHOTOS, chosen
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.ocr.engine import EngineSpec
from workbench.pipeline.reading.worker import read_page


class Networks:
    """Counts CPU seconds spent in networks from its making on."""

    def __init__(self) -> None:
        self.seconds, self.runs = 0.0, 0
        self._run = onnxruntime.InferenceSession.run
        onnxruntime.InferenceSession.run = lambda *given, **more: self._counted(*given, **more)

    def _counted(self, *given: Any, **more: Any) -> Any:
        began = time.process_time()
        try:
            return self._run(*given, **more)
        finally:
            self.seconds += time.process_time() - began
            self.runs += 1


def opening() -> float:
    """CPU seconds of the children that open files."""
    times = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return sum(t.user + t.system for t in times)


def main() -> None:
    """Read them all, print one row a round."""
    parser = argparse.ArgumentParser(description="CPU outside the networks.")
    parser.add_argument("folder", type=Path, nargs="?", default=PHOTOS if PHOTOS.exists() else SAMPLE)
    parser.add_argument("--pictures", type=int, default=0, help="at most so many, evenly chosen (0: all)")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    spec, limits = EngineSpec("paddle", threads=1), Limits()
    files = chosen(options.folder, options.pictures)
    read_page(str(SAMPLE / "card_slip.jpg"), 1, spec, limits)
    networks = Networks()
    print("| round | CPU s a picture | networks | opening files | the rest | outside | runs |\n|" + "---|" * 7)
    for turn in range(options.rounds):
        networks.seconds, networks.runs = 0.0, 0
        began, opened = time.process_time(), opening()
        for file in files:
            read_page(str(file), 1, spec, limits)
        opened, inside = opening() - opened, networks.seconds
        rest = time.process_time() - began - inside
        each = [f"{seconds / len(files):.3f}" for seconds in (rest + inside + opened, inside, opened, rest)]
        share = (rest + opened) / (rest + inside + opened)
        print(f"| {turn + 1} | {' | '.join(each)} | {share:.1%} | {networks.runs} |", flush=True)


if __name__ == "__main__":
    main()
