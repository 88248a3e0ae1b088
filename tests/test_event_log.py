import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import event_log
from workbench.domain.errors import QuotaUsedUp
from workbench.domain.model import TaxRecord
from workbench.event_log import OneLine, counted, event
from workbench.pipeline.tax.service import look_up_batches

SECRET = "가나다상회 4265-8698"


@pytest.fixture
def lines():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger("workbench").setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    logging.getLogger("workbench").setLevel(logging.NOTSET)


def test_an_event_is_one_line_with_its_facts(lines):
    event("files-added", case="0123", count=3)
    (line,) = lines()
    assert (line["event"], line["case"], line["count"], line["level"]) == ("files-added", "0123", 3, "info")


def test_nobodys_message_brings_a_receipt_into_the_log(lines):
    logging.getLogger("bokeh").error("error handling message: %r", SECRET)
    logging.getLogger("some.library").error(f"cannot read {SECRET}")
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("tornado.application").error("Uncaught %s", SECRET, exc_info=True)
    text = json.dumps(lines(), ensure_ascii=False)
    assert SECRET not in text
    first, second, third = lines()
    assert first["message"] == "error handling message: %r"
    assert "message" not in second
    assert third["error"] == "ValueError"
    assert third["where"][0].startswith("test_event_log.py:")


def test_counts_are_told_and_texts_are_not(lines):
    logging.getLogger("workbench").warning("%d of %d pages of %s: %s left", 3, 40, SECRET, 7)
    assert lines()[0]["message"] == "3 of 40 pages of %s: %s left"


@pytest.mark.parametrize(
    ("template", "arguments", "line"),
    [
        ("%d", (1234567890,), "%d"),  # as long as a business number
        ("%d", (-100_000,), "%d"),
        ("%5d %% of %d", (7, 9), "7 %% of 9"),
        ("%(count)d", ({"count": 3},), "%(count)d"),  # named ones are not looked at
        ("%d and %d", (1,), "%d and %d"),  # wrongly called: nothing is guessed
        ("%*d", (3, 4), "%*d"),
        ("no place", (), "no place"),
        ("%d", (True,), "%d"),
        ("%d", (1.5,), "%d"),
        ("%x", (255,), "%x"),
    ],
)
def test_only_a_plain_count_in_its_place_is_told(template, arguments, line):
    assert counted(template, arguments) == line


class Sly(int):
    """An int whose text is somebody else's."""

    def __str__(self):
        return SECRET

    __repr__ = __str__


def test_a_number_that_tells_a_text_is_none():
    assert counted("%d", (Sly(3),)) == "%d"


@given(st.lists(st.sampled_from(["%s", "%d", "%r", "%.1f", "%%", "%5d", " of ", "장 "])), st.lists(st.text(min_size=1)))
def test_no_text_gets_through_whatever_the_template(parts, texts):
    template = "".join(parts)
    assert counted(template, tuple(texts)) == template


def test_how_many_numbers_were_left_unanswered_and_why_is_told_without_any_of_them(lines):
    class Spent:
        source = "nts"

        def look_up(self, numbers: list[str]) -> dict[str, TaxRecord]:
            raise QuotaUsedUp

    list(look_up_batches(Spent(), ["111-11-11119", "123-45-67891"]))
    (line,) = lines()
    assert line["message"] == "Tax look-up: 2 of 2 numbers unanswered (quota)"
    assert "11119" not in json.dumps(line)


def test_line_ends_in_facts_make_no_second_line(lines):
    event("odd", kind='a\n{"event": "forged"}\x1b[31m')
    assert len(lines()) == 1


def test_logs_turn_over(tmp_path, monkeypatch):
    before = logging.getLogger().handlers[:]
    monkeypatch.setattr(event_log, "MAX_BYTES", 2_000)
    try:
        event_log.start(tmp_path / "logs" / "workbench.jsonl")
        for number in range(100):
            event("tick", number=number)
        logging.getLogger().handlers[0].close()
    finally:
        logging.getLogger().handlers[:] = before
        logging.getLogger().setLevel(logging.WARNING)
    assert len(list((tmp_path / "logs").iterdir())) > 1
