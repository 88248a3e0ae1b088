"""Work for the queue, named by misbehaviour. Top-level, so that a worker can import it."""

import os
import signal
import time
from pathlib import Path

from workbench.domain.errors import ReadFailed
from workbench.pipeline.jobs import worker_watch


def well(value):
    return value


def slow(value, seconds=0.3):
    time.sleep(seconds)
    return value


def raising():
    raise RuntimeError("secret path /home/kim/receipt.jpg")


def refusing():
    raise ReadFailed("그림이 손상되었습니다.")


def out_of_memory():
    raise MemoryError


def dying():
    os.kill(os.getpid(), signal.SIGKILL)


def dying_once(marker):
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def pid():
    return os.getpid()


class ScriptedEngine:
    """Reads a fixed slip off any picture whose top-left pixel is dark, nothing off any other; kills on red."""

    def __init__(self, spec):
        from workbench.domain.model import Box, Line

        texts = ["가맹점명: 견본상회", "사업자번호: 111-11-11119", "거래일시: 2026-03-05 12:33:10", "공급가액: 10,000",
                 "부가세: 1,000", "합계: 11,000", "승인번호: 12345678"]  # fmt: skip
        self.lines = tuple(Line(t, 0.99, Box(10, 20 + 40 * i, 300, 50 + 40 * i)) for i, t in enumerate(texts))

    def read(self, image):
        red, green, blue = (int(v) for v in image[0, 0])
        if red > 200 and green < 60:
            dying()
        return self.lines if red < 60 and blue < 60 else ()


class BriskEngine(ScriptedEngine):
    """As ScriptedEngine, half a second each."""

    def read(self, image):
        time.sleep(0.5)
        return super().read(image)


class GatedEngine(ScriptedEngine):
    """As ScriptedEngine, half a second each; blue pictures keep their worker until the file named in GATE is there."""

    def read(self, image):
        red, _, blue = (int(v) for v in image[0, 0])
        time.sleep(0.5)
        while blue > 200 and red < 60 and not Path(os.environ["GATE"]).exists():
            time.sleep(0.05)
        return super().read(image)


class HeldEngine(ScriptedEngine):
    """As ScriptedEngine, but each receipt waits for a leave: one of the files in the folder LEAVES, which it takes."""

    def read(self, image):
        leaves = Path(os.environ["LEAVES"])
        while not (leave := next(leaves.iterdir(), None)):
            time.sleep(0.05)
        leave.unlink(missing_ok=True)
        return super().read(image)


class CountingEngine(BriskEngine):
    """As BriskEngine; each reading that begins leaves a file in the folder named in BEGUN."""

    def read(self, image):
        (Path(os.environ["BEGUN"]) / f"{os.getpid()}-{time.monotonic_ns()}").touch()
        return super().read(image)


def size_of(path):
    """A file's size, and whether it is the original and no copy."""
    return Path(path).stat().st_size, not Path(path).parent.name.startswith("workbench-")


KEPT = []


def growing_without_end(most):
    """In a worker that may hold `most` bytes."""
    worker_watch.hold_at_most(most)
    kept = []
    while len(kept) < 100:  # 2 GB, if nobody ends it
        kept.append(b"x" * 20_000_000)
        time.sleep(0.02)
    return len(kept)


def growing():
    """Takes 200 MB and keeps them, as an engine does with its models."""
    KEPT.append(bytearray(b"x" * 200_000_000))
    time.sleep(1.2)  # loky looks at memory at most once a second
    return os.getpid()
