"""Kills servers and workers and counts what is lost: `python -m tests.reliability.kills --kills 200 --receipts 300`.

After each death of a server the case is opened and held against everything the dead one had told.
"""

import argparse
import collections
import io
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from PIL import Image

from tests.kit.processes import environment
from tests.kit.reviewer import SETTINGS
from workbench.case import Case

TWICE = "두 번 멈춰"


@dataclass
class Told:
    """What servers said before they died, and what came of the trial."""

    read: set[str] = field(default_factory=set)
    will: collections.Counter = field(default_factory=collections.Counter)
    did: collections.Counter = field(default_factory=collections.Counter)
    readings: int = 0
    servers: int = 0
    workers: int = 0
    set_aside: int = 0

    def listen(self, line: str) -> None:
        match line.split():
            case ["read", name]:
                self.read.add(name)
                self.readings += 1
            case ["again" | "failed", name]:
                self.read.discard(name)
            case ["will", name, number]:
                self.will[name, number] += 1
            case ["did", name, number]:
                self.did[name, number] += 1


class Life:
    """One server process. It tells its facts to a file, which outlives it and which no orphan holds open."""

    def __init__(self, folder: Path, seed: int, told: Told) -> None:
        self._told, self._facts, self._seen = told, folder.parent / f"facts-{seed}", 0
        with self._facts.open("wb") as facts:
            command = [sys.executable, "-m", "tests.kit.reviewer", folder, str(seed)]
            self.process = subprocess.Popen(command, stdout=facts, env=environment())
        end = time.monotonic() + 240
        while not self._facts.read_bytes().startswith(b"ready"):
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise AssertionError("a server did not come up again")
            time.sleep(0.05)

    def wait_for_work(self) -> None:
        """Until it has accepted both a reading and a correction since this was last asked."""
        end = time.monotonic() + 240
        while time.monotonic() < end and self.process.poll() is None:
            fresh = self._facts.read_bytes()[self._seen :]
            if b"\nread" in fresh and b"\ndid" in fresh:
                self._seen += len(fresh)
                return
            time.sleep(0.05)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)
            time.sleep(1)
        raise AssertionError(f"a server accepts nothing any more (exit status {self.process.poll()})")

    def kill_worker(self, chance: random.Random) -> bool:
        workers = [
            child
            for child in psutil.Process(self.process.pid).children(recursive=True)
            if "popen_loky_posix" in " ".join(_command(child))
        ]
        if workers:
            chance.choice(workers).kill()
        return bool(workers)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        *facts, _ = self._facts.read_text().split("\n")  # what was told before death still counts
        for fact in facts:
            self._told.listen(fact)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it has just ended
        return []


def trial(folder: Path, kills: int, receipts: int, seed: int, verbose: bool = False) -> Told:
    """Kills `kills` times; AssertionError on the first loss."""
    chance, told = random.Random(seed), Told()
    case = Case.open(folder, SETTINGS)
    case.add(*((f"{number}.png", picture(number)) for number in range(receipts)))
    case.close()
    life = Life(folder, 1, told)
    for number in range(kills):
        if chance.random() > 0.1:  # else it dies as it starts
            life.wait_for_work()
        time.sleep(chance.uniform(0, 0.7))
        assert life.process.poll() is None, "a server ended by itself"
        if number % 2 and life.kill_worker(chance):
            told.workers += 1
        else:
            life.kill()
            told.servers += 1
            verify(folder, told, receipts)
            life = Life(folder, told.servers + 1, told)
        if verbose and number % 10 == 9:
            print(f"{number + 1} kills: {len(told.did)} corrections, {told.readings} readings, none lost", flush=True)
    life.kill()
    verify(folder, told, receipts)
    finish(folder, told)
    verify(folder, told, receipts)
    return told


READ = ("read", "approved", "changed")
"""States of what was read; an approval ends where a paper of the same purchase arrives."""


def verify(folder: Path, told: Told, receipts: int) -> None:
    """Every finished reading and every accepted correction is there, once; nothing that nobody said is."""
    case = Case.open(folder, SETTINGS)
    states = {receipt.id: receipt for receipt in case.receipts()}
    assert len(states) == receipts, f"{len(states)} of {receipts} receipts"
    lost = [name for name in told.read if states[name].status not in READ]
    assert not lost, f"readings lost: {lost}"
    half = [
        name for name, receipt in states.items() if receipt.status == "read" and receipt.field("total").read != "11000"
    ]
    assert not half, f"half readings: {half}"
    kept = collections.Counter((entry.receipt, entry.value) for entry in case.journal() if entry.action == "correct")
    assert not (missing := told.did - kept), f"accepted corrections lost: {missing}"
    assert not (strange := kept - told.will), f"corrections twice or never said: {strange}"
    case.close()


def finish(folder: Path, told: Told) -> None:
    """What was set aside because its worker died twice is read at last, and all the rest."""
    case = Case.open(folder, SETTINGS)
    failed = [receipt for receipt in case.receipts() if receipt.status == "failed"]
    assert all(TWICE in receipt.error for receipt in failed), {receipt.error for receipt in failed}
    told.set_aside = len(failed)
    case.read_again([receipt.id for receipt in failed])
    case.read().wait(progress=False)
    waiting = [receipt.id for receipt in case.receipts() if receipt.status not in READ]
    assert not waiting, f"never read: {waiting}"
    case.close()


def picture(number: int) -> bytes:
    image = Image.new("L", (320, 400), 255)
    for bit in range(16):
        image.paste(0 if number >> bit & 1 else 128, (20 * bit, 0, 20 * bit + 18, 40))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--receipts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = trial(Path(folder) / "case", given.kills, given.receipts, given.seed, verbose=True)
    print(
        f"{told.servers} servers and {told.workers} workers killed over {given.receipts} receipts in "
        f"{time.monotonic() - began:.0f} s (seed {given.seed}): {told.readings} readings and {len(told.did)} "
        f"corrections accepted, all there, each once; {told.set_aside} set aside in between, all read at the end."
    )


if __name__ == "__main__":
    main()
