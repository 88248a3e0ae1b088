"""Half-dead clients beside honest ones: `python -m tests.reliability.half_dead [--dead 40] [--honest 5]`.

The dead: half a request; a request a byte a second; a page and its script asked for and never taken; a websocket that
asks for its document and never reads; one that floods; one that drips a frame; pages asked for in a loop; connections
opened and dropped. The honest open a page, bring receipts, and walk through them; each answer is timed.
"""

import argparse
import asyncio
import itertools
import json
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import requests

from tests.kit.processes import environment, stop
from tests.kit.scripted import picture
from tests.kit.served import ServedWorkbench
from tests.kit.tab import Tab
from tests.kit.visit import visit

LEAST = 3
"""Acts of an honest person, however long they take."""
PAUSE = 0.5
"""s between two acts of an honest person."""


class Office(Protocol):
    """A server under trial."""

    url: str

    @property
    def memory(self) -> int:
        """Bytes it holds."""


class Line:
    """A connection of somebody dead."""

    def __init__(self, url: str) -> None:
        self.url, self.place = url, urlsplit(url)

    async def dial(self) -> "Line":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.place.port, limit=1 << 10)
        return self

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def request(self, path: str, *headers: str) -> None:
        self.send("\r\n".join([f"GET {path} HTTP/1.1", f"Host: {self.place.netloc}", *headers, "", ""]).encode())

    async def become_websocket(self) -> None:
        """A page of its own, and its websocket; what comes back is read up to the end of the handshake."""
        with requests.Session() as browser:
            page = await asyncio.to_thread(visit, browser, self.url)
            cookie = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
        token = re.search(r'"token":"([^"]+)"', page.text)
        if token is None:
            raise ConnectionError("no page")
        self.request(
            "/ws", f"Cookie: {cookie}", f"Origin: {self.url.rstrip('/')}", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
            f"Sec-WebSocket-Protocol: bokeh, {token[1]}",
        )  # fmt: skip
        await self.reader.readuntil(b"\r\n\r\n")

    def frame(self, text: str) -> None:
        data = text.encode()
        length = struct.pack("B", 0x80 | len(data)) if len(data) < 126 else struct.pack(">BH", 0xFE, len(data))
        self.send(b"\x81" + length + bytes(4) + data)  # a mask of zeros changes nothing

    def ask_for_document(self, number: int) -> None:
        for part in ({"msgid": f"{number}", "msgtype": "PULL-DOC-REQ"}, {}, {}):
            self.frame(json.dumps(part))


async def half_request(url: str) -> None:
    line = await Line(url).dial()
    line.send(b"GET / HTTP/1.1\r\nHost: 127.0")
    await line.reader.read(1)


async def dripped_request(url: str) -> None:
    line = await Line(url).dial()
    line.send(f"GET / HTTP/1.1\r\nHost: {line.place.netloc}\r\nX: ".encode())
    while True:
        line.send(b"x")
        await line.writer.drain()
        await asyncio.sleep(1)


async def never_taken(url: str) -> None:
    line = await Line(url).dial()
    for _ in range(50):
        line.request("/static/js/bokeh.min.js")
    await asyncio.sleep(3600)


async def deaf(url: str) -> None:
    line = await Line(url).dial()
    await line.become_websocket()
    for number in itertools.count():
        line.ask_for_document(number)
        await line.writer.drain()
        await asyncio.sleep(0.2)


async def flood(url: str) -> None:
    line = await Line(url).dial()
    await line.become_websocket()

    async def listen() -> None:
        while await line.reader.read(1 << 16):
            pass

    ear = asyncio.create_task(listen())
    while not ear.done():
        for part in ({"msgid": "1", "msgtype": "SERVER-INFO-REQ"}, {}, {}):
            line.frame(json.dumps(part))
        await line.writer.drain()


async def dripped_frame(url: str) -> None:
    line = await Line(url).dial()
    await line.become_websocket()
    line.send(b"\x81\xfe\xff\xff" + bytes(4))
    while True:
        line.send(b"x")
        await line.writer.drain()
        await asyncio.sleep(1)


async def pages(url: str) -> None:
    with requests.Session() as browser:
        while True:
            await asyncio.to_thread(browser.get, url, timeout=600)


