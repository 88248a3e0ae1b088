"""Two people at the same receipts, each in a Chromium of their own at a server of their own:
`python -m tests.reliability.two_browsers --acts 500`.

Each acts by keys and typing, beside the other and beside readings that come in. In the end every approval in the
journal is of values that stood on that person's screen when the key went down, every correction took the place of a
value that had stood there, every typed value is in the journal or was asked about, and the journal explains what holds.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Error, Page, async_playwright

from tests.kit.browser import CHROMIUM, Server
from tests.kit.pile import pile, reading
from workbench.case import Case
from workbench.domain import schema
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings

FIELDS = ("total", "vat")
ACTS = {"type": 5, "a": 4, "Control+z": 3, "Control+y": 1, "j": 3, "k": 1}
# What stands on the sheet whenever a key or the mouse goes down, before anything comes of it, and all that was asked.
WATCH = """() => {
  window.seen = []; window.asked = new Set()
  const find = (root, what, out = []) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.matches(what)) { out.push(node) }
      if (node.shadowRoot) { find(node.shadowRoot, what, out) }
    }
    return out
  }
  const text = (what) => find(document, what)[0]?.textContent.trim() ?? ""
  const look = () => ({ file: text(".title .name"),
    ...Object.fromEntries(%s.map((f) => [f, text(`.field[data-field=${f}] .line .value`)])) })
  const note = () => seen.push(look())
  addEventListener("keydown", note, true); addEventListener("pointerdown", note, true)
  window.look = look
  setInterval(() => find(document, ".question, .toast").forEach((node) => asked.add(node.textContent)), 20)
}""" % json.dumps(FIELDS)  # noqa: UP031  # it holds braces


class Person:
    """Somebody at a page, who acts and keeps what was typed."""

    def __init__(self, page: Page, name: str, seed: int) -> None:
        self.page, self.name, self.chance = page, name, random.Random(f"{name}{seed}")
        self.typed: list[tuple[str, str, str]] = []
        self.counts: Counter[str] = Counter()
        self.seen: list[dict[str, str]] = []
        self.asked = ""

    async def begin(self, url: str) -> None:
        """Opens the page and says who works there."""
        await self.page.goto(url)
        await self.page.locator("html[data-rw-ready]").wait_for(state="attached", timeout=60_000)
        await self.page.locator(".tabulator-row").first.wait_for(timeout=60_000)
        await self.page.get_by_role("textbox", name="검토하는 사람").fill(self.name)
        await self.page.get_by_role("button", name="이 이름으로").click()
        await self.page.get_by_text(f"☺ {self.name}").wait_for()
        await self.page.evaluate(f"({WATCH})()")

    async def act(self) -> None:
        """One act from what the screen shows."""
        page, chance = self.page, self.chance
        if await page.locator(".question").count():
            await page.keyboard.press("y" if chance.random() < 0.4 else "Escape")
            self.counts["questions"] += 1
            await page.wait_for_timeout(chance.uniform(50, 200))
            return
        act = chance.choices(list(ACTS), list(ACTS.values()))[0]
        self.counts[act] += 1
        if act == "type":
            with suppress(Error):  # the field went away under the hand: nothing was typed
                await self._type(chance.choice(FIELDS), f"{chance.randrange(10_000, 100_000):,}")
        else:
            await page.keyboard.press("Escape")  # out of the field: keys are commands only outside
            await page.keyboard.press(act)
        await page.wait_for_timeout(chance.uniform(50, 400))

    async def _type(self, field: str, text: str) -> None:
        place = self.page.locator(f".field[data-field={field}]")
        box = place.locator(".input")
        if not await box.count():
            await place.locator(".line").click(timeout=2_000)
        await box.fill(text, timeout=2_000)
        shown = await self.page.evaluate("look()")
        await box.press("Enter", timeout=2_000)
        self.typed.append((shown["file"], field, text))

    async def end(self) -> None:
        """Keeps what was seen and asked."""
        await self.page.wait_for_timeout(3_000)
        self.seen = await self.page.evaluate("seen")
        self.asked = "\n".join(await self.page.evaluate("[...asked]"))


async def speak(urls: list[str], folder: Path, acts: int, seed: int) -> list[Person]:
    """Both act `acts` times at once, while other readings come in."""
    async with async_playwright() as started:
        people = []
        for url, name in zip(urls, ("kim", "lee"), strict=True):
            browser = await started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            people.append(Person(await browser.new_page(), name, seed))
            await people[-1].begin(url)

        async def work(person: Person) -> None:
            for _ in range(acts):
                await person.act()
            await person.end()

        async def reread() -> None:
            store = Store(folder)
            first = store.receipts()[0][2].id
            for number in range(acts // 25):
                await asyncio.sleep(2)
                await asyncio.to_thread(store.put_page, first, (reading(0, total=str(1_000 + 7 * number)),))
            store.close()

        await asyncio.gather(*map(work, people), reread())
        return people


def check(folder: Path, people: list[Person]) -> Counter[str]:
    """AssertionError on the first thing that is not as it must be; how often what happened."""
    case, counts = Case.open(folder, Settings()), Counter[str]()
    assert case.verify() == []
    files = {receipt.id: receipt.file for receipt in case.receipts()}
    by_name = {person.name: person for person in people}
    read: dict[tuple[str, str], str | None] = {}
    words: dict[tuple[str, str], str | None] = {}
    kept: set[tuple[str, str, str, str]] = set()
    for entry in case.entries():
        if entry.action == "read":
            read |= {(entry.receipt, field): value for field, value in json.loads(entry.value or "{}").items()}
        person = by_name.get(entry.by)
        if person is None:
            continue
        counts[entry.action] += 1
        shown = [one for one in person.seen if one["file"] == files[entry.receipt]]
        if entry.action in ("approve", "confirm"):
            seen = {name: schema.render(name, entry.detail["values"].get(name)) for name in FIELDS}
            assert any(_same(one, seen) for one in shown), f"{entry.by} approved what was never shown: {seen}"
        elif entry.action == "correct" and entry.field in FIELDS:
            field = str(entry.field)
            before, value = (schema.render(field, text) for text in (entry.before, entry.value))
            mine = {text for file, name, text in person.typed if (file, name) == (files[entry.receipt], field)}
            assert before in mine | {one[field] for one in shown} or before == "", f"{entry.by} never saw {before}"
            words[entry.receipt, field] = entry.value
            kept.add((person.name, files[entry.receipt], field, value))
    for person in people:
        for file, field, text in person.typed:
            said = (person.name, file, field, text) in kept
            assert said or text in person.asked, f"{person.name} typed {text} into {field} of {file}: gone"
            counts["typed"] += 1
            counts["asked about"] += not said
        counts["acts"] += sum(person.counts.values())
        counts["questions"] += person.counts["questions"]
        counts["presses of A"] += person.counts["a"]
    for receipt in case.receipts():
        for field in FIELDS:
            key = receipt.id, field
            explained = words.get(key) if words.get(key) is not None else read[key]
            assert receipt.value(field) == explained, f"{key}: {receipt.value(field)} is not what was said last"
    counts["entries"] = len(case.entries())
    case.close()
    return counts


def _same(shown: dict[str, Any], seen: dict[str, str]) -> bool:
    return all(shown[name] == (seen[name] or shown[name]) for name in FIELDS)


def trial(acts: int, seed: int = 1) -> Counter[str]:
    """Two servers on one case of five receipts, two browsers."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "case"
        pile(folder, 5).close()
        servers = [Server(folder, Path(home) / f"log{number}") for number in range(2)]
        try:
            for server in servers:
                server.wait()
            people = asyncio.run(speak([server.url for server in servers], folder, acts, seed))
        finally:
            for server in servers:
                server.stop()
        return check(folder, people)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--acts", type=int, default=500, help="of each of the two")
    given = parser.parse_args()
    began = time.monotonic()
    print(dict(trial(given.acts)), f"{time.monotonic() - began:.0f} s; nothing unseen approved, nothing typed is gone")


if __name__ == "__main__":
    main()
