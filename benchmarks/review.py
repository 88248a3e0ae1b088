"""How long a pile takes a reviewer: `python -m benchmarks.review [FOLDER] [--case DIR]`, a real server and browser.

FOLDER holds receipts and `truth.json` (default: `../shared/receipts` where it is, else a drawn pile); `--case` is a
case in which it has been read already, which is copied and left as it is. The pile is worked through twice by the keys
of the help sheet: the long way (every receipt looked at, then approved) and the short one (what is clean is run over
on the contact sheet and approved together, then N, Enter and 1-2-3 through what asks for a look). What differs from
the truth is corrected where the eye has been: on a receipt, all of it; on the contact sheet, what its crops show.

Prints presses, seconds and errors left. Seconds are the machine's, waited for; the eye's: 3 s for a receipt and for
each further thing on it that asks for a look, 0.4 s for a crop; and the hand's: 0.28 s for a key, 1.3 s for pointing
and clicking (Card, Moran and Newell 1980, the keystroke-level model). The last two are reckoned, not waited for.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import ElementHandle, Locator, expect, sync_playwright

from benchmarks.fields import ROOT, paired, record_of, truths_of
from benchmarks.trust import FIELDS, Truth, same
from tests.kit.browser import CHROMIUM, Server
from tests.kit.filed import filed
from tests.kit.screen import Screen
from workbench.case import Case
from workbench.domain import schema
from workbench.domain.errors import WrongValue
from workbench.domain.model import Receipt, TaxRecord
from workbench.review.filters import state_of

LOOK, GLANCE = 3.0, 0.4
KEY, CLICK = 0.28, 1.3
DONE = {"approved", "confirmed"}
SEEN = """(sheet) => ({
  id: sheet.dataset.of, field: sheet.querySelector(".field.active")?.dataset.field ?? "",
  paper: sheet.querySelector(".paper.active")?.innerText ?? "", offer: Boolean(sheet.querySelector(".offer")),
  asked: Boolean(sheet.querySelector(".question")), state: sheet.querySelector(".state")?.className ?? "",
  left: sheet.querySelector(".verbs .left")?.innerText ?? "",
  picks: [...sheet.querySelectorAll(".pick span")].map((n) => n.textContent),
  values: Object.fromEntries([...sheet.querySelectorAll(".field")]
    .map((n) => [n.dataset.field, n.querySelector(".value").textContent])),
})"""


@dataclass
class Cost:
    """What a way takes."""

    presses: int = 0
    eye: float = 0.0
    hand: float = 0.0
    machine: float = 0.0
    parts: dict[str, float] = field(default_factory=lambda: defaultdict(float))


class Reviewer:
    """Presses keys and looks; knows what each receipt really says."""

    def __init__(self, screen: Screen, truths: dict[str, Truth], case: Case) -> None:
        self.page, self.truths, self.case, self.cost = screen.page, truths, case, Cost()
        self.sheet: ElementHandle = self.page.locator(".sheet").element_handle()

    # the hand

    def key(self, *keys: str) -> None:
        """Presses keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)
        self.cost.presses += len(keys)
        self.cost.hand += KEY * len(keys)

    def click(self, place: Locator) -> None:
        """Points at something and clicks."""
        place.click()
        self.cost.presses += 1
        self.cost.hand += CLICK

    # the eye

    def look(self, what: str, seconds: float = LOOK) -> None:
        """Looks at something; told apart by what it was."""
        self.cost.eye += seconds
        self.cost.parts[what] += seconds

    def seen(self) -> dict[str, Any]:
        """What the editor shows."""
        shown: dict[str, Any] = self.sheet.evaluate(SEEN)
        return shown

    def after(self, before: dict[str, Any], seconds: float = 20.0) -> dict[str, Any]:
        """What the editor shows as soon as it shows something else."""
        end = time.monotonic() + seconds
        while (now := self.seen()) == before:
            if time.monotonic() > end:
                raise RuntimeError(f"nothing happened: {before}")
            time.sleep(0.01)
        return now

    def wrong(self, shown: dict[str, Any], names: tuple[str, ...] = FIELDS) -> list[str]:
        """Fields that do not hold what the paper says."""
        truth = self.truths.get(shown["id"], {})
        return [n for n in names if n in truth and not _right(n, shown["values"].get(n, ""), truth[n])]

    # the receipt in hand

    def correct(self, shown: dict[str, Any], name: str) -> dict[str, Any]:
        """Puts the true value into a field: a candidate where it is one, else typed."""
        want = self.truths[shown["id"]][name]
        if shown["field"] != name:
            self.click(self.page.locator(f".field[data-field={name}] .line"))
            shown = self.after(shown)
        told = [n for n, text in enumerate(shown["picks"][:3], start=1) if _right(name, text, want)]
        if told:
            self.key(str(told[0]))
        else:
            self.key("e", "Control+a")
            self.page.keyboard.type(want)
            self.cost.presses += len(want)
            self.cost.hand += KEY * len(want)
            self.key("Enter")
        return self._until_right(shown["id"], name, want)

    def _until_right(self, name_of: str, name: str, want: str) -> dict[str, Any]:
        end = time.monotonic() + 20
        while (now := self.seen())["id"] == name_of and not _right(name, now["values"].get(name, ""), want):
            if time.monotonic() > end:
                raise RuntimeError(f"{name} never became right: {now}")
            time.sleep(0.01)
        return now

    def receipt(self) -> None:
        """The receipt in hand: looked at, corrected, each thing that asks answered, approved; the next one comes."""
        shown = self.seen()
        mine = shown["id"]
        self.look("receipts")
        first = True
        while shown["id"] == mine and not any(f" {done}" in f" {shown['state']}" for done in ("approved", "confirmed")):
            if shown["asked"]:
                self.key("y")
            elif shown["offer"] or "failed" in shown["state"]:
                wrong = self.wrong(shown)
                if wrong:
                    shown = self.correct(shown, wrong[0])
                    continue
                self.key("Enter" if shown["offer"] else "a")
            else:
                if not first:
                    self.look("further things")
                first = False
                if shown["field"] in self.wrong(shown):
                    shown = self.correct(shown, shown["field"])
                    continue
                self.key("Enter")
            shown = self.after(shown)

    def rest(self) -> None:
        """Everything that is not approved yet: what asks for a look as N brings it, then what does not."""
        chip = self.page.get_by_role("button", name="□ 이상 없음")
        for _ in range(3 * len(self.case.receipts())):
            self.case.refresh()
            states = {r.id: state_of(r) for r in self.case.receipts()}
            if set(states.values()) <= DONE:
                return
            if states[self.seen()["id"]] in DONE:
                if set(states.values()) <= {*DONE, "clear"}:
                    if chip.get_attribute("aria-pressed") == "false":
                        self.click(chip)
                        expect(chip).to_have_attribute("aria-pressed", "true")
                    before = self.seen()
                    self.key("j")
                else:
                    before = self.seen()
                    self.key("n")
                self.after(before)
            self.receipt()
        raise RuntimeError("never done")

    # the two ways

    def long_way(self) -> None:
        """Every receipt."""
        self.rest()

    def short_way(self) -> None:
        """What is clean on the contact sheet, then the rest."""
        self.key("s")
        self.click(self.page.get_by_role("tab", name="모아 승인"))
        cards = self.page.get_by_role("listbox", name="모아 승인 모아 보기").get_by_role("option")
        expect(cards.first).to_be_visible()
        known = {receipt.id: receipt for receipt in self.case.receipts()}
        for name in [str(card.get_attribute("data-id")) for card in cards.all()]:
            shown = cards.and_(self.page.locator(f"[data-id='{name}']")).locator("[data-field]")
            crops = tuple(str(crop.get_attribute("data-field")) for crop in shown.all())
            self.look("crops", GLANCE * len(crops))
            values = {n: schema.render(n, known[name].value(n)) for n in crops}
            if self.wrong({"id": name, "values": values}, crops):
                self.click(cards.and_(self.page.locator(f"[data-id='{name}']")))
        before = cards.count()
        self.key("a")
        expect(cards).not_to_have_count(before, timeout=60_000)
        self.key("s")
        expect(self.page.get_by_label("영수증의 모든 글에서 찾기")).to_be_visible(timeout=60_000)
        self.rest()


