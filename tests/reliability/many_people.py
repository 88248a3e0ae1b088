"""Many people at one server, each over a websocket of their own: `python -m tests.reliability.many_people`.

Everybody drops their receipts, all press "read" together, and everything that the server sends to anybody is searched
for what is another's: ids of receipts and cases, names of files, keys of people, pictures.
"""

import argparse
import asyncio
import base64
import hashlib
import io
import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.kit.served import ServedWorkbench
from tests.kit.tab import Tab
from workbench.domain.model import receipt_id

RECEIPT = re.compile(rb"[0-9a-f]{16}-\d+-\d+")
NAME = re.compile(rb"slip-\d+-\d+\.png")
READ_SECONDS = 1800.0


def slip(person: int, number: int) -> bytes:
    """A small drawn receipt, no two alike, all the same amount of work; the merchant is invented."""
    image = Image.new("RGB", (420, 560), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(26)
    supply = 10_000 + 100 * person + number
    lines = (
        "SAMPLE MART", "111-11-11119", f"2026-03-{1 + number:02} 12:{person:02}:10", f"SUPPLY {supply:,}",
        f"VAT {supply // 10:,}", f"TOTAL {supply + supply // 10:,}", f"NO {10_000_000 + 1000 * person + number}",
    )  # fmt: skip
    for row, line in enumerate(lines):
        pen.text((30, 30 + 70 * row), line, "black", font)
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


@dataclass
class Somebody:
    """One person: their tab, what is theirs, and when each of their receipts was shown as read."""

    tab: Tab
    files: dict[str, bytes]

    @property
    def receipts(self) -> set[bytes]:
        return {receipt_id(hashlib.sha256(data).hexdigest(), 1, 1).encode() for data in self.files.values()}

    def when(self, count: int) -> float:
        """When the page first showed `count` receipts as read."""
        return next(at for at, counts in self.tab.notes if sum(counts.values()) - counts["waiting"] >= count)


async def come(office: ServedWorkbench, people: int, each: int) -> list[Somebody]:
    """All open the page and drop their receipts."""
    crowd = [
        Somebody(Tab(office.url), {f"slip-{person}-{n}.png": slip(person, n) for n in range(each)})
        for person in range(people)
    ]
    await asyncio.gather(*(one.tab.open() for one in crowd))
    await asyncio.gather(*(one.tab.drop(*one.files.items()) for one in crowd))
    await asyncio.gather(*(one.tab.until(lambda one=one: one.tab.counts["waiting"] == each) for one in crowd))
    return crowd


async def press(crowd: list[Somebody]) -> float:
    """All press "read" together; when that was."""
    pressed = time.monotonic()
    await asyncio.gather(*(one.tab.press("읽기 시작") for one in crowd))
    return pressed


async def leave(crowd: list[Somebody]) -> None:
    """All wait until everything of theirs is read, and close their tabs."""
    each = len(crowd[0].files)
    await asyncio.gather(*(one.tab.until(lambda one=one: one.tab.done == each, READ_SECONDS) for one in crowd))
    await asyncio.gather(*(one.tab.close() for one in crowd))


async def trial(office: ServedWorkbench, people: int, each: int) -> tuple[list[Somebody], float]:
    """The crowd after all of it, and when they pressed."""
    crowd = await come(office, people, each)
    pressed = await press(crowd)
    await leave(crowd)
    return crowd, pressed


def check_apart(crowd: list[Somebody], home: Path, strangers: int = 0) -> int:
    """Nobody was ever sent anything of another's, and everybody all of their own; bytes that were searched.

    `strangers` more have cases at the server, whose own tabs are not looked at.
    """
    # Whose case is whose is told by the disk: each holds the originals of one person.
    private: dict[int, set[bytes]] = {}
    for case in home.glob("people/*/*/case.sqlite"):
        hashes = {path.stem for path in (case.parent / "files").iterdir()}
        known = (n for n, one in enumerate(crowd) if hashes == {_hash(data) for data in one.files.values()})
        owner = next(known, -1 - len(private))
        pictures = {base64.b64encode(path.read_bytes()) for path in (case.parent / "pictures").iterdir()}
        private[owner] = {case.parent.name.encode(), case.parent.parent.name.encode(), *pictures}
    assert len(private) == len(crowd) + strangers
    searched = 0
    for number, one in enumerate(crowd):
        heard = b"\n".join(one.tab.heard)
        searched += len(heard)
        assert set(RECEIPT.findall(heard)) == one.receipts, "ids of another's receipts"
        assert set(NAME.findall(heard)) == {name.encode() for name in one.files}, "names of another's files"
        for other, theirs in private.items():
            assert other == number or not any(secret in heard for secret in theirs), "a case, key or picture of another"
    return searched


def check_log(office: ServedWorkbench) -> None:
    """Nothing went wrong on the way, and the log names no file and nothing that was read."""
    log = office.log.read_text()
    assert '"level": "error"' not in log, log
    assert not NAME.search(log.encode())
    assert not any(text in log for text in ("SAMPLE", "견본상회", "11119"))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--engine", default="paddle")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ServedWorkbench(Path(folder) / "home", ENGINE=given.engine) as office:
        crowd, pressed = asyncio.run(trial(office, given.people, given.each))
        searched = check_apart(crowd, office.home)
        check_log(office)
        took = sorted(one.when(given.each) - pressed for one in crowd)
        failed = sum(one.tab.counts["failed"] for one in crowd)
        memory, used = office.memory >> 20, office.seconds
    print(
        f"{given.people} people with {given.each} receipts each, engine {given.engine}, {os.cpu_count()} cores: "
        f"first done after {took[0]:.1f} s, last after {took[-1]:.1f} s, ratio {took[-1] / took[0]:.2f}; "
        f"{failed} failed; {searched / 1e6:.0f} MB of messages searched, nothing of another's; "
        f"server {memory} MB, {used:.0f} CPU s."
    )


if __name__ == "__main__":
    main()
