"""The Engine seam: an image becomes lines of text; which engine a worker makes, one a process."""

import ctypes
import importlib.metadata
import os
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from workbench.domain.errors import SettingsError
from workbench.domain.model import Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.jobs import worker_watch
from workbench.pipeline.ocr.model_files import recogniser_folder, weights_mark
from workbench.pipeline.ocr.sleeping_threads import sleeping_threads
from workbench.version import VERSION

ENGINES = {
    "paddle": "workbench.pipeline.ocr.paddle:PaddleEngine",
    "paddlepaddle": "workbench.pipeline.ocr.paddle:PaddleEngine",
    "rapid": "workbench.pipeline.ocr.rapid:RapidEngine",
}
"""What WORKBENCH_ENGINE may say; "package.module:Class" names an engine of one's own."""

HOLDS_BYTES = {"paddle": 1_500_000_000, "rapid": 1_500_000_000}
"""What a worker with ONNX Runtime may hold on a processor: twice what the largest pages took, see
`python -m tests.reliability.worker_memory`."""

SECOND_OPINION = "workbench.pipeline.ocr.second_opinion:WithSecondOpinion"
"""What stands around one of them where there is something that was learnt from corrections."""

LONGEST_SIDE = 1600
"""px, input of the detector; smaller loses small print, larger costs time (see benchmarks/README.md)."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""as in glibc's malloc.h"""

BATCH = 2
"""lines in one run of the recogniser: more save no time a line and pay for padding to the widest (measured: 8 lines
0.93 ms, 2 lines 0.76 ms, 1 line 0.80 ms each on one core)."""

NARROWEST = 32
"""px, lines narrower than that are padded; PaddleOCR pads to 320, which makes recognition twice as dear."""


class Engine(Protocol):
    """Reads text. One instance serves one process, one image at a time."""

    def read(self, image: Image) -> tuple[Line, ...]:
        """The lines on `image` (uint8, height x width x 3, RGB), top to bottom; () for a blank page."""


@runtime_checkable
class LineReader(Protocol):
    """What an engine may do beside: read lines that are cut out already, without looking for them."""

    def read_lines(self, strips: Sequence[Image]) -> list[tuple[str, float]]:
        """Text and confidence of each strip (uint8, height x width x 3, RGB), one line each; "" for none."""


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """Which engine to make; small enough to send to a worker. `threads` per worker, 0 leaves it to the runtime.

    `opinion` is the folder of a recogniser that is asked as well (see `second_opinion`), "" for none; one of ENGINES'.
    `expected` is what the sender is made of: elsewhere another version or other weights are refused, "" takes any.
    """

    engine: str = "paddle"
    recogniser: str = "bundled"
    threads: int = 0
    expected: str = ""
    device: str = "cpu"
    opinion: str = ""

    def label(self) -> str:
        """Engine, its version and a mark of its weights: what a reading says it was made by."""
        package = "rapidocr" if self.engine == "rapid" else "paddleocr"
        names = " + ".join(_named(recogniser) for recogniser in (self.recogniser, self.opinion) if recogniser)
        return f"{self.engine} {_version(package)} / {names}"

    def made_of(self) -> str:
        """Engine, weights and version of this program, here."""
        return f"{self.label()}, workbench {VERSION}"

    def expected_everywhere(self) -> "EngineSpec":
        """The same for workers on other machines, which must be made of what this one is."""
        return replace(self, expected=self.made_of())


def _named(recogniser: str) -> str:
    """A recogniser and the mark of its weights; of what was learnt no path of this machine."""
    name = Path(recogniser).parent.name if Path(recogniser).name == "model" else recogniser
    return f"{name}{weights_mark(recogniser)}"


@lru_cache(maxsize=2)
def _version(package: str) -> str:
    return importlib.metadata.version(package)


@lru_cache(maxsize=1)
def engine(spec: EngineSpec) -> Engine:
    """The engine of this process, made at the first call (2-8 s) and kept."""
    keep_memory()
    worker_watch.hold_at_most(HOLDS_BYTES.get(spec.engine if spec.device == "cpu" else "", worker_watch.MOST_BYTES))
    if spec.expected and spec.expected != (here := spec.made_of()):
        raise SettingsError(f"작업기의 엔진이나 모델이 다릅니다. 요청: {spec.expected}; 작업기: {here}.")
    place = ENGINES.get(spec.engine, spec.engine)
    if ":" not in place:
        raise SettingsError(f"WORKBENCH_ENGINE은 {', '.join(ENGINES)} 중 하나여야 합니다: {spec.engine!r}")
    with sleeping_threads() if spec.threads != 1 else nullcontext():
        made: Engine = _class(place)(spec)
        if spec.opinion:
            made = _class(SECOND_OPINION)(made, recogniser_folder(spec.opinion), spec.threads)
    return made


def _class(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def keep_memory() -> None:
    """Lets this process keep freed memory for the next picture where its environment has the C library return it.

    dask's workers are told so, which costs them a sixth of their time: every buffer of a picture comes in new pages.
    """
    if "MALLOC_TRIM_THRESHOLD_" in os.environ:
        with suppress(OSError, AttributeError):  # a C library other than glibc
            set_option = ctypes.CDLL(None).mallopt
            set_option(_M_MMAP_THRESHOLD, 32 * 2**20)
            set_option(_M_TRIM_THRESHOLD, 64 * 2**20)
