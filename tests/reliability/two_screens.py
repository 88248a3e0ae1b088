"""Two people at the pages of one server, each over a websocket of their own, speak of the same receipts at once:
`python -m tests.reliability.two_screens --acts 500`.

Each act goes as the page's scripts send it, half of them from a screen that is old by then. In the end every word in
the journal rests on what its person's page had shown, nothing approved was unseen, no typed value is gone without a
question, and the journal explains every value that holds.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from tests.kit.browser import Server
from tests.kit.pile import pile, reading
from tests.kit.tab import Tab, plain
from workbench.case import Case
from workbench.domain import schema
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings

FIELDS = ("total", "vat")
ACTS = {"commit": 5, "approve": 4, "undo": 3, "redo": 1, "next": 3, "previous": 1}


class Page(Tab):
    """A tab that keeps what its sheet shows, and all that it has ever shown or was typed on it."""

    def __init__(self, url: str, name: str, seed: int) -> None:
        super().__init__(url)
        self.name, self.chance = name, random.Random(f"{name}{seed}")
        self.shown: dict[str, list[dict[str, str]]] = defaultdict(list)  # by receipt: all values, each time
        self.known: dict[tuple[str, str], set[str]] = defaultdict(set)  # by receipt and field
        self.typed: list[dict[str, Any]] = []  # what was sent, and whether the page asked about it
        self.counts: Counter[str] = Counter()
        self.beats = 0
        self._beat = -1
        self._sheet = ""

    @property
    def sheet(self) -> dict[str, Any]:
        """What the sheet shows now."""
        view = plain(self._models[self._sheet]["view"])
        assert isinstance(view, dict)
        return view

    async def begin(self) -> None:
        """Opens the page and says who works there."""
        await self.open()
        editor = self._models[self.part("Editor")]
        self._sheet = editor["data"]["id"]
        await self.until(lambda: self.ready)
        self.tell("Who", name=self.name)
        await self.heard_out()

    def _count(self, view: object) -> None:
        sheet = plain(view)
        if isinstance(sheet, dict) and sheet.get("id") and "fields" in sheet:
            values = {one["name"]: one["value"] for one in (*sheet["fields"], *sheet["own"]) if one["value"]}
            self.shown[sheet["id"]].append(values)
            for name in FIELDS:
                self.known[sheet["id"], name].add(values.get(name, ""))

    def _take(self, header: dict[str, Any], content: dict[str, Any]) -> None:
        super()._take(header, content)
        for event in content.get("events", ()):
            said = plain(event.get("msg_data", {}).get("values")) if event["kind"] == "MessageSent" else None
            if isinstance(said, dict) and isinstance(said.get("data"), dict) and "beat" in said["data"]:
                self._beat = max(self._beat, int(said["data"]["beat"]))

    async def heard_out(self) -> None:
        """Returns when the server has done all that was sent, and this page has heard what came of it."""
        self.beats += 1
        self.tell("Connection", beat=self.beats, sent=0)
        await self.until(lambda: self._beat >= self.beats)

    async def act(self, old: dict[str, Any]) -> None:
        """One act from what this screen shows, or showed a while ago."""
        chance = self.chance
        if question := self.sheet.get("question"):
            yes = chance.random() < 0.4
            self.counts["questions"] += 1
            if yes and "이대로" in question[1]:
                self.counts["kept all the same"] += 1
            self.tell("Editor", verb="answer", id=self.sheet["id"], yes=yes)
            await self.heard_out()
            return
        kind = chance.choices(list(ACTS), list(ACTS.values()))[0]
        seen = old if chance.random() < 0.5 else self.sheet
        if kind == "commit":
            await self._commit(seen)
        elif kind == "approve":
            self.tell("Editor", verb="approve", id=seen["id"], revision=seen["revision"])
        else:
            self.tell("Keys", verb=kind)
        self.counts[kind] += 1
        if chance.random() < 0.7:
            await self.heard_out()

    async def _commit(self, seen: dict[str, Any]) -> None:
        field, text = self.chance.choice(FIELDS), f"{self.chance.randrange(100_000):,}"
        kept = next(one["value"] for one in seen["fields"] if one["name"] == field)
        self.known[seen["id"], field].add(text)
        await self.heard_out()  # so that what comes next is the answer to this
        self.tell("Editor", verb="commit", id=seen["id"], field=field, text=text, kept=kept, next=False)
        await self.heard_out()
        question = self.sheet.get("question")
        asked = bool(question and text in question[0])
        self.typed.append({"receipt": seen["id"], "field": field, "text": text, "kept": kept, "asked": asked})
        self.counts["asked"] += asked


async def speak(url: str, folder: Path, acts: int, seed: int) -> list[Page]:
    """Both act `acts` times at once, while another reading of the first receipt comes in now and then."""
    pages = [Page(url, name, seed) for name in ("kim", "lee")]
    for page in pages:
        await page.begin()

    async def work(page: Page) -> None:
        old = page.sheet
        for number in range(acts):
            if number % 3 == 0:
                old = page.sheet
            await page.act(old)
        await page.heard_out()

    async def reread() -> None:
        store = Store(folder)
        first = store.receipts()[0][2].id
        for number in range(max(2, acts // 50)):
            await asyncio.sleep(0.5)
            await asyncio.to_thread(store.put_page, first, (reading(0, total=str(1_000 + 7 * number)),))
        store.close()

    await asyncio.gather(*map(work, pages), reread())
    for page in pages:
        await page.close()
    return pages


def check(folder: Path, pages: list[Page]) -> Counter[str]:
    """AssertionError on the first thing that is not as it must be; how often what happened."""
    case, counts = Case.open(folder, Settings()), Counter[str]()
    assert case.verify() == []
    entries, by_name = case.entries(), {page.name: page for page in pages}
    read: dict[tuple[str, str], str | None] = {}
    words: dict[tuple[str, str], str | None] = {}
    for entry in entries:
        if entry.action == "read":
            read |= {(entry.receipt, field): value for field, value in json.loads(entry.value or "{}").items()}
        page = by_name.get(entry.by)
        if page is None:
            continue
        counts[entry.action] += 1
        if entry.action in ("approve", "confirm"):
            seen = {name: schema.render(name, value) for name, value in entry.detail["values"].items()}
            assert seen in page.shown[entry.receipt], f"{entry.by} approved what their page never showed: {seen}"
        elif entry.action == "correct":
            before = schema.render(str(entry.field), entry.before)
            told = page.known[entry.receipt, str(entry.field)]
            assert before in told, f"{entry.by} took the place of what they never saw: {entry.before}"
            words[entry.receipt, str(entry.field)] = entry.value
    for page in pages:
        nothing_is_gone(page, [e for e in entries if e.by == page.name and e.action == "correct"])
        counts["asked"] += page.counts["asked"]
        counts["acts"] += sum(page.counts[kind] for kind in ACTS)
    for receipt in case.receipts():
        for field in FIELDS:
            key = receipt.id, field
            explained = words.get(key) if words.get(key) is not None else read[key]
            assert receipt.value(field) == explained, f"{key}: {receipt.value(field)} is not what was said last"
        counts[f"{receipt.status} in the end"] += 1
    counts["entries"] = len(entries)
    case.close()
    return counts


def nothing_is_gone(page: Page, kept: list[Any]) -> None:
    """Every text that was typed stands in the journal, with what the page showed before, or was asked about."""
    at = 0
    for one in page.typed:
        if one["asked"]:
            continue
        while at < len(kept) and (
            (kept[at].receipt, kept[at].field) != (one["receipt"], one["field"])
            or schema.render(one["field"], kept[at].value) != one["text"]
            or schema.render(one["field"], kept[at].before) != one["kept"]
        ):
            at += 1
        assert at < len(kept), f"{page.name} typed {one}, which is nowhere, and was not asked about"
        at += 1


def trial(acts: int, seed: int = 1) -> Counter[str]:
    """A server of its own with five receipts, and two pages."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "case"
        pile(folder, 5).close()
        server = Server(folder, Path(home) / "log")
        try:
            server.wait()
            pages = asyncio.run(speak(server.url, folder, acts, seed))
        finally:
            server.stop()
        return check(folder, pages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--acts", type=int, default=500, help="of each of the two")
    given = parser.parse_args()
    began = time.monotonic()
    print(dict(trial(given.acts)), f"{time.monotonic() - began:.0f} s; nothing unseen approved, nothing typed is gone")


if __name__ == "__main__":
    main()
