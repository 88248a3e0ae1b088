"""What a reviewer sees and does, in words; Playwright looks through shadow roots by itself."""

import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

PATIENCE = 60_000
"""ms until a test gives up what it waits for: ten times a worker's cold start, for a machine with much else to do."""

# Where a point of the picture lies on the page: its figure is found by name, its frame fills its element.
PLACE = """([x, y]) => {
  const found = Bokeh.documents.map((d) => d.get_model_by_name("rw-picture")).find((m) => m)
  const find = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) {
        const inner = node.shadowRoot.querySelector(".bk-Canvas") || find(node.shadowRoot)
        if (inner) { return inner }
      }
    }
    return null
  }
  const box = find(document).getBoundingClientRect()
  const part = (v, range) => (v - range.start) / (range.end - range.start)
  return [box.left + part(x, found.x_range) * box.width, box.bottom - part(y, found.y_range) * box.height]
}"""

FRAME = """() => {
  const { x_range, y_range } = Bokeh.documents.map((d) => d.get_model_by_name("rw-picture")).find((m) => m)
  return [x_range.start, x_range.end, y_range.start, y_range.end]
}"""


# A loaded machine is no frozen server: the bar that says so, and takes every key, comes after ten times as long.
UNHURRIED = """window.patience = 10
const every = setInterval
window.setInterval = (work, pause) => {
  let beats = 0
  return every(() => { if (pause !== 200 || ++beats >= window.patience) { beats = 0; work() } }, pause)
}"""


def until(page: Page, holds: Callable[[], object]) -> None:
    """Waits until it holds: what is measured on a page may still move, or be drawn anew."""
    end = time.monotonic() + PATIENCE / 1000
    while not (seen := holds()):
        assert time.monotonic() < end, f"{seen} in the end"
        page.wait_for_timeout(100)


class Screen:
    """One browser of its own on the workbench."""

    def __init__(self, context, url: str) -> None:
        self.context, self.url = context, url
        context.add_init_script(UNHURRIED)
        self._dropped = tempfile.TemporaryDirectory()
        self.foreign: list[str] = []
        self.errors: list[str] = []
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, request) -> None:
        ours = f"http://{urlsplit(self.url).netloc}/"
        if not request.url.startswith((ours, "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def open(self) -> "Screen":
        self.page.goto(self.url)
        expect(self.page.get_by_label("영수증의 모든 글에서 찾기")).to_be_visible(timeout=PATIENCE)
        self.page.wait_for_selector("html[data-rw-ready]", state="attached")
        expect(self.page.locator(".tabulator-header").first).to_be_visible(timeout=PATIENCE)
        return self

    def close(self) -> None:
        self.context.close()
        self._dropped.cleanup()

    # the pile

    def drop(self, *files: tuple[str, bytes]) -> None:
        """Hands files over as paths, as a person does: bytes would go through Playwright's line one after another."""
        paths = []
        for name, data in files:
            paths.append(Path(tempfile.mkdtemp(dir=self._dropped.name), name))
            paths[-1].write_bytes(data)
        self.page.locator("input.files").set_input_files(paths)

    @property
    def rows(self) -> Locator:
        return self.page.locator(".tabulator-row")

    def row(self, text: str) -> Locator:
        return self.rows.filter(has_text=text)

    def wait_rows(self, count: int, state: str = "") -> None:
        expect(self.page.locator(".tabulator-row", has_text=state) if state else self.rows).to_have_count(count)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def start(self) -> None:
        self.page.get_by_role("button", name="읽기 시작").click()

    def stop(self) -> None:
        self.page.get_by_role("button", name="멈추기").click()

    def standing(self, text: str) -> None:
        expect(self.page.locator(".standing")).to_contain_text(re.compile(text))

    def told(self, text: str) -> None:
        expect(self.page.locator(".toast", has_text=text).first).to_be_visible(timeout=PATIENCE)

    # the receipt in hand

    def choose(self, text: str) -> None:
        """Clicks a row until it is in hand, and on the sheet: rows that arrive at that very moment swallow a click."""
        row = self.row(text).first
        for _ in range(12):
            row.locator("[tabulator-field=state]").click()
            try:
                expect(row).to_have_attribute("aria-current", "true", timeout=3_000)
                break
            except AssertionError:
                continue
        else:
            raise AssertionError(f"never in hand: {text}")
        expect(self.page.locator(".sheet")).to_have_attribute("data-of", str(row.get_attribute("data-id")))

    def open_cell(self, text: str, field: str) -> Locator:
        """Double-clicks a cell of a row until its box is there to be typed into: rows that arrive swallow clicks."""
        box = self.page.locator(".tabulator-editing input")
        for _ in range(12):
            if not box.is_visible():
                self.row(text).first.locator(f"[tabulator-field={field}]").dblclick()
            try:
                expect(box).to_be_focused(timeout=3_000)
                return box
            except AssertionError:
                continue
        raise AssertionError(f"never opened: {field} of {text}")

    def field(self, name: str) -> Locator:
        return self.page.locator(f".field[data-field={name}]")

    def take_field(self, name: str) -> Locator:
        """Opens a field; clicks again where the click fell on the sheet of the receipt that was just left."""
        box = self.field(name).locator(".input")
        for _ in range(12):
            if box.count() == 0:
                self.field(name).locator(".line").click()
            try:
                expect(box).to_be_visible(timeout=3_000)
                return box
            except AssertionError:
                continue
        raise AssertionError(f"never opened: {name}")

    def value(self, name: str, text: str) -> None:
        expect(self.field(name).locator(".line .value")).to_have_text(text)

    def type_into(self, name: str, text: str) -> None:
        box = self.take_field(name)
        box.fill(text)
        box.press("Enter")

    def tap(self, x: float, y: float) -> None:
        """Taps the picture at a point given in px of the receipt's image."""
        self.frame()
        left, top = self.page.evaluate(PLACE, [x, y])
        self.page.mouse.click(left, top)

    def drag(self, begin: tuple[float, float], end: tuple[float, float]) -> None:
        """Drags over the picture from one point to another, in px of the receipt's image."""
        self.frame()
        (left, top), (right, bottom) = (self.page.evaluate(PLACE, list(point)) for point in (begin, end))
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        self.page.mouse.move(right, bottom, steps=5)
        self.page.mouse.up()

    def frame(self) -> list[float]:
        """Left, right, bottom and top of what the frame shows, in px of the receipt's image, once it stands still."""
        shown: list[float] = []
        while (now := self.page.evaluate(FRAME)) != shown:  # it glides to the field in hand
            shown = now
            self.page.wait_for_timeout(400)
        return shown

    def shows(self, wanted: Callable[[float, float], bool]) -> None:
        """Waits until the frame shows what is wanted of its width and height."""
        until(self.page, lambda: wanted(*self.extent()))

    def extent(self) -> tuple[float, float]:
        """Width and height of what the frame shows."""
        left, right, bottom, top = self.frame()
        return abs(right - left), abs(top - bottom)
