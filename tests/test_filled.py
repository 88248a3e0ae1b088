"""Fields that people fill in: never read from a paper, completed from the case, filled down, in every table."""

from dataclasses import replace

import pandas as pd

from tests.kit.filed import filed
from tests.kit.receipts import receipt
from workbench.domain import schema
from workbench.domain.model import Box, Correction, Item, Line
from workbench.page import Workbench
from workbench.pipeline.extraction import extract
from workbench.review import columns, suggest
from workbench.review.goods import goods
from workbench.review.session import Session

PAPER = {"merchant": "견본상회", "business_number": "123-45-67891"}


def pile(folder, count=4):
    return filed(folder, *({**PAPER, "issued_at": f"2026-11-0{n + 1}", "total": "1000"} for n in range(count)))


def test_nothing_printed_is_taken_for_what_people_fill_in():
    lines = [Line(f"{schema.spec(name).label}: 견본", 0.99, Box(0, 40 * n, 300, 40 * n + 30))
             for n, name in enumerate(schema.FILLED)]  # fmt: skip
    assert not {field.name for field in extract(lines).fields} & set(schema.FILLED)
    assert suggest.picks(receipt(), "note", lines) == ()


def test_what_was_filled_in_is_offered_most_used_first_and_stands_in_table_frame_and_exports(tmp_path):
    case = pile(tmp_path / "case")
    first, second, third, _ = (r.id for r in case.receipts())
    for name, value in ((first, "회의비"), (second, "접대비"), (third, "접대비")):
        case.correct(name, "account", value, by="kim")
    bench = Workbench(case, "kim")
    bench.session.choose(first, "account")
    assert list(bench.editor.view["used"]) == ["접대비", "회의비"]
    assert [field["name"] for field in bench.editor.view["own"]] == list(schema.FILLED)
    assert "account" in columns.choosable()
    assert list(bench.table.tabulator.value["account"]) == ["회의비", "접대비", "접대비", ""]
    frame = case.frame()
    assert list(frame["account"])[:3] == ["회의비", "접대비", "접대비"]
    assert list(frame.columns).index("account") > list(frame.columns).index("corrected")
    assert not frame["corrected"].any()
    read = (
        pd.read_csv(case.export(tmp_path / "a.csv")),
        pd.read_excel(case.export(tmp_path / "a.xlsx"), engine="openpyxl"),
    )
    assert [table["계정과목"][1] for table in read] == ["접대비", "접대비"]
    assert case.receipt(first).spoken_of
    case.close()


def test_filling_down_leaves_what_stands_there_and_is_one_step(tmp_path):
    case = pile(tmp_path)
    session = Session(case, "kim")
    ids = [r.id for r in session.receipts]
    session.correct("출장", "purpose", ids[1])
    session.marked = tuple(ids[:3])
    session.fill("purpose", " 회식 ")
    assert [r.value("purpose") for r in session.receipts] == ["회식", "출장", "회식", None]
    assert "2건에 채웠습니다" in session.notice.text
    assert "1건은 그대로" in session.notice.text
    session.undo()
    assert [r.value("purpose") for r in session.receipts] == [None, "출장", None, None]
    session.redo()
    assert [r.value("purpose") for r in session.receipts] == ["회식", "출장", "회식", None]
    session.undo()
    session.approve(ids[0], sure=[f.message for f in session.receipts[0].open_findings])
    assert session.receipts[0].status == "approved"
    session.fill("purpose", "회식")  # the approval is bound to what was seen
    assert session.receipts[0].status == "read"
    assert "승인했던 1건은" in session.notice.text
    session.fill("total", "1")  # what a paper shows is never filled down
    assert {r.value("total") for r in session.receipts} == {"1000"}
    case.close()


def test_a_filled_field_is_no_correction_of_the_machine():
    one = receipt()
    word = Correction("접대비", "kim", None)
    filled = one.with_field(replace(one.field("account"), corrections=(word,)))
    assert (filled.corrected, filled.spoken_of, one.spoken_of) == (False, True, False)


def test_goods_are_shown_with_their_distance_to_the_total():
    shown = goods(replace(receipt(total="2000"), items=(Item("연필", 3, 500, 1500), Item("자", None, None, 300))))
    assert shown["rows"] == [["연필", "3", "500", "1,500"], ["자", "", "", "300"]]
    assert (shown["sum"], shown["same"], shown["differs"]) == ("품목의 합 1,800원", False, "합계와의 차이 -200원")
    assert goods(replace(receipt(total="1800"), items=(Item("자", amount=1800),)))["same"] is True
    assert goods(replace(receipt(), items=(Item("자", amount=None),)))["same"] is None
    assert goods(replace(receipt(), items=())) is None
