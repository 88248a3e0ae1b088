"""What the table says without being asked: the tax type in a word, sums at its foot, and no filter left on nothing."""

import csv
import io
from dataclasses import replace
from datetime import date

import pandas as pd
import panel as pn
import pytest
from bokeh.document import Document
from bokeh.document.events import ColumnsPatchedEvent
from bokeh.models import ColumnDataSource

from tests.kit.filed import filed
from tests.kit.receipts import NOW, receipt
from workbench.domain.model import TaxFailure, TaxRecord
from workbench.page import Workbench
from workbench.review import columns, filters, tax_words, texts
from workbench.review.copying import as_text
from workbench.review.filters import Filter
from workbench.review.session import Session
from workbench.review.totals import shown

NUMBER = "123-45-67891"


def told(code, status="계속사업자", source="nts", **more):
    return TaxRecord(NUMBER, status, f"{code}인 사업자", code, NOW, source, **more)


@pytest.mark.parametrize(
    ("answer", "word", "tone"),
    [
        (told("GENERAL"), "일반", "plain"),
        (told("SIMPLIFIED"), "간이", "plain"),
        (told("EXEMPT"), "면세", "plain"),
        (told("UNKNOWN"), "모름", "warning"),
        (told("GENERAL", source="standin"), "일반 모의", "plain"),
        (told("NOT_REGISTERED", ""), "미등록", "bad"),
        (told("GENERAL", "폐업자", closed_on=date(2025, 1, 1)), "폐업", "bad"),
        (told("GENERAL", "폐업자", closed_on=date(2025, 12, 1)), "일반", "plain"),  # closed after the purchase
        (told("GENERAL", "휴업자"), "휴업", "bad"),
        (TaxFailure(NUMBER, "no-key", "키가 없습니다.", NOW), "✕ 키 없음", "bad"),
    ],
)
def test_the_tax_type_is_one_short_word(answer, word, tone):
    said = tax_words.chip(replace(receipt(), tax=answer))
    assert said[:2] == (word, tone)
    assert said[2]
    assert tax_words.cell(replace(receipt(), tax=answer)).split("\n")[0] == word


def test_an_answer_to_a_number_since_corrected_is_no_word():
    assert tax_words.chip(replace(receipt(business_number="220-81-62517"), tax=told("GENERAL")))[0] == ""
    assert tax_words.cell(receipt()) == ""


def test_the_foot_sums_won_and_each_currency_and_counts_what_has_no_amount():
    abroad = {"total": None, "supply": None, "vat": None}
    rows = [
        receipt(1, total="9007199254740993"),
        receipt(2, total="-7"),
        receipt(3, **abroad, currency="USD", foreign_total="0.10"),
        receipt(4, **abroad, currency="USD", foreign_total="1000.20"),
        receipt(5, **abroad, currency="JPY", foreign_total="300"),
        receipt(6, **abroad),
    ]
    foot = shown(rows)
    assert (foot.count, foot.unknown) == (6, 1)
    assert dict(foot.won)["합계"] == 9007199254740986
    assert foot.foreign == (("JPY", "300"), ("USD", "1,000.30"))


def test_a_filter_lets_go_when_its_last_row_is_solved_but_not_when_it_finds_nothing(tmp_path):
    one = {"business_number": NUMBER, "issued_at": "2026-11-02 12:10:00", "merchant": "견본상회"}
    case = filed(tmp_path, {**one, "total": "0"}, {**one, "total": "5000", "issued_at": "2026-11-03 09:00"})
    session = Session(case, "kim")
    session.filter = Filter(findings=("zero",), search="견본")
    (row,) = session.rows
    session.correct("7,000", "total", row.id)
    assert session.filter == Filter(search="견본")
    assert len(session.rows) == 2
    assert session.notice.text == texts.FILTER_DONE
    session.filter = Filter(month="1999-01")
    assert (session.rows, session.filter.month) == ((), "1999-01")
    session.tick()
    assert session.filter.month == "1999-01"
    case.close()


def test_rows_are_ordered_by_the_word_that_stands_in_the_cell():
    pile = [replace(receipt(n), tax=told(code)) for n, code in enumerate(("EXEMPT", "GENERAL", "SIMPLIFIED"))]
    assert [tax_words.chip(r)[0] for r in filters.ordered(pile, "tax", False)] == ["간이", "면세", "일반"]


