"""Messages and requests changed at random: `python -m tests.reliability.mutation [--count 5000] [--seed 1]`.

An attacker with a page of their own sends what scripts of the page send, with values, keys and frames changed by the
seed, and requests with bytes changed. Beside them somebody honest goes on working. Prints what the server noted.
"""

import argparse
import asyncio
import base64
import gzip
import io
import json
import random
import socket
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from PIL import Image
from tornado.websocket import WebSocketClosedError

from tests.kit.served import ServedWorkbench
from tests.kit.tab import Tab

SECRET = "비밀상호-7301"
"""Name of the honest person's file: it stands nowhere but on their own page."""
MEMORY = 400_000_000
"""Bytes that the server may hold more at the end."""
BYTES = 200
"""Requests are changed in fewer bytes than that."""
EACH = 25
"""Attacks between two acts of the honest person."""
MESSAGES = ("PATCH-DOC", "PULL-DOC-REQ", "SERVER-INFO-REQ", "OK", "?")
REQUESTS = ("GET /", "POST /login", "GET /ws", "GET /static/js/bokeh.js", "PUT /health")

PACKED = base64.b64encode(gzip.compress(bytes(100_000_000))).decode()
VALUES: tuple[Callable[[random.Random], object], ...] = (
    lambda _: None, lambda _: True, lambda _: -1, lambda _: 2**63, lambda _: 1e308, lambda _: "", lambda _: [],
    lambda _: {"type": "map", "entries": [["a", 1]]}, lambda _: "a" * 100_000, lambda _: "../../../../etc/passwd",
    lambda _: "\u202e=HYPERLINK(1)", lambda _: [[[[[[[[]]]]]]]], lambda _: {"id": "p1001"},
    lambda _: "<img src=x onerror=1>",
    lambda r: r.randrange(-(2**40), 2**40), lambda r: "".join(chr(r.randrange(1, 0xD7FF)) for _ in range(20)),
    lambda _: {"type": "number", "value": "nan"}, lambda _: {"type": "bytes", "data": PACKED},
)  # fmt: skip
WORDS = (
    {"verb": "approve", "id": "", "revision": "", "hand": ""},
    {"verb": "commit", "id": "", "field": "total", "text": "1"},
    {"id": "", "field": "total", "text": "12,000", "kept": ""}, {"editing": True, "id": "", "field": "total"},
    {"number": 0, "name": "a.png", "size": 3, "last": True, "broken": False, "more": False},
    {"verb": "undo", "what": ""},
    {"verb": "settle", "place": 0}, {"verb": "filter", "what": "waiting"}, {"beat": 1}, {"verb": "look", "receipt": ""},
    {"verb": "text", "what": "("}, {"verb": "person", "what": "kim"}, {"verb": "page", "what": 2},
)  # fmt: skip
"""What scripts of the page say; to which part it is said is drawn, too."""


def picture(number: int) -> bytes:
    """A PNG that differs by its number."""
    held = io.BytesIO()
    Image.new("RGB", (200 + number % 300, 200), (0, 0, number % 256)).save(held, "PNG")
    return held.getvalue()


