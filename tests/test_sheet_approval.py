"""Approving together: nothing but what the page showed, as it showed it."""

import time

from tests.kit.pile import pile
from workbench.page import Workbench


def test_what_came_or_changed_after_the_page_was_drawn_is_not_approved_with_it(tmp_path):
    case = pile(tmp_path / "case", 3)
    for receipt in case.receipts():
        for finding in receipt.open_findings:
            case.settle(receipt.id, finding)
    bench = Workbench(case, "kim")
    session, part = bench.session, bench.places["sheets"]
    session.place = "sheets"
    part.heard({"verb": "sheet", "sheet": "together"})
    shown = [(card["receipt"], card["revision"]) for card in part.view["cards"]]
    assert len(shown) == 3
    case.correct(shown[1][0], "note", "다과", by="lee")
    session.tick()
    part.heard({"verb": "approve", "seen": shown[:2]})
    end = time.monotonic() + 60
    while session.underway and time.monotonic() < end:
        session.tick()
        time.sleep(0.02)
    case.refresh()
    states = [case.receipt(name).status for name, _ in shown]
    assert states == ["approved", "read", "read"]
    case.close()
