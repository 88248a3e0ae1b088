import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

import workbench
from tests.kit.receipts import NOW, receipt
from workbench.domain.model import Correction, Finding, TaxRecord
from workbench.pipeline.validation import duplicates
from workbench.review import cells, filters, texts
from workbench.review.filters import Filter


def with_findings(one, *findings):
    return replace(one, findings=findings)


def test_what_is_missing_comes_before_what_is_broken():
    one = with_findings(
        receipt(issued_at=None),
        Finding("error", "합이 맞지 않습니다.", ("total", "vat")),
        Finding("warning", "거래일시를 찾지 못했습니다.", ("issued_at",)),
    )
    assert filters.problems(one) == ("issued_at", "total", "vat")


def test_a_sum_over_many_fields_is_one_problem():
    one = with_findings(receipt(), Finding("error", "합", ("total", "supply", "vat", "exempt"), "sum"))
    assert filters.problems(one) == ("total",)


def test_what_a_person_has_judged_is_no_problem_any_more():
    one = receipt()
    judged = one.with_field(replace(one.field("total"), corrections=(Correction("60000", "kim", NOW),)))
    assert filters.problems(with_findings(judged, Finding("error", "합", ("total",)))) == ()


def test_a_rule_that_a_persons_word_breaks_asks_for_the_next_field_of_the_rule():
    one = with_findings(receipt(), Finding("error", "합이 다릅니다.", ("total", "supply", "vat"), "sum"))
    for name in ("total", "supply", "vat"):
        one = one.with_field(replace(one.field(name), corrections=(Correction("1", "kim", NOW),)))
        assert filters.state_of(one) == "open"
        assert name not in filters.problems(one)
    assert filters.problems(one) == ()


def test_a_finding_about_the_whole_receipt_keeps_it_open():
    assert filters.state_of(with_findings(receipt(), Finding("warning", "중복", (), "duplicate"))) == "open"
    assert filters.state_of(with_findings(receipt(), Finding("info", "주말", (), "weekend"))) == "clear"
    assert filters.state_of(replace(receipt(), status="approved")) == "approved"


def test_filters_are_all_fulfilled():
    pile = [receipt(1), receipt(2, merchant="나라상회"), receipt(3, issued_at="2026-01-02")]
    found = filters.chosen(pile, Filter(merchant="가나다상회", month="2025-10"), lambda r: "")
    assert [r.file for r in found] == ["사진 1.jpg"]
    assert filters.chosen(pile, Filter(search="나라 "), lambda r: r.value("merchant") or "") == [pile[1]]
    assert filters.chosen(pile, Filter(ids=(pile[2].id,)), lambda r: "") == [pile[2]]


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(states=("approved", "changed")), Filter(findings=("sum", "old")), Filter(tax="면세"),
        Filter(month="2026-01"), Filter(merchant="다른상회"), Filter(deduction="공제 후보"), Filter(search="찾을 글"),
    ],
    ids=str,
)  # fmt: skip
def test_each_part_of_a_filter_leaves_out_what_does_not_fulfil_it(wanted):
    answer = TaxRecord("123-45-67891", "계속사업자", "면세", "EXEMPT", NOW)
    all_of_it = replace(
        with_findings(receipt(2, merchant="다른상회", issued_at="2026-01-02"), Finding("error", "합", (), "sum")),
        status="approved", tax=answer, deduction="공제 후보",
    )  # fmt: skip
    found = filters.chosen([receipt(1), all_of_it], wanted, lambda r: "찾을 글" if r is all_of_it else "")
    assert found == [all_of_it]


def test_amounts_are_ordered_as_numbers_and_empty_ones_come_last():
    pile = [receipt(1, total="9000"), receipt(2, total=None), receipt(3, total="10000")]
    assert [r.value("total") for r in filters.ordered(pile, "total", False)] == ["9000", "10000", None]
    assert [r.value("total") for r in filters.ordered(pile, "total", True)] == ["10000", "9000", None]


def test_every_finding_that_can_be_chosen_has_a_korean_name() -> None:
    """Codes are looked up in the source itself: a new check without a name would show its English code on the page."""
    made = {kind.code for kind in duplicates._KINDS if kind.severity != "info"}
    written = set()
    for path in Path(workbench.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and path.parent.name != "review":
                written.add(node.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                severity, _, *rest = (getattr(argument, "value", None) for argument in node.args)
                if severity != "info" and len(rest) > 1 and isinstance(rest[1], str):
                    made.add(rest[1])
    tax = {f"tax-{code}" for code in texts.TAX_FAILURE}
    assert len(made) > 25
    assert made | tax <= set(texts.FINDING), "a finding without a Korean name"
    assert set(texts.FINDING) - tax <= written, "a name for a finding that nothing makes"
    assert all(re.search("[가-힣]", name) for name in texts.FINDING.values())


@pytest.mark.parametrize("column", ["findings", "deduction"])
def test_the_arrow_keys_go_through_the_list_as_it_is_sorted_on_screen(column):
    papers = [
        with_findings(receipt(), Finding("warning", "하나", ()), Finding("warning", "둘", ())),
        with_findings(receipt(), Finding("error", "합", ())),
        replace(receipt(), deduction="불공제"),
        replace(receipt(), deduction="공제"),
    ]
    on_screen = sorted((p for p in papers if cells.cells_of(p)[column]), key=lambda p: cells.cells_of(p)[column])
    assert [p for p in filters.ordered(papers, column, False) if cells.cells_of(p)[column]] == on_screen
