"""Sums over receipts: what counts, and what does not count twice."""

from dataclasses import replace

from tests.kit.receipts import receipt
from workbench.pipeline.tax.deduction import CANDIDATE
from workbench.review.totals import shown, summed

ABROAD = {"currency": "USD", "foreign_total": "22.00"}


def test_the_foot_counts_each_receipt_in_one_currency():
    rows = [
        receipt(1, total="1000", supply="909", vat="91"),
        receipt(2, total="30800", supply=None, vat=None, **ABROAD),  # won are known: they count
        receipt(3, total=None, supply=None, vat=None, **ABROAD),
        receipt(4, total=None, supply=None, vat=None, currency=None, foreign_total="3.50"),
        receipt(5, total=None, supply=None, vat=None),
    ]
    foot = shown(rows)
    assert (foot.count, foot.unknown) == (5, 1)
    assert [amount for _, amount in foot.won] == [31800, 909, 91]
    assert foot.foreign == (("?", "3.50"), ("USD", "22.00"))


def test_the_summary_counts_what_was_read_and_the_tax_of_candidates_alone():
    candidate = replace(receipt(1, total="1100", vat="100"), deduction=CANDIDATE, seconds=2.0)
    other = replace(
        receipt(2, total="2200", vat="200", merchant="다른상회", issued_at="2026-01-02"), deduction="확인 필요"
    )
    failed = replace(receipt(3, total="9", vat="9"), status="failed", deduction=CANDIDATE)
    blank = replace(receipt(4, total="7"), kind="blank")
    found = summed([candidate, other, failed, blank], most=1)
    assert (found.count, found.total, found.deductible_vat, found.seconds) == (3, 3300, 100, 2.0)
    assert [(one.key, one.won, one.count) for one in found.by_merchant] == [("다른상회", 2200, 1)]
    assert [(one.key, one.won) for one in found.by_deduction] == [("확인 필요", 200), (CANDIDATE, 100)]
    assert [one.key for one in found.by_month] == ["2025-10", "2026-01"]
    assert (found.states["clear"], found.states["failed"]) == (2, 1)
