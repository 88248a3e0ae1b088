"""What goes wrong inside is noted in the log and told to nobody who sends it."""

import asyncio
import json
import re

import pytest
import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.kit.visit import visit
from workbench.review import texts


def message(kind: str, content: object) -> tuple[str, str, str]:
    return json.dumps({"msgid": "1", "msgtype": kind}), "{}", json.dumps(content)


FAULTY: dict[str, tuple[str | bytes, ...]] = {
    "an event of no kind": message("PATCH-DOC", {"events": [{}]}),
    "a model that is not there": message(
        "PATCH-DOC", {"events": [{"kind": "ModelChanged", "model": {"id": "p0"}, "attr": "value", "new": 1}]}
    ),
    "a document that is none": message("PUSH-DOC", {"doc": {"version": "1", "roots": [{"id": "p1"}]}}),
    "a message of no kind": message("SECRET-REQ", {}),
    "text that is no JSON": ("{" * 300, "{}", "{}"),
    "bytes for text": (b"\xff\xfe",),
}
"""Frames that the server cannot take."""


@pytest.fixture(scope="module")
def line_to_a_page(served_all):
    """What `websocket_connect` needs for a line to a page of one's own."""
    house = served_all["open"]
    with requests.Session() as browser:
        page = visit(browser, house.url).text
        cookie = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
    token = re.search(r'"token":"([^"]+)"', page)[1]
    headers = {"Cookie": cookie, "Origin": house.url.rstrip("/")}
    return HTTPRequest(house.url.replace("http", "ws") + "ws", headers=headers), token


@pytest.mark.parametrize("frames", FAULTY.values(), ids=FAULTY.keys())
def test_whoever_sends_what_fails_learns_that_it_failed_and_nothing_of_the_server(open_house, line_to_a_page, frames):
    async def trial() -> tuple[str, str]:
        request, token = line_to_a_page
        line = await websocket_connect(request, subprotocols=["bokeh", token])
        for _ in range(3):  # the greeting
            await line.read_message()
        for frame in frames:
            await line.write_message(frame, binary=isinstance(frame, bytes))
        told: list[str | bytes | None] = []
        while None not in told:  # which is told once, when both sides have closed it
            told.append(await line.read_message())
            if len(told) == 3:
                line.close()
        line.close()  # frees it, where the server was the one that closed
        return f"{told[:-1]}", json.loads(told[2])["text"] if len(told) > 3 else line.close_reason

    noted = len(open_house.log.read_text("utf-8"))
    heard, told = asyncio.run(asyncio.wait_for(trial(), 30))
    assert told in (texts.MESSAGE_FAILED, "not-said-by-pages")
    assert not re.search(r"Traceback|\.py|Error\b|File", heard), heard
    noted_since = open_house.log.read_text("utf-8")[noted:]
    assert '"connection-ended"' in noted_since if told == "not-said-by-pages" else '"level": "error"' in noted_since
