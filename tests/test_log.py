import io
import json
import logging

import pytest

from workbench import log
from workbench.log import OneLine, event

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
    assert third["where"][0].startswith("test_log.py:")


def test_line_ends_in_facts_make_no_second_line(lines):
    event("odd", kind='a\n{"event": "forged"}\x1b[31m')
    assert len(lines()) == 1


def test_logs_turn_over(tmp_path, monkeypatch):
    before = logging.getLogger().handlers[:]
    monkeypatch.setattr(log, "MAX_BYTES", 2_000)
    try:
        log.start(tmp_path / "logs" / "workbench.jsonl")
        for number in range(100):
            event("tick", number=number)
        logging.getLogger().handlers[0].close()
    finally:
        logging.getLogger().handlers[:] = before
        logging.getLogger().setLevel(logging.WARNING)
    assert len(list((tmp_path / "logs").iterdir())) > 1