def test_rows_are_copied_as_excel_takes_them(tmp_path):
    case = filed(
        tmp_path, {"merchant": "=견본\t상회", "total": "-12000", "approval_number": "00123456"}, {"total": "9000"}
    )
    one, other = case.receipts()
    shown = ("merchant", "total", "approval_number", "file")
    assert as_text([one], shown).split("\t")[1:] == ["'=견본 상회", "-12000", '="00123456"', "1.jpg"]
    unread = replace(other, status="waiting", fields=(), findings=())
    assert as_text([unread], columns.choosable()).startswith("대기")  # and nothing is missing to say so
    lines = as_text([one, other], shown).splitlines()
    for name in (
        '"견본',
        '"견본"',
        '"견"본"',
    ):  # Excel takes a quote at the start for one around the cell, tabs and lines in it
        case.correct(other.id, "merchant", name)
        (row,) = csv.reader(io.StringIO(as_text([case.receipt(other.id)], shown)), delimiter="\t")
        assert row[1:3] == [name, "9000"]
    assert lines[0].split("\t") == ["상태", "상호", "합계", "승인번호", "파일"]
    assert [line.count("\t") for line in lines] == [4, 4, 4]
    case.close()


def test_several_findings_are_asked_for_at_once_and_each_is_let_go_by_itself(tmp_path):
    case = filed(tmp_path, {"total": "0"}, {"total": "9000"}, {"total": "9000", "kind": "cancelled"})
    bench = Workbench(case, "kim")
    session, bar = bench.session, bench.filters
    bar.heard({"finding": "zero"})
    bar.heard({"finding": "cancelled"})
    assert [r.file for r in session.rows] == ["1.jpg", "3.jpg"]
    assert [name for name, _ in bar.view["facets"]] == ["finding:zero", "finding:cancelled"]
    assert not {"zero", "cancelled"} & {code for code, _ in bar.view["findings"]}
    bar.heard({"drop": "finding:zero"})
    assert [r.file for r in session.rows] == ["3.jpg"]
    bar.heard({"drop": "owner"})  # no name of ours
    case.close()


def test_reading_an_area_ends_with_the_receipt(tmp_path):
    case = filed(tmp_path, {"total": "1000"}, {"total": "9000"})
    bench = Workbench(case, "kim")
    session = bench.session
    session.area_mode = True
    session.choose(session.chosen)
    assert session.area_mode
    session.move(1)
    assert not session.area_mode
    case.close()


def test_sorting_sends_no_rows_anew_and_what_comes_after_it_stands_in_the_order_of_the_pile(tmp_path):
    bench = Workbench(filed(tmp_path / "case", *({"merchant": name, "total": "1000"} for name in "나가다")))
    table, sent = bench.table.tabulator, []
    table.param.watch(lambda event: sent.append(list(event.new["merchant"])), "value")
    table.sorters = [{"field": "merchant", "dir": "asc"}]
    assert [one.value("merchant") for one in bench.session.rows] == ["가", "나", "다"]
    table.sorters = [{"field": "merchant", "dir": "desc"}]
    assert sent == []
    bench.session.correct("라", "merchant", bench.session.receipts[1].id)
    assert list(table.value["merchant"]) == ["나", "라", "다"]  # the browser sorts it
    table.sorters = []
    assert [one.value("merchant") for one in bench.session.rows] == ["나", "라", "다"]
    assert sent == []


def test_of_a_long_table_only_what_changed_is_sent(tmp_path):
    bench = Workbench(filed(tmp_path / "case", *({"merchant": f"견본상회 {n}", "total": "1000"} for n in range(60))))
    document, sent = Document(), []
    pn.panel(bench.table).server_doc(document)
    source = document.select_one({"type": ColumnDataSource})
    document.on_change(lambda event: sent.append(event) if getattr(event, "model", None) is source else None)
    first, second, *_ = (receipt.id for receipt in bench.session.receipts)
    bench.session.correct("다른 상회", "merchant", first)
    bench.session.mark(second)
    patches = [event.patches if isinstance(event, ColumnsPatchedEvent) else "all" for event in sent]
    assert {name for one in patches for name in one} <= {
        "merchant",
        "mark",
        "findings",
        "state",
        "confidence",
        "deduction",
    }
    assert sum(len(cells) for one in patches for cells in one.values()) <= 6
    assert (source.data["merchant"][0], bool(source.data["mark"][1])) == ("다른 상회", True)
    assert source.data["merchant"][0] == bench.table.tabulator.value["merchant"][0]
    bench.session.clear([first])
    assert len(source.data["merchant"]) == 59


def test_a_large_pile_is_scrolled_and_never_cut_into_pages(tmp_path):
    bench = Workbench(filed(tmp_path / "case", {"merchant": "견본상회", "total": "1000"}))
    table = bench.table.tabulator
    table.value = pd.concat([table.value] * 300, ignore_index=True)
    assert table.pagination is None  # Panel would, from 200 rows on, with as many as fit a hidden table
