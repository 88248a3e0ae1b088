"""What a worker holds at most over the largest pages that are accepted: `python -m tests.reliability.worker_memory`.

Read by the real engine, one worker: a page full of small print, the longest till roll, deep grey, noise.
"""

import io
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
from PIL import Image, ImageDraw, ImageFont

from tests.kit.processes import environment


def print_all_over(width: int, height: int, size: int) -> Image.Image:
    """Lines of figures from edge to edge."""
    page = Image.new("L", (width, height), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size)
    for row in range(0, height - size, int(size * 1.3)):
        pen.text((5, row), " ".join(f"{row * 7919 + n * 104_729:,}" for n in range(width // (size * 5))), 0, font)
    return page


def pages() -> Iterator[tuple[str, bytes]]:
    noise = np.random.default_rng(1).integers(0, 255, (3000, 4000), np.uint8)
    for name, page, kind in (
        ("small print", print_all_over(4000, 4000, 24), "PNG"),
        ("till roll", print_all_over(1000, 16_000, 24), "PNG"),
        ("noise", Image.fromarray(noise).convert("RGB"), "JPEG"),
        ("deep grey", Image.fromarray(np.asarray(print_all_over(10_900, 10_900, 60)).astype(np.uint16) * 257), "PNG"),
        ("large photo", print_all_over(12_000, 9_900, 60).convert("RGB"), "JPEG"),
    ):
        out = io.BytesIO()
        page.save(out, kind)
        yield name, out.getvalue()


def largest(process: psutil.Process, over: threading.Event, found: dict[str, int]) -> None:
    """Bytes of the largest worker and of the largest opener of files."""
    while not over.wait(0.1):
        children = []
        with suppress(psutil.Error):  # it may have ended
            children = process.children(recursive=True)
        for child in children:
            with suppress(psutil.Error):
                who = "opener" if "opener" in " ".join(child.cmdline()) else "worker"
                found[who] = max(found.get(who, 0), child.memory_info().rss)


def main() -> None:
    wanted = sys.argv[1:]
    for name, data in pages():
        if wanted and name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "page.bin").write_bytes(data)
            command = [sys.executable, "-m", "workbench", "read", "page.bin", "--jobs", "1", "-o", "out.json"]
            began = time.monotonic()
            process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL)
            over, found = threading.Event(), {}
            thread = threading.Thread(target=largest, args=(psutil.Process(process.pid), over, found))
            thread.start()
            process.wait(1800)
            over.set()
            thread.join()
            sizes = ", ".join(f"{who} {size / 1e6:.0f} MB" for who, size in sorted(found.items()))
            print(f"{name}: {len(data) / 1e6:.1f} MB, {time.monotonic() - began:.0f} s, {sizes}", flush=True)


if __name__ == "__main__":
    main()
