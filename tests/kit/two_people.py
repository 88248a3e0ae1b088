"""One of two people at work on one case: `python -m tests.kit.two_people FOLDER NAME OTHER FIRST`.

The first rounds go in turn, each waiting to see the other's word in its own open case; the rest at full speed.
Prints what this process sees in the end.
"""

import json
import sys
import time

from workbench.case import Case
from workbench.settings import Settings

IN_TURN, AT_ONCE = 40, 160
PATIENCE = 300


def seen(case, name):
    """The highest number that `name` has said of any receipt, as this process sees it."""
    said = (c for r in case.receipts() for c in r.field("total").corrections if c.by == name)
    return max((int(c.value) for c in said), default=0)


def wait(until):
    end = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.005)


def main(folder, name, other, first):
    case = Case.open(folder, Settings())
    ids = [r.id for r in case.receipts()]
    for number in range(1, IN_TURN + AT_ONCE + 1):
        if number <= IN_TURN:
            wait(lambda number=number: seen(case, other) >= number - (name == first))
        kept = case.correct(ids[number % len(ids)], "total", str(number), by=name)
        assert any((c.by, c.value) == (name, str(number)) for c in kept.field("total").corrections)
    wait(lambda: seen(case, other) == IN_TURN + AT_ONCE)
    words = {r.id: [(c.by, c.value) for c in r.field("total").corrections] for r in case.receipts()}
    print(json.dumps({"words": words, "totals": dict(case.frame()[["receipt_id", "total"]].to_numpy().tolist())}))


if __name__ == "__main__":
    main(*sys.argv[1:])
