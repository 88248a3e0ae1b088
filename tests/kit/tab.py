"""A tab of a browser without the browser: it opens the page with a cookie of its own, uploads and presses as the page's
scripts do, and keeps everything that the server ever sends to it."""

import asyncio
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.kit.visit import visit

PIECE = 2 * 1024 * 1024
"""Bytes of an upload's piece, as in drop.js."""
PATIENCE = 120.0
"""s for any answer; twenty pages are built one after the other."""
UPGRADE = [
    ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg==")
]  # fmt: skip
"""Headers by which a browser asks for a websocket."""


class Tab:
    """One tab. `heard` is every message of the server's, text and binary, and the page itself, as bytes."""

    def __init__(self, url: str, browser: requests.Session | None = None, **headers: str) -> None:
        self.url, self.browser, self.headers = url, browser or requests.Session(), headers
        self.heard: list[bytes] = []
        self.counts: dict[str, int] = {}
        self.notes: list[tuple[float, dict[str, int]]] = []
        self._line: WebSocketClientConnection | None = None
        self._models: dict[str, dict[str, Any]] = {}
        self._news = asyncio.Condition()
        self._taken: set[int] = set()
        self._greeted = False
        self._answers: dict[str, dict[str, Any]] = {}
        self._ear: asyncio.Task[None] | None = None

    # coming and going

    async def open(self) -> "Tab":
        """Loads the page, opens its websocket and takes the document, as Bokeh's own script does."""
        page = await asyncio.to_thread(self._load)
        token = re.search(r'"token":"([^"]+)"', page)
        assert token, page[:500]
        parts = urlsplit(self.url)
        address = urlunsplit((parts.scheme.replace("http", "ws"), parts.netloc, "/ws", "", ""))
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.browser.cookies)
        origin = f"{parts.scheme}://{parts.netloc}"
        request = HTTPRequest(
            address,
            headers={**self.headers, "Cookie": cookies, "Origin": origin},
            ca_certs=self.browser.verify if isinstance(self.browser.verify, str) else None,
            request_timeout=PATIENCE,
            connect_timeout=PATIENCE,
        )
        self._line = await websocket_connect(
            request, subprotocols=["bokeh", token[1]], max_message_size=1 << 30, compression_options=None
        )
        self._ear = asyncio.create_task(self._listen(self._line))
        await self.until(lambda: self._greeted)  # before that nobody listens to us
        number = self.send("PULL-DOC-REQ", {})
        await self.until(lambda: number in self._answers)
        self._learn(self._answers[number]["doc"])
        self._tell_document("document_ready", {})
        return self

    def _load(self) -> str:
        headers = self.headers | {"Connection": "close"}
        with visit(self.browser, self.url, headers=headers, timeout=PATIENCE) as page:
            assert page.ok, page.status_code
            self.heard.append(page.content)
            return page.text

    async def close(self) -> None:
        """Closes the line, as a closed tab does; returns when the other side has, too."""
        if self._line is not None and self._ear is not None:
            self._line.close()
            await self.ended()
        self.browser.close()

    @property
    def shut(self) -> bool:
        """Whether the server has closed the line."""
        return self._ear is None or self._ear.done()

    async def ended(self) -> None:
        """Returns when the line is closed, from whichever side."""
        assert self._ear is not None
        await asyncio.wait_for(self._ear, PATIENCE)

    # what is done on the page

    async def drop(self, *files: tuple[str, bytes]) -> None:
        """Drops files on the strip: in pieces, each acknowledged before the next."""
        strip = self.part("Drop")
        for number, (name, data) in enumerate(files):
            for start in range(0, max(1, len(data)), PIECE):
                last = start + PIECE >= len(data)
                said = {"number": number, "name": name, "size": len(data), "last": last, "broken": False}
                said |= {"more": number + 1 < len(files)}
                self._taken.discard(number)
                self.tell_model(strip, said, data[start : start + PIECE])
                await self.until(partial(self._taken.__contains__, number))

    async def press(self, label: str) -> None:
        """Presses the button of that label on one of the page's bars."""
        for bar, items in self.bars():
            for item in items:
                if item.get("label") == label:
                    self.tell_model(bar, {"verb": item["key"], "what": ""})
                    return
        raise AssertionError(f"no button {label!r} on the page")

    def tell(self, part: str, **data: object) -> None:
        """Sends what the script of that part would send."""
        self.tell_model(self.part(part), data)

    def part(self, kind: str, **values: object) -> str:
        """The id of the first part of the page of that class whose properties are `values`."""
        for name, model in self._models.items():
            shown = (model.get("data") or {}).get("attributes", {})
            if model.get("class_name") == f"Rw{kind}" and all(shown.get(key) == value for key, value in values.items()):
                return name
        raise AssertionError(f"no {kind} {values} on the page")

    async def until(self, done: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Returns when `done` holds; looked at after each message. TimeoutError after `seconds`."""
        async with self._news, asyncio.timeout(seconds):
            await self._news.wait_for(lambda: done() or (self._ear is not None and self._ear.done()))
        if self._ear is not None and self._ear.done():
            self._ear.result()
        assert done(), "the server closed the line"

    async def quiet(self) -> int:
        """Waits until nothing more comes (a message is of several pieces); how much was heard by then."""
        heard = -1
        while heard != len(self.heard):
            heard = len(self.heard)
            await asyncio.sleep(1.5)
        return heard

    # what is sent and heard

    def tell_model(self, model: str, data: dict[str, Any], *payload: bytes) -> None:
        entries: list[list[Any]] = [[name, value] for name, value in data.items()]
        entries += [["data", {"type": "bytes", "data": {"id": "0"}}] for _ in payload]
        values = {"type": "map", "entries": [["model", {"id": model}], ["data", {"type": "map", "entries": entries}]]}
        self._tell_document("data_event", values, *payload)

    def _tell_document(self, event: str, values: dict[str, Any], *buffers: bytes) -> None:
        said = {"type": "event", "name": event, "values": values or {"type": "map"}}
        patch = {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": said}]}
        self.send("PATCH-DOC", patch, *buffers)

    def send(self, kind: str, content: object, *buffers: bytes) -> str:
        """Sends a message of Bokeh's; its number."""
        assert self._line is not None
        number = secrets.token_hex(16).upper()
        header = {"msgid": number, "msgtype": kind} | ({"num_buffers": len(buffers)} if buffers else {})
        for part in (header, {}, content):
            self._line.write_message(json.dumps(part))
        for place, buffer in enumerate(buffers):
            self._line.write_message(json.dumps({"id": str(place)}))
            self._line.write_message(buffer, binary=True)
        return number

    async def _listen(self, line: WebSocketClientConnection) -> None:
        async def frame() -> str | bytes:
            said = await line.read_message()
            if said is None:
                raise EOFError
            self.heard.append(said.encode() if isinstance(said, str) else said)
            return said

        with suppress(EOFError):  # the line may end in the middle of a message
            while True:
                header, _, content = json.loads(await frame()), await frame(), json.loads(await frame())
                for _ in range(2 * header.get("num_buffers", 0)):
                    await frame()
                async with self._news:
                    self._take(header, content)
                    self._news.notify_all()
        async with self._news:
            self._news.notify_all()

    def _take(self, header: dict[str, Any], content: dict[str, Any]) -> None:
        kind = header["msgtype"]
        assert kind != "ERROR", content
        self._greeted = True
        if kind == "PULL-DOC-REPLY":
            self._answers[header["reqid"]] = content
        for event in content.get("events", ()):
            if event["kind"] == "ModelChanged" and event["model"]["id"] in self._models:
                self._models[event["model"]["id"]][event["attr"]] = event["new"]
                if event["attr"] == "view":
                    self._count(event["new"])
            elif event["kind"] == "MessageSent":
                data = plain(event["msg_data"].get("values"))
                if isinstance(data, dict) and isinstance(data.get("data"), dict) and "taken" in data["data"]:
                    self._taken.add(int(data["data"]["taken"]))

    def _learn(self, document: object) -> None:
        for model in _objects(document):
            self._models[model["id"]] = model.get("attributes", {})
            if "view" in model.get("attributes", {}):
                self._count(model["attributes"]["view"])

    def _count(self, view: object) -> None:
        seen = plain(view)
        if isinstance(seen, dict) and "states" in seen:
            self.counts = {name: int(count.replace(",", "")) for name, _, _, count, _ in seen["states"]}
            self.notes.append((time.monotonic(), self.counts))

    def shows(self, text: str) -> bool:
        """Whether that text stands somewhere on the page's bars."""
        return any(text in str(item.get("html", "")) for _, items in self.bars() for item in items)

    def bars(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The id of each bar, and what is on it now."""
        for name, model in self._models.items():
            if model.get("class_name") == "RwBar":
                data = model["data"]
                yield name, plain(self._models.get(data["id"], data["attributes"]).get("items", []))

    @property
    def ready(self) -> bool:
        """Whether the page has heard that it is whole; after that an idle one is told nothing."""
        return any(b'"attr":"ready","new":true' in message for message in self.heard)

    @property
    def done(self) -> int:
        """Receipts that the page shows as read, or as failed."""
        return sum(count for name, count in self.counts.items() if name != "waiting")


def plain(value: object) -> object:
    """Bokeh's way of writing maps, taken apart."""
    if isinstance(value, dict):
        if value.get("type") == "map":
            return {name: plain(inner) for name, inner in value.get("entries", ())}
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def _objects(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") == "object" and "id" in node:
            yield node
        for inner in node.values():
            yield from _objects(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _objects(inner)
