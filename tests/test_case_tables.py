import subprocess
import sys

import pandas as pd
import pytest

from tests.kit.processes import environment
from tests.kit.scripted import SETTINGS, picture
from workbench import Case, concat
from workbench.domain.errors import CaseError
from workbench.domain.model import Box, Field, Geometry, Reading

TOTAL = Field("total", "11000", "11,000", 0.99, Box(10, 220, 300, 250))


@pytest.fixture
def case(tmp_path):
    case = Case.open(tmp_path / "가나 <b>", SETTINGS)
    ids = case.add(*((f"{i} <i>.png", picture(shade=i)) for i in range(3))).new
    for name, total in zip(ids, ("11000", "22000", "330000"), strict=True):
        kept = Field("total", total, total, 0.99, TOTAL.box)
        case.store.put_page(name, (Reading(Geometry(size=(400, 400)), (), fields=(kept,)),))
    yield case
    case.close()


def ids_of(case):
    return [receipt.id for receipt in case.receipts()]


def test_what_was_added_is_told_in_words(case):
    assert repr(case.add(("a.png", picture(shade=9)), ("b.txt", b"?"))).startswith(
        "새 영수증 1, 이미 있음 0, 넣지 못함 1\n"
    )


def test_the_summary_counts_and_escapes(case):
    case.correct(ids_of(case)[0], "total", "12,000", by="kim")
    html = case._repr_html_()
    assert "364,000원 (3장)" in html
    assert "사람이 고친 영수증</th><td style='text-align:left'>1장" in html
    assert "가나 &lt;b&gt;" in html
    assert "<b>" not in html


def test_choosing_by_query_with_the_callers_names(case):
    limit = 20_000  # noqa: F841  # the query names it
    assert case.choose("total > @limit") == ids_of(case)[1:]
    assert case.choose(case.frame().query("total < @limit")) == ids_of(case)[:1]
    with pytest.raises(CaseError, match="조건을 이해하지 못했습니다"):
        case.choose("totl > 1")


def test_tables_hold_what_people_did(case):
    first = ids_of(case)[0]
    case.correct(first, "total", "12,000", by="kim")
    case.approve(first, by="lee")
    said = case.corrections()
    assert said[["by", "action", "before", "value"]].iloc[0].tolist() == ["kim", "correct", "11000", "12000"]
    assert case.frame().set_index("receipt_id").loc[first, "total"] == 12_000
    assert set(case.findings()["receipt_id"]) == set(ids_of(case))
    assert case.lines().empty
    assert case.items().empty


def test_a_later_reading_is_compared_and_the_human_value_stays(case):
    first, second, _ = ids_of(case)
    case.correct(first, "total", "12,000", by="kim")
    before = case.receipts()
    for name in (first, second):
        case.store.put_page(name, (Reading(Geometry(size=(400, 400)), (), fields=(Field("total", "12000"),)),))
    changed = case.compare(before)
    assert changed["receipt_id"].tolist() == [first, second]
    assert changed["before"].tolist() == ["11000", "22000"]
    assert changed["after"].tolist() == ["12000", "12000"]
    assert changed["human"].fillna("").tolist() == ["12000", ""]
    assert changed["verdict"].fillna("").tolist() == ["better", ""]
    assert case.receipt(first).value("total") == "12000"


def test_a_statement_is_joined(case):
    found = case.match(pd.DataFrame({"승인일자": ["2026-03-05"], "승인금액": ["330,000"]}))
    assert list(found.matched["total"]) == [330_000]
    assert len(found.receipts_only) == 2


def test_several_cases_in_one_table(case, tmp_path):
    other = Case.open(tmp_path / "other", SETTINGS)
    other.add(("c.png", picture(shade=5)))
    table = concat([case, other])
    assert list(table.columns[:2]) == ["case", "receipt_id"]
    assert list(table["case"]) == ["가나 <b>"] * 3 + ["other"]
    assert table["total"].dtype == "Int64"
    other.close()
    named = concat({"a": case, "b": tmp_path / "other"}, table="findings")
    assert set(named["case"]) == {"a"}
    with pytest.raises(CaseError, match="이름이 같은"):
        concat([case, case])
    with pytest.raises(CaseError, match="사건 폴더가 아닙니다"):
        concat([tmp_path / "nowhere"])
    assert not (tmp_path / "nowhere").exists()


STARTED_BEFORE = """
import sys
import numpy as np
from workbench.app import start
start()
assert "holoviews" not in sys.modules
from workbench.notebook import boxed
import holoviews as hv
assert hv.render(boxed(np.zeros((40, 40, 3), np.uint8)))
"""


def test_a_picture_is_drawn_where_panel_was_started_before_holoviews_was_loaded():
    subprocess.run([sys.executable, "-c", STARTED_BEFORE], check=True, env=environment(), timeout=300)


def test_a_picture_with_the_box_of_a_field(case):
    first = ids_of(case)[0]
    import holoviews as hv

    paper, boxes, names = case.show(first, "total")
    assert isinstance(paper, hv.RGB)
    assert boxes.data[["x0", "y0", "x1", "y1"]].iloc[0].tolist() == [10, 150, 300, 180]  # y counts upwards here
    assert names.data["항목"].tolist() == [" 합계 "]
    assert case.show(first, "total", zoom=True).opts.get("plot").kwargs["ylim"] == (60, 270)
    with pytest.raises(CaseError, match="그림에서 읽은 자리가 없는 항목입니다: 부가세"):
        case.show(first, "vat")
