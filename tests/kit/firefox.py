"""Firefox driven over WebDriver BiDi by its own socket: as much of it as the life of a receipt needs.

Playwright drives only its own build of Firefox, selenium needs a driver that Debian does not carry.
"""

import asyncio
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.kit.processes import free_port, stop, wait_for

FIREFOX = os.environ.get("WORKBENCH_FIREFOX")
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Control": "\ue009", "ArrowDown": "\ue015"}
# The first element that fits, through all shadow roots, and seen unless it takes files.
FIND = """(selector, text) => {
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.matches(selector) && (!text || node.textContent.includes(text))
        && (node.type === "file" || node.checkVisibility({ visibilityProperty: true }))) { return node }
      const inner = node.shadowRoot && walk(node.shadowRoot)
      if (inner) { return inner }
    }
    return null
  }
  return walk(document)
}"""


class Firefox:
    """One window without a screen; `folder` keeps its profile. Use as a context manager."""

    def __init__(self, folder: Path, width: int = 1440, height: int = 900) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._port, self._loop, self._count = free_port(), asyncio.new_event_loop(), 0
        command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(folder),
                   "--remote-debugging-port", str(self._port)]  # fmt: skip
        self._size = {"width": width, "height": height}
        with (folder / "log").open("wb") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)

    def __enter__(self) -> "Firefox":
        wait_for(self._process, self._port)
        address = f"ws://127.0.0.1:{self._port}/session"
        self._line: WebSocketClientConnection = self._loop.run_until_complete(self._connected(address))
        self._ask("session.new", capabilities={})
        self._page = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        self._ask("browsingContext.setViewport", context=self._page, viewport=self._size)
        return self

    async def _connected(self, address: str) -> WebSocketClientConnection:
        return await websocket_connect(address, max_message_size=1 << 26)

    def __exit__(self, *_: object) -> None:
        self._line.close()
        stop(self._process)
        self._loop.close()

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        return self._loop.run_until_complete(asyncio.wait_for(self._answer(self._count, method, params), 90))

    async def _answer(self, number: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
        await self._line.write_message(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = await self._line.read_message()
            assert told is not None, "Firefox has gone"
            answer = json.loads(told)
            if answer.get("id") == number:  # what happens meanwhile is told, too
                assert answer["type"] == "success", answer
                found: dict[str, Any] = answer["result"]
                return found

    def open(self, url: str) -> None:
        """Goes there, and waits until the page has loaded."""
        self._ask("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """What a JavaScript expression is: text, number, truth, or for an element its handle."""
        told = self._ask(
            "script.evaluate", expression=expression, target={"context": self._page}, awaitPromise=True
        )  # fmt: skip
        assert told["type"] == "success", told
        result = told["result"]
        return result.get("value", result) if result["type"] != "node" else {"sharedId": result["sharedId"]}

    def find(self, selector: str, text: str = "", seconds: float = 60) -> dict[str, str]:
        """The first element in sight that fits, as soon as there is one."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.evaluate(f"({FIND})({json.dumps(selector)}, {json.dumps(text)})")
            if isinstance(found, dict) and "sharedId" in found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"not in sight: {selector} {text!r}")

    def click(self, selector: str, text: str = "") -> None:
        """Points at the middle of an element and presses."""
        origin = {"type": "element", "element": self.find(selector, text)}
        pointer = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._ask("input.performActions", context=self._page,
                  actions=[{"type": "pointer", "id": "mouse", "actions": pointer}])  # fmt: skip

    def press(self, *keys: str) -> None:
        """Presses keys, one after another; "Control+a" together."""
        strokes = []
        for key in keys:
            together = [KEYS.get(one, one) for one in key.split("+")]
            strokes += [{"type": "keyDown", "value": one} for one in together]
            strokes += [{"type": "keyUp", "value": one} for one in reversed(together)]
        self._ask(
            "input.performActions", context=self._page, actions=[{"type": "key", "id": "keys", "actions": strokes}]
        )

    def choose_files(self, selector: str, *files: Path) -> None:
        """Gives files to an input."""
        self._ask("input.setFiles", context=self._page, element=self.find(selector), files=[str(one) for one in files])