async def dialled(url: str) -> None:
    while True:
        line = await Line(url).dial()
        line.send(b"GET /")
        line.writer.close()
        await asyncio.sleep(0.02)


DEAD: tuple[Callable[[str], Awaitable[None]], ...] = (
    half_request,
    dripped_request,
    never_taken,
    deaf,
    flood,
    dripped_frame,
    pages,
    dialled,
)


async def again_and_again(kind: Callable[[str], Awaitable[None]], url: str) -> None:
    """Whoever is sent away comes again."""
    while True:
        with suppress(OSError, ConnectionError, asyncio.IncompleteReadError, requests.RequestException):
            await kind(url)
        await asyncio.sleep(0.5)


async def all_dead(url: str, count: int, only: str = "") -> None:
    kinds = [kind for kind in DEAD if only in ("", kind.__name__)]
    await asyncio.gather(*(again_and_again(kinds[n % len(kinds)], url) for n in range(count)))


async def honest(url: str, who: int, seconds: float, times: list[float], opened: list[float]) -> None:
    """Opens a page, brings three receipts, and walks through them; how long each answer took (s)."""
    began = time.monotonic()
    tab = await Tab(url).open()
    opened.append(time.monotonic() - began)
    await tab.drop(*((f"{n}.png", picture(shade=n + 10 * who, size=(64, 64))) for n in range(3)))
    await tab.until(lambda: tab.ready)
    end = time.monotonic() + seconds
    for number, verb in enumerate(itertools.cycle(("next", "previous"))):
        if number >= LEAST and time.monotonic() > end:
            break
        heard, began = len(tab.heard), time.monotonic()
        tab.tell("Keys", verb=verb)
        await tab.until(lambda heard=heard: any(b'"chosen"' in said for said in tab.heard[heard:]))
        times.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE)
    await tab.close()


async def trial(office: Office, dead: int, people: int, seconds: float, kind: str = "") -> dict[str, float]:
    """The honest beside the dead; figures in s and MB."""
    times: list[float] = []
    opened: list[float] = []
    memory = 0
    command = [sys.executable, "-m", "tests.reliability.half_dead", "--url", office.url, "--dead", str(dead)]
    command += ["--kind", kind]
    crowd = subprocess.Popen(command, env=environment())
    try:
        await asyncio.sleep(min(10.0, seconds / 4))
        work = asyncio.gather(*(honest(office.url, n, seconds, times, opened) for n in range(people)))
        while not work.done():
            memory = max(memory, office.memory)
            await asyncio.sleep(0.2)
        await work
        assert not dead or crowd.poll() is None, "the dead are gone"
    finally:
        stop(crowd)
    cut = statistics.quantiles(times, n=100)
    return {
        "answers": len(times), "median": cut[49], "p95": cut[94], "longest": max(times), "page": max(opened),
        "memory": memory / 1e6,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dead", type=int, default=40)
    parser.add_argument("--honest", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--kind", default="", help="only this kind of the dead")
    parser.add_argument("--url", help="be the dead at this server")
    given = parser.parse_args()
    if given.url:
        asyncio.run(all_dead(given.url, given.dead, given.kind))
        return
    engine = "tests.kit.fakes:ScriptedEngine"
    with tempfile.TemporaryDirectory() as folder, ServedWorkbench(Path(folder) / "home", 1, ENGINE=engine) as office:
        found = asyncio.run(trial(office, given.dead, given.honest, given.seconds, given.kind))
        found["cpu"] = office.seconds
        noted = Counter(re.findall(r'"event": "([\w-]+)"(?:, "reason": "([\w-]+)")?', office.log.read_text()))
    print(
        f"{given.dead} half-dead clients beside {given.honest} honest ones, {given.seconds:.0f} s: "
        f"{found['answers']:.0f} answers, median {found['median']:.2f} s, p95 {found['p95']:.2f} s, "
        f"longest {found['longest']:.2f} s; slowest page {found['page']:.1f} s; server {found['memory']:.0f} MB "
        f"at most, {found['cpu']:.0f} CPU s; noted: "
        + ", ".join(f"{' '.join(filter(None, names))} {count}" for names, count in noted.most_common())
    )


if __name__ == "__main__":
    main()
