"""Times on screen are Korean time on any machine, and what is left is told only once it can be known."""

import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.kit import ROOT
from tests.kit.filed import filed
from tests.kit.receipts import NOW
from tests.kit.two_people import wait
from workbench.domain.korean import in_korea
from workbench.domain.model import TaxRecord
from workbench.page import Workbench
from workbench.pipeline.jobs.batch import Outcome
from workbench.pipeline.jobs.run import Run, RunState
from workbench.review.session import Session

PAPER = {"merchant": "견본상회", "business_number": "123-45-67891", "issued_at": "2026-11-02 12:10", "total": "1000"}


@pytest.fixture(params=["UTC", "America/New_York"])
def elsewhere(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_a_moment_is_shown_as_in_korea(elsewhere):
    assert f"{in_korea(datetime(2026, 11, 25, 15, 30, tzinfo=UTC)):%Y-%m-%d %H:%M}" == "2026-11-26 00:30"


def test_history_and_sheet_tell_korean_time_wherever_the_machine_stands(elsewhere, tmp_path):
    case = filed(tmp_path, PAPER)
    bench = Workbench(case, "kim")
    before = in_korea(datetime.now(UTC))
    bench.session.correct("2,000", "total")
    bench.dialogs.past.open()
    told = datetime.fromisoformat(bench.dialogs.past.list.view["rows"][0][0])
    assert abs((told - before.replace(tzinfo=None)).total_seconds()) < 600
    total = next(field for field in bench.editor.view["fields"] if field["name"] == "total")
    assert f"{told:%m-%d %H:%M}" in total["who"]
    case.close()


def test_no_clock_of_the_machine_reaches_a_text():
    """A moment put into a text goes through `domain.korean`."""
    bare = re.compile(r"\.astimezone\(\)|datetime\.now\(\)(?!\.astimezone)|\{[a-z_.]*\.(?:at|asked_at|read_at):%")
    known = {"workbench/pipeline/storage/journal.py", "workbench/commands.py"}  # with its zone; on its own terminal
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "workbench").rglob("*.py")
        if bare.search(path.read_text("utf8"))
    }
    assert found <= known


class Pages:
    """A batch whose pages come one by one, as they are let."""

    def __init__(self, count):
        self.count, self.let = count, threading.Semaphore(0)

    def __iter__(self):
        for number in range(self.count):
            self.let.acquire()
            yield Outcome(str(number))

    def position(self):
        return 0


def test_what_is_left_is_told_from_the_third_page_on():
    pages = Pages(10)
    run = Run(pages, 10, lambda outcome: ())
    for done in range(1, 4):
        pages.let.release()
        wait(lambda done=done: run.state.done == done)
        assert (run.state.seconds_left is None) == (done < 3)
    pages.let.release(7)
    assert run.wait(progress=False).state == RunState(done=10, total=10)


def test_what_a_run_left_unasked_is_counted_only_where_something_was_asked(tmp_path):
    case = filed(tmp_path, PAPER, {**PAPER, "business_number": "220-81-62517"})
    session = Session(case, "kim")
    assert session.left_unasked() == 0
    record = TaxRecord("123-45-67891", "계속사업자", "일반", "GENERAL", NOW)
    case.store.put_tax({record.number: record})
    session.receipts = (replace(session.receipts[0], tax=record), session.receipts[1])
    assert session.left_unasked() == 1
    case.close()
