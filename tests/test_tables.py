from datetime import UTC, datetime

import pandas as pd

from workbench.domain.model import Box, Correction, Field, Finding, Item, Line, Receipt
from workbench.pipeline.analysis import tables
from workbench.pipeline.analysis.compare import compare
from workbench.pipeline.storage.journal import Entry

AT = datetime(2025, 10, 3, 6, 26, tzinfo=UTC)


def receipt(name="r1", **changes):
    return Receipt(name, f"{name}.jpg", "ab" * 32, 1, 1, **({"status": "read"} | changes))


def test_items_have_whole_won_and_what_is_missing_is_na():
    goods = (Item("김밥", 2, 3500, 7000, Box(1, 2, 3, 4)), Item("콜라", None, None, 2000))
    frame = tables.items([receipt(items=goods), receipt("r2")])
    assert list(frame.columns)[:3] == ["receipt_id", "number", "name"]
    assert list(frame["number"]) == [1, 2]
    assert frame["amount"].sum() == 9000
    assert frame["amount"].dtype == frame["quantity"].dtype == "Int64"
    assert frame["unit_price"].isna().tolist() == [False, True]
    assert frame["left"].isna().tolist() == [False, True]


def test_lines_carry_text_confidence_and_box():
    frame = tables.lines([("r1", (Line("합계", 0.5, Box(1, 2, 3, 4), 1.5),)), ("r2", ())])
    assert frame.to_dict("records") == [
        {"receipt_id": "r1", "number": 1, "text": "합계", "confidence": 0.5, "left": 1.0, "top": 2.0, "right": 3.0,
         "bottom": 4.0, "angle": 1.5}
    ]  # fmt: skip


def test_findings_name_their_fields_and_an_unreadable_receipt_has_one():
    found = Finding("warning", "합이 맞지 않습니다.", ("supply", "vat"), "sum", ("r9",))
    frame = tables.findings([receipt(findings=(found,)), receipt("r2", status="failed", error="열 수 없습니다.")])
    assert frame["fields"].tolist() == ["supply, vat", pd.NA]
    assert frame["links"].tolist() == ["r9", pd.NA]
    assert frame["code"].tolist() == ["sum", "failed"]
    assert (frame.dtypes == "string").all()


def test_corrections_tell_what_held_before_each_word():
    ours = {"r1": receipt(fields=(Field("total", "12000"),))}
    words = [("correct", "total", "12500"), ("correct", "total", ""), ("correct", "total", None),
             ("correct", "merchant", "가나상회"), ("approve", None, None)]  # fmt: skip
    journal = [Entry(n, "r1", action, field, value, "kim", AT) for n, (action, field, value) in enumerate(words)]
    frame = tables.corrections(journal, ours)
    assert frame["action"].tolist() == ["correct", "empty", "undo", "correct", "approve"]
    assert frame["before"].tolist() == ["12000", "12500", pd.NA, pd.NA, pd.NA]
    assert frame["value"].tolist() == ["12500", pd.NA, pd.NA, "가나상회", pd.NA]
    assert frame["read"].tolist() == ["12000", "12000", "12000", pd.NA, pd.NA]
    assert frame["at"].tolist() == [pd.Timestamp("2025-10-03 15:26")] * 5  # Korean time


def test_empty_tables_keep_their_columns_and_dtypes():
    for frame in (tables.items([]), tables.lines([]), tables.findings([]), tables.corrections([], {})):
        assert frame.empty
        assert frame.columns[0] == "receipt_id"
        assert frame["receipt_id"].dtype == "string"
    assert tables.items([])["amount"].dtype == "Int64"
    assert tables.corrections([], {})["at"].dtype == "datetime64[us]"


def test_comparison_shows_what_changed_and_judges_it_by_the_human_value():
    said = (Correction("12500", "kim", AT),)
    before = receipt(fields=(Field("total", "12000", corrections=said), Field("vat", "1136"), Field("supply", "9")))
    after = receipt(fields=(Field("total", "12500", corrections=said), Field("vat"), Field("supply", "9")))
    frame = compare([before, receipt("gone")], [after]).set_index("field")
    assert frame.loc["total", ["before", "after", "change", "human", "verdict"]].tolist() == [
        "12000", "12500", "changed", "12500", "better",
    ]  # fmt: skip
    assert frame.loc["vat", "change"] == "lost"
    assert "supply" not in frame.index
    assert frame["change"].tolist()[-1] == "missing"
    worse = compare([after], [before])
    assert worse["verdict"].tolist()[0] == "worse"
    assert compare([after], [after]).empty


def test_comparison_tells_of_readings_that_fail():
    frame = compare([receipt()], [receipt(status="failed", error="열 수 없습니다.")])
    assert frame["change"].tolist() == ["unreadable"]
