"""What many open tabs cost the server: `python -m tests.reliability.memory --tabs 1 10 40`.

Every tab looks at large pictures, turns them and goes on; then all are closed. Prints what the server holds each time.
"""

import argparse
import asyncio
import io
import tempfile
from pathlib import Path

import numpy as np
import requests
from PIL import Image

from tests.kit.served import ServedWorkbench
from tests.kit.tab import Tab

PICTURES = 12
FORGOTTEN_SECONDS = 40
"""Bokeh lets a session go 15 s after its tab was closed, and looks every 17 s."""


def photo(number: int) -> bytes:
    """A 12-megapixel photo with as much noise as a phone's; dark at its corner, as ScriptedEngine likes it."""
    chance = np.random.default_rng(number)
    rough = chance.integers(90, 250, (375, 500, 3), dtype=np.uint8)
    image = Image.fromarray(rough).resize((4000, 3000), Image.Resampling.BICUBIC)
    image.paste((0, 0, 0), (0, 0, 40, 40))
    held = io.BytesIO()
    image.save(held, "JPEG", quality=90)
    return held.getvalue()


async def look_around(tab: Tab, first: int, steps: int) -> None:
    """Goes to picture `first`, then through `steps` more, turning each: the server decodes and encodes it anew."""
    for number in range(first + steps):
        tab.tell("Keys", verb="next" if number < PICTURES else "previous")
        if number >= first:
            tab.tell("Keys", verb="rotate")
    await tab.quiet()
    tab.heard.clear()


async def trial(office: ServedWorkbench, counts: list[int]) -> list[tuple[str, int]]:
    """(what, bytes of the server) at each count of open tabs, and after all are closed."""
    browser, tabs, told = requests.Session(), [], []
    first = await Tab(office.url, browser).open()
    await first.drop(*((f"{number}.jpg", photo(number)) for number in range(PICTURES)))
    await first.until(lambda: first.counts["waiting"] == PICTURES)
    await first.press("읽기 시작")
    await first.until(lambda: first.done == PICTURES, 600)
    tabs.append(first)
    for count in counts:
        while len(tabs) < count:
            tabs.append(await Tab(office.url, browser).open())
        await asyncio.gather(*(look_around(tab, number % PICTURES, 4) for number, tab in enumerate(tabs)))
        told.append((f"{count} tabs", office.memory))
        print(f"{told[-1][0]}: {told[-1][1] >> 20} MB", flush=True)
    await asyncio.gather(*(tab.close() for tab in tabs))
    await asyncio.sleep(FORGOTTEN_SECONDS)
    told.append(("all closed", office.memory))
    print(f"{told[-1][0]}: {told[-1][1] >> 20} MB", flush=True)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tabs", type=int, nargs="+", default=[1, 10, 40])
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        ServedWorkbench(Path(folder) / "home", ENGINE="tests.kit.fakes:ScriptedEngine") as office,
    ):
        asyncio.run(trial(office, given.tabs))


if __name__ == "__main__":
    main()