def _right(name: str, text: str, want: str) -> bool:
    try:
        value = schema.parse(name, text)
    except WrongValue:
        return False
    return bool(value) and same(name, str(value), want)


def truths_by_id(receipts: tuple[Receipt, ...], path: Path) -> dict[str, Truth]:
    """What each receipt really says, by its id."""
    by_file: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_file[Path(receipt.file).name].append(receipt)
    found = {}
    for file, truths in truths_of(path).items():
        records = {id(record): (record, r.id) for r in by_file.get(file, []) for record in [record_of(r, r.findings)]}
        for record, truth in paired([record for record, _ in records.values()], truths):
            if id(record) in records:
                found[records[id(record)][1]] = {name: truth[name] for name in FIELDS if name in truth}
    return found


def drawn(folder: Path, count: int) -> dict[str, Truth]:
    """A pile in `folder`: one total in ten is wrong and no rule sees it, one approval number in six is missing."""
    papers, truths = [], []
    for number in range(count):
        total = 11_000 + 110 * number
        paper = {
            "merchant": f"견본상회 {number}점", "business_number": "123-45-67891",
            "issued_at": f"2026-{number % 9 + 1:02d}-{number % 28 + 1:02d} {number % 12 + 8:02d}:{number % 60:02d}:00",
            "approval_number": f"3012{number:04d}",
        }  # fmt: skip
        truths.append({**paper, "total": str(total)})
        read_total = str(total + 700 if number % 10 == 3 else total)
        paper = {k: v for k, v in paper.items() if k != "approval_number" or number % 6 != 5}
        papers.append({**paper, "total": read_total})
    case = filed(folder, *papers)  # type: ignore[no-untyped-call]  # the tests' kit is not typed
    found = {receipt.id: truth for receipt, truth in zip(case.receipts(), truths, strict=True)}
    case.close()
    return found


