import json
import subprocess
import sys
from collections import Counter
from itertools import groupby

from tests.kit.processes import environment
from tests.kit.scripted import SETTINGS
from tests.kit.two_people import AT_ONCE, IN_TURN
from workbench.case import Case
from workbench.domain.model import Field, Geometry, Reading

EACH = IN_TURN + AT_ONCE


def test_hundreds_of_corrections_from_two_processes_are_all_there_and_seen_by_both(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    for n in range(5):
        (first,), _ = case.store.add_file(f"{n}" * 64, f"{n}.jpg", ".jpg", 1, 1)
        case.store.put_page(first, (Reading(Geometry(), (), fields=(Field("total", "7"),)),))
    command = [sys.executable, "-m", "tests.kit.two_people", str(case.folder)]
    hands = [
        subprocess.Popen([*command, name, other, "notebook"], stdout=subprocess.PIPE, text=True, env=environment())
        for name, other in (("notebook", "page"), ("page", "notebook"))
    ]
    ends = [json.loads(hand.communicate(timeout=240)[0]) for hand in hands]
    assert [hand.returncode for hand in hands] == [0, 0]

    journal = case.journal()  # this process has had the case open all the time
    assert Counter(entry.by for entry in journal) == {"notebook": EACH, "page": EACH}
    for name in ("notebook", "page"):
        assert [int(entry.value) for entry in journal if entry.by == name] == list(range(1, EACH + 1))
    turns = [name for name, _ in groupby(entry.by for entry in journal)]
    assert len(turns) >= 2 * IN_TURN

    here = {r.id: [[c.by, c.value] for c in r.field("total").corrections] for r in case.receipts()}
    assert sum(map(len, here.values())) == 2 * EACH
    assert ends[0]["words"] == ends[1]["words"] == here
    totals = {name: int(words[-1][1]) for name, words in here.items()}
    assert ends[0]["totals"] == ends[1]["totals"] == totals
    assert dict(case.frame()[["receipt_id", "total"]].to_numpy().tolist()) == totals
    case.close()