class Attacker(Tab):
    """A page of somebody who sends what its scripts never would; `draw` decides."""

    def __init__(self, url: str, draw: random.Random) -> None:
        super().__init__(url)
        self.draw = draw

    async def act(self) -> None:
        """Sends one such thing; WebSocketClosedError or AssertionError where the line is shut by now."""
        await self.draw.choice((self._word, self._word, self._word, self._property, self._frames, self._request))()

    async def leave(self) -> None:
        """Closes whatever is left of the line."""
        try:
            await self.close()
        except (AssertionError, WebSocketClosedError):  # what the server said of it at the end
            async with asyncio.timeout(120):
                while self._line is not None and await self._line.read_message() is not None:
                    pass  # until the other side has closed it, too
        self.browser.close()

    async def _word(self) -> None:
        said: dict[str, Any] = dict(self.draw.choice(WORDS))
        for _ in range(self.draw.randrange(1, 4)):
            key = self.draw.choice([*said, "verb", "id", "list", "columns", "__class__"])
            if self.draw.random() < 0.2:
                said.pop(key, None)
            else:
                said[key] = self.draw.choice(VALUES)(self.draw)
        payload = [self.draw.randbytes(50)] if self.draw.random() < 0.1 else []
        parts = [name for name, model in self._models.items() if model.get("class_name")]
        self.tell_model(self.draw.choice(parts), said, *payload)

    async def _property(self) -> None:
        name = self.draw.choice(list(self._models))
        attribute = self.draw.choice([*self._models[name], "chosen", "object", "children", "name", "value", "html"])
        new = self.draw.choice(VALUES)(self.draw)
        change = {"kind": "ModelChanged", "model": {"id": name}, "attr": attribute, "new": new}
        self.send("PATCH-DOC", {"events": [change] * self.draw.randrange(1, 3)})

    async def _frames(self) -> None:
        header: dict[str, object] = {"msgid": "A", "msgtype": self.draw.choice(MESSAGES)}
        if self.draw.random() < 0.3:
            header["num_buffers"] = self.draw.choice((-1, 0, 1, "x", 10**9))
        content = {"events": self.draw.choice(([], [{}], 1, None, [{"kind": "?"}]))}
        frames = [json.dumps(header), "{}", json.dumps(content)]
        for place in range(3):
            if self.draw.random() < 0.3:
                frames[place] = frames[place][: self.draw.randrange(len(frames[place]))]
        if self.draw.random() < 0.3:
            self.draw.shuffle(frames)
        assert self._line is not None
        for frame in frames:
            await self._line.write_message(frame, binary=self.draw.random() < 0.1)

    async def _request(self) -> None:
        place = urlsplit(self.url)
        text = f"{self.draw.choice(REQUESTS)} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 3\r\nX: y\r\n\r\nabc"
        bent = bytearray(text.encode())
        for _ in range(self.draw.randrange(1, BYTES if self.draw.random() < 0.3 else 5)):
            bent[self.draw.randrange(len(bent))] = self.draw.randrange(256)

        def send() -> None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", place.port or 80), timeout=20) as line:
                line.settimeout(0.3)  # most are half requests: no answer comes
                line.sendall(bytes(bent))
                line.recv(4096)

        await asyncio.to_thread(send)


async def attacks(url: str, draw: random.Random, count: int) -> AsyncIterator[Attacker]:
    """That many, each with the page it came from; where a line was shut a page is opened anew."""
    page = Attacker(url, draw)
    await page.open()
    for _ in range(count):
        with suppress(WebSocketClosedError, AssertionError):
            await page.act()
        await asyncio.sleep(0)  # the honest and the ears come first
        yield page
        if page.shut:
            await page.leave()
            page = Attacker(url, draw)
            await page.open()
    await page.leave()


async def trial(office: ServedWorkbench, count: int, seed: int) -> tuple[int, int]:
    """Bytes that the server holds more after `count` attacks, and how many lines it shut.

    AssertionError where the honest person gets no answer, sees what is strange, or loses anything.
    """
    honest = await Tab(office.url).open()
    await honest.drop((f"{SECRET}.png", picture(7)))
    await honest.until(lambda: honest.counts["waiting"] == 1)
    await honest.press("읽기 시작")
    await honest.until(lambda: honest.done == 1)
    memory, number, pages = office.memory, 0, set()
    async for page in attacks(office.url, random.Random(seed), count):
        pages.add(page)
        number += 1
        if number % EACH == 0 or number == count:
            files = sum(honest.counts.values())
            await honest.drop((f"{number}.png", picture(1000 + number)))
            await honest.until(lambda files=files: sum(honest.counts.values()) == files + 1)  # type: ignore[misc]
            assert requests.get(f"{office.url}health", timeout=60).ok
    strange = [page for page in pages if any(SECRET.encode() in one for one in page.heard)]
    assert not strange, "somebody else's receipt was shown"
    assert honest.done == 1
    await honest.close()
    return office.memory - memory, len(pages) - 1


def noted(office: ServedWorkbench) -> Counter[str]:
    """What the server's log says, and that no paper's name stands in it."""
    text = office.log.read_text("utf-8")
    assert SECRET not in text, "a file's name stands in the log"
    lines = [json.loads(line) for line in text.splitlines()]
    said = ("source", "error", "event", "message")
    return Counter(" ".join(str(line[key])[:100] for key in said if key in line) for line in lines)


def run(home: Path, count: int, seed: int) -> tuple[int, int, Counter[str]]:
    """Bytes that the server holds more, lines it shut, and what it noted."""
    with ServedWorkbench(home, ENGINE="tests.kit.fakes:ScriptedEngine", JOBS="1") as office:
        grown, shut = asyncio.run(trial(office, count, seed))
        assert office.process.poll() is None, "the server ended"
    assert grown < MEMORY, f"{grown / 1e6:.0f} MB more"
    return grown, shut, noted(office)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        grown, shut, said = run(Path(folder) / "home", given.count, given.seed)
    print(f"{given.count} attacks: {grown / 1e6:.0f} MB more, {shut} lines shut; noted:")
    for what, times in said.most_common(40):
        print(f"{times:6}  {what}")


if __name__ == "__main__":
    main()
