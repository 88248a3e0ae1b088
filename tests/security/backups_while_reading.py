"""Backups while receipts are read, each restored: `python -m tests.security.backups_while_reading [N] [OF]`."""

import sys
import tempfile
from pathlib import Path

from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case
from workbench.pipeline.storage.backup import back_up, restore


def trial(folder: Path, receipts: int) -> bool:
    """Adds and reads, backs up in between; whether every row came back with its original."""
    case = Case.open(folder / "home" / "case", SETTINGS)
    for number in range(receipts // 4):
        case.add((f"{number}.png", picture(shade=number % 250) + number.to_bytes(4, "big")))
    run = case.read()
    target = folder / "copy.tar.gz"
    for number in range(receipts // 4, receipts):
        case.add((f"{number}.png", picture(shade=number % 250) + number.to_bytes(4, "big")))
        if number == receipts // 2:
            made = back_up(folder / "home", target)
    run.wait(progress=False)
    case.close()
    found = restore(target, folder / "back")
    again = Case.open(folder / "back" / "case", SETTINGS)
    rows, complaints = len(again.receipts()), again.verify()
    again.close()
    problems = made.problems + found.problems + complaints
    print(f"rows {rows}, originals {found.originals}, problems {problems}", flush=True)
    return rows == found.originals and not problems


def main() -> int:
    times, receipts = (int(given) for given in (sys.argv[1:] + ["10", "200"][len(sys.argv) - 1 :]))
    good = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            good += trial(Path(folder), receipts)
    print(f"{good} of {times}")
    return 0 if good == times else 1


if __name__ == "__main__":
    sys.exit(main())
