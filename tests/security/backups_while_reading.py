"""Backups in the middle of readings, each restored: `python -m tests.security.backups_while_reading [TIMES] [OF]`.

Two workers read while receipts are added and others deleted for good; `workbench backup`, a process of its own, copies
in between. What comes back has every original of every row, some rows read and some waiting.
"""

import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.kit.processes import environment
from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case

BRISK = replace(SETTINGS, engine="tests.kit.fakes:BriskEngine")


def slip(number: int) -> tuple[str, bytes]:
    """A small picture, no two alike."""
    return f"{number}.png", picture(shade=number % 250, size=(64, 64)) + number.to_bytes(4, "big")


def workbench(*words: object) -> str:
    """Runs a command; what it said last. AssertionError where it found anything wrong."""
    command = [sys.executable, "-m", "workbench", *map(str, words)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().splitlines()[-1]


def come_and_go(case: Case, first: int, over: threading.Event) -> None:
    """Adds receipts and deletes some for good, until it is over."""
    number = first
    while not over.wait(0.2):
        case.add(slip(number))
        if number % 3 == 0:
            case.delete([case.receipts()[-1].id], by="kim")
        number += 1


def trial(folder: Path, receipts: int, run: Callable[..., object] = workbench) -> str:
    """One backup in the middle; how many rows came back in which state. `run` runs a command of ours."""
    case = Case.open(folder / "home" / "people" / "a" / "case", BRISK)
    case.add(*(slip(number) for number in range(receipts)))
    over = threading.Event()
    other = threading.Thread(target=come_and_go, args=(case, receipts, over))
    reading = case.read()
    other.start()
    try:
        for read, _ in enumerate(reading):
            if read == receipts // 4:
                break
        run("backup", folder / "home", folder / "copy.tar.gz")
        in_between = reading.done < reading.total
    finally:
        reading.stop()
        over.set()
        other.join()
        reading.wait(progress=False)
        case.close()
    assert in_between, "all was read before the copy was made: take more receipts"
    run("restore", folder / "copy.tar.gz", folder / "back")
    again = Case.open(folder / "back" / "people" / "a" / "case", BRISK)
    rows = again.receipts()
    lacking = [row.id for row in rows if not again.file_of(row.id).is_file()]
    states, complaints = Counter(row.status for row in rows), again.verify()
    again.close()
    assert not lacking
    assert not complaints, complaints
    assert states["read"] >= receipts // 4
    assert states["waiting"] > 0
    return f"{len(rows)} rows, each with its original: {dict(states)}"


def main() -> int:
    times, receipts = (int(given) for given in (sys.argv[1:] + ["10", "200"][len(sys.argv) - 1 :]))
    good = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            try:
                print(trial(Path(folder), receipts), flush=True)
                good += 1
            except AssertionError as error:
                print(error, flush=True)
    print(f"{good} of {times} backups in the middle of {receipts} readings came back whole")
    return 0 if good == times else 1


if __name__ == "__main__":
    sys.exit(main())
