"""Whether a case gets slower as it grows: `python -m benchmarks.growth [RECEIPTS]` prints a table (3,000 by default).

Small pictures go through the real queue, workers and database, with an engine that knows the slip by heart; so what is
left is what the program itself does. The parent's CPU and memory are told a tenth at a time, and last what a receipt
costs at the end in shares of the beginning.
"""

import argparse
import gc
import io
import random
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from benchmarks.records import business_number
from workbench.case import Case
from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.pixels import Image as Pixels
from workbench.pipeline.ocr.engine import EngineSpec
from workbench.settings import Settings


class ByHeart:
    """Reads a slip whose numbers come from the picture's first pixels."""

    def __init__(self, spec: EngineSpec) -> None:
        self.spec = spec

    def read(self, image: Pixels) -> tuple[Line, ...]:
        """See `workbench.pipeline.ocr.engine.Engine.read`."""
        serial = int.from_bytes(image[:24:8, 0, 0].tobytes(), "big")
        dice = random.Random(serial)
        supply = dice.randrange(10, 9000) * 100
        texts = [
            f"가맹점명: 견본상회 {serial % 400}", f"사업자번호: {business_number(serial % 400)}",
            f"거래일시: 2026-{1 + serial % 12:02d}-{1 + serial % 28:02d} 12:{serial % 60:02d}:10",
            *(f"물건 {n} {dice.randrange(90)}" for n in range(20)),
            f"공급가액: {supply:,}", f"부가세: {supply // 10:,}", f"합계: {supply + supply // 10:,}",
            f"승인번호: {serial % 10**8:08d}",
        ]  # fmt: skip
        return tuple(Line(text, 0.99, Box(10, 20 + 40 * i, 400, 50 + 40 * i)) for i, text in enumerate(texts))


def slip(serial: int) -> tuple[str, bytes]:
    """The name and bytes of a picture that tells its serial."""
    pixels = np.full((1200, 440, 3), 240, np.uint8)
    for place, byte in enumerate(serial.to_bytes(3, "big")):
        pixels[8 * place : 8 * place + 8, :8] = byte
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "PNG", compress_level=1)
    return f"{serial:05d}.png", held.getvalue()


def main() -> None:
    """Reads them all and prints the table."""
    parser = argparse.ArgumentParser(description="What a receipt costs the parent as a case grows.")
    parser.add_argument("receipts", nargs="?", type=int, default=3000)
    count = parser.parse_args().receipts
    process, tenth = psutil.Process(), max(1, count // 10)
    rows: list[tuple[int, float, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        case = Case.open(Path(folder) / "case", Settings(home=Path(folder), engine="benchmarks.growth:ByHeart"))
        case.add(*(slip(serial) for serial in range(count)))
        began, before = time.perf_counter(), time.process_time()
        print(f"{'receipts':>9}{'parent CPU ms':>15}{'wall ms':>9}{'parent MB':>11}   (a receipt)")
        for number, _ in enumerate(case.read(), 1):
            if number % tenth == 0:
                wall, cpu = (time.perf_counter() - began) / tenth, (time.process_time() - before) / tenth
                gc.collect()
                rows.append((number, 1000 * cpu, 1000 * wall, process.memory_info().rss / 2**20))
                print(f"{number:>9,}{rows[-1][1]:>15.2f}{rows[-1][2]:>9.1f}{rows[-1][3]:>11.1f}", flush=True)
                began, before = time.perf_counter(), time.process_time()
        complete = sum(r.value("total") is not None for r in case.receipts())
        case.close()
    first, last = rows[1], rows[-1]
    print(
        f"last tenth / second tenth: CPU {last[1] / first[1]:.2f}, wall {last[2] / first[2]:.2f}; parent grew by "
        f"{1024 * (last[3] - first[3]) / (last[0] - first[0]):.1f} kB a receipt; {complete:,} of {count:,} have a total"
    )


if __name__ == "__main__":
    main()
