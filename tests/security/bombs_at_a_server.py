"""The corpus of bombs dropped on a served page, and read: `python -m tests.security.bombs_at_a_server`.

One person drops all of it and has it read; another has a page of their own and walks through it meanwhile. A line for
each bomb; at the end how much the server grew, its largest child, and the other's slowest answer.
"""

import asyncio
import io
import itertools
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import requests
from PIL import Image

from tests.kit.bombs import bombs
from tests.kit.scripted import picture
from tests.kit.served import ServedWorkbench
from tests.kit.tab import Tab


def noise(width: int, height: int, kind: str) -> bytes:
    """The largest that is accepted, full of detail: what a worker has to carry at most."""
    made = np.random.default_rng(1).integers(0, 255, (height // 8, width // 8), np.uint8)
    out = io.BytesIO()
    Image.fromarray(made).resize((width, height), Image.Resampling.NEAREST).convert("RGB").save(out, kind)
    return out.getvalue()


class Watch:
    """The server's memory and that of its largest child, in bytes; how long the loop was deaf, in s."""

    def __init__(self, office: ServedWorkbench) -> None:
        self._office, self._over = office, threading.Event()
        self.server = self.child = 0
        self.before, self.deaf, self.name = office.memory, 0.0, ""
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._sizes, self._answers)]
        for thread in self._threads:
            thread.start()

    def _sizes(self) -> None:
        server = psutil.Process(self._office.process.pid)
        while not self._over.wait(0.02):
            self.server = max(self.server, self._office.memory)
            for child in server.children(recursive=True):
                with suppress(psutil.Error):
                    if (size := child.memory_info().rss) > self.child:
                        self.child, self.name = size, " ".join(child.cmdline())[-60:]

    def _answers(self) -> None:
        while not self._over.wait(0.05):
            began = time.monotonic()
            requests.get(self._office.url + "health", headers={"Connection": "close"}, timeout=120)
            self.deaf = max(self.deaf, time.monotonic() - began)

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


async def walk(tab: Tab, times: list[float], over: asyncio.Event) -> None:
    """Goes up and down in one's own case."""
    for verb in itertools.cycle(("next", "previous")):
        if over.is_set():
            return
        heard, began = len(tab.heard), time.monotonic()
        tab.tell("Keys", verb=verb)
        await tab.until(lambda heard=heard: any(b'"chosen"' in said for said in tab.heard[heard:]))
        times.append(time.monotonic() - began)
        await asyncio.sleep(0.3)


async def trial(office: ServedWorkbench, corpus: list[tuple[str, bytes]]) -> tuple[Watch, list[float]]:
    """All bombs, dropped and read; what was seen meanwhile."""
    mine, other = await Tab(office.url).open(), await Tab(office.url).open()
    await other.drop(*((f"{n}.png", picture(shade=n)) for n in range(3)))
    await mine.drop(("first.png", picture(shade=7)))
    await other.until(lambda: other.ready)
    await mine.until(lambda: mine.ready)
    await asyncio.sleep(3)
    watch, times, over = Watch(office), [], asyncio.Event()
    walking = asyncio.create_task(walk(other, times, over))
    for name, data in corpus:
        began, deaf, watch.deaf = time.monotonic(), watch.deaf, 0.0
        await mine.drop((name, data))
        grown = (watch.server - watch.before) / 1e6
        print(
            f"{name:20} {len(data) / 1e6:6.2f} MB {time.monotonic() - began:6.1f} s, server {grown:+5.0f} MB, "
            f"child {watch.child / 1e6:5.0f} MB, health {watch.deaf:.2f} s",
            flush=True,
        )
        watch.deaf = max(deaf, watch.deaf)
    await mine.press("읽기 시작")
    await mine.until(lambda: mine.counts.get("waiting") == 0, 1800)
    over.set()
    await walking
    watch.end()
    print("read:", mine.counts, flush=True)
    await mine.close()
    await other.close()
    return watch, times


def main() -> None:
    only = sys.argv[1:]
    corpus = [*bombs(), ("noise.jpg", noise(12_000, 9_900, "JPEG")), ("noise.png", noise(12_000, 9_900, "PNG"))]
    corpus = [(name, data) for name, data in corpus if not only or name in only]
    engine = "tests.kit.fakes:ScriptedEngine"
    with tempfile.TemporaryDirectory() as folder, ServedWorkbench(Path(folder) / "home", 1, ENGINE=engine) as office:
        watch, times = asyncio.run(trial(office, corpus))
    times.sort()
    print(
        f"{len(corpus)} bombs at a server: it grew by {(watch.server - watch.before) / 1e6:.0f} MB from "
        f"{watch.before / 1e6:.0f} MB, its largest child had {watch.child / 1e6:.0f} MB ({watch.name}); "
        f"of {len(times)} answers to another the slowest took {times[-1]:.2f} s, the median "
        f"{times[len(times) // 2]:.2f} s; slowest health {watch.deaf:.2f} s"
    )


if __name__ == "__main__":
    main()