class InBusiness:
    """A tax service for which every number is a going concern's: what the real one says of them is not known here."""

    def look_up(self, numbers: Sequence[str]) -> dict[str, TaxRecord]:
        """The same of each."""
        now = datetime.now(UTC)
        return {n: TaxRecord(n, "계속사업자", "부가가치세 일반과세자", "GENERAL", now, "standin") for n in numbers}


def prepared(given: argparse.Namespace, folder: Path) -> dict[str, Truth]:
    """A read case in `folder`, its merchants' tax types answered; what its receipts really say."""
    if given.folder is None:
        truths = drawn(folder, given.count)
    elif given.case:
        shutil.copytree(given.case, folder)
    case = Case.open(folder)
    if given.folder is not None and not given.case:
        case.add(given.folder)
        case.read().wait()
    for retry in (False, True):
        case.look_up_tax(retry=retry, service=InBusiness())
    if given.folder is not None:
        truths = truths_by_id(case.receipts(), given.folder / "truth.json")
    case.close()
    return truths


def left(case: Case, truths: dict[str, Truth]) -> tuple[int, int]:
    """(values that are wrong, receipts that nobody approved)."""
    case.refresh()
    wrong = sum(
        not _right(name, schema.render(name, receipt.value(name)), want)
        for receipt in case.receipts()
        for name, want in truths.get(receipt.id, {}).items()
    )
    return wrong, sum(receipt.status != "approved" for receipt in case.receipts())


def walked(folder: Path, truths: dict[str, Truth], way: str) -> None:
    """Works through the case in `folder` one way, and prints what that took."""
    server = Server(folder, folder.parent / "log")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            server.wait()
            screen = Screen(browser.new_context(viewport={"width": 1440, "height": 900}), server.url).open()
            case = Case.open(folder)
            wrong_before, _ = left(case, truths)
            reviewer = Reviewer(screen, truths, case)
            began = time.monotonic()
            getattr(reviewer, way)()
            cost, count = reviewer.cost, len(case.receipts())
            cost.machine = time.monotonic() - began
            wrong, waiting = left(case, truths)
            total = cost.machine + cost.eye + cost.hand
            parts = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in cost.parts.items())
            print(
                f"{way:10} {count} receipts, {wrong_before} values wrong: {cost.presses} presses,"
                f" {total:.0f} s = machine {cost.machine:.0f} + hand {cost.hand:.0f} + eye {cost.eye:.0f} ({parts});"
                f" {wrong} values wrong and {waiting} receipts not approved in the end; 60 receipts:"
                f" {cost.presses * 60 / count:.0f} presses, {total / count:.1f} min (load {os.getloadavg()[0]:.1f})",
                flush=True,
            )
        finally:
            browser.close()
            server.stop()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = ROOT.parent / "shared" / "receipts"
    parser.add_argument("folder", nargs="?", type=Path, default=shared if shared.is_dir() else None)
    parser.add_argument("--case", type=Path, help="a case in which that folder has been read already")
    parser.add_argument("--drawn", action="store_true", help="the drawn pile, even where there are receipts")
    parser.add_argument("--count", type=int, default=60, help="receipts of the drawn pile")
    parser.add_argument("--way", choices=("long_way", "short_way"), help="only that one")
    given = parser.parse_args()
    if given.drawn:
        given.folder = None
    for way in [given.way] if given.way else ["long_way", "short_way"]:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "case"
            walked(folder, prepared(given, folder), way)


if __name__ == "__main__":
    main()
