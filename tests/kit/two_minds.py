"""One of two people who work on the same receipts at once: `python -m tests.kit.two_minds FOLDER NAME ACTS SEED`.

Corrects, approves and takes back at random, always from what this process has on its screen, which is often old by
then. Tells each word that was kept (`did SEQ JSON-of-what-it-saw`) and counts what was refused (`changed`).
"""

import json
import random
import sys
import time

from workbench.case import Case
from workbench.domain.errors import Changed, NotAllowed
from workbench.review import spoken
from workbench.review.undo import History
from workbench.settings import Settings

FIELDS = ("total", "vat")


def tell(*words: object) -> None:
    print(*words, flush=True)


def main(folder: str, name: str, acts: str, seed: str) -> None:
    case, chance, history = Case.open(folder, Settings()), random.Random(f"{name}{seed}"), History()
    tell("ready")
    screen = case.receipts()
    for number in range(int(acts)):
        if chance.random() < 0.5:
            screen = case.receipts()  # else the screen is as old as the last look
        seen = chance.choice(screen)
        kind = chance.choices(("correct", "approve", "undo", "redo"), (5, 3, 3, 1))[0]
        before = last_of(case, name)
        try:
            if kind == "correct":
                field = chance.choice(FIELDS)
                history.add(spoken.correct(case, name, seen, field, str(chance.randrange(100_000))))
            elif kind == "approve":
                case.refresh()
                history.add(spoken.approve(case, name, seen, seen.revision))
            elif (history.undo() if kind == "undo" else history.redo()) is None:
                continue
        except (Changed, NotAllowed):
            tell("changed", number)
            continue
        last = last_of(case, name)
        if last != before:
            tell("did", last, json.dumps({"act": kind, "receipt": seen.id, "saw": seen.values}))
        time.sleep(chance.uniform(0, 0.004))
    tell("end")


def last_of(case: Case, name: str) -> int:
    """Number of the last entry of that name."""
    return int(case.store.rows("SELECT coalesce(max(seq), 0) FROM journal WHERE by = ?", name)[0][0])


if __name__ == "__main__":
    main(*sys.argv[1:])
