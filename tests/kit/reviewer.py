"""One life of a server under trial: `python -m tests.kit.reviewer CASE SEED`.

Reads and corrects without end, and tells of it.
Each line on stdout is one fact, told only once it holds: `read ID`, `again ID` (before it is read afresh), `will ID N`
and `did ID N` around each correction. It is meant to be killed.
"""

import faulthandler
import os
import random
import signal
import sys
import threading
import time

from workbench.case import Case
from workbench.settings import Settings

SETTINGS = Settings(jobs=2, engine="tests.kit.unhurried:UnhurriedEngine")


def tell(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())  # in one piece, past every buffer


def correct_for_ever(case: Case, seed: int) -> None:
    chance = random.Random(seed)
    number = seed * 1_000_000
    while True:
        receipt = chance.choice(case.receipts())
        if receipt.status in ("read", "approved"):
            number += 1
            tell("will", receipt.id, number)
            case.correct(receipt.id, "total", str(number), by=f"life {seed}")
            tell("did", receipt.id, number)
            if chance.random() < 0.1:
                case.approve(receipt.id, by=f"life {seed}")
        time.sleep(0.02)


def main(folder: str, seed: int) -> None:
    faulthandler.register(signal.SIGUSR1)  # where it hangs, should it ever
    case = Case.open(folder, SETTINGS)
    chance = random.Random(seed)
    tell("ready")
    threading.Thread(target=correct_for_ever, args=(case, seed), daemon=True).start()
    while True:
        for receipt in case.read():
            tell("read" if receipt.status != "failed" else "failed", receipt.id)
        again = [receipt.id for receipt in chance.sample(case.receipts(), min(20, len(case.receipts())))]
        for name in again:
            tell("again", name)
        case.read_again(again)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
