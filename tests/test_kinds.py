"""What sort of paper it is, and what a reviewer is told of it; sentences about other papers change nothing."""

import random
from datetime import date

import pytest

from tests.kit.drawn_kinds import FAMILIES, plain_sale, quotation, uses
from tests.kit.drawn_lines import draw
from tests.kit.rows import lines
from workbench.domain.model import Receipt
from workbench.pipeline.extraction import KINDS, NO_EVIDENCE, extract
from workbench.pipeline.extraction.document_type import titles
from workbench.pipeline.layout.rows import rows_of
from workbench.pipeline.validation.checks import check
from workbench.review import texts

SEEDS = 40


def found_in(page):
    found = extract(page.lines, page.size, page.again(random.Random(0)))
    receipt = Receipt(
        "", "", "", 1, 1, "read", found.kind, fields=found.fields, items=found.items, read_findings=found.findings
    )
    return receipt, check(receipt, date(2027, 1, 1))


def kind(*rows):
    return extract(lines(*rows)).kind


def codes(*rows):
    return {f.code: f.severity for f in extract(lines(*rows)).findings}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_a_paper_is_what_its_title_says(family):
    for seed in range(SEEDS):
        page = draw(seed, family)
        receipt, findings = found_in(page)
        assert receipt.kind in page.kinds, (seed, receipt.kind)
        assert receipt.value("total") == page.truth["total"], seed
        assert ("kind" in {f.code for f in findings}) == (receipt.kind in NO_EVIDENCE), seed


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_a_bent_letter_makes_no_other_paper_of_it(family):
    for seed in range(SEEDS):
        page = draw(seed, family, mistakes=0.02)
        receipt, _ = found_in(page)
        if receipt.kind not in page.kinds:  # a bent title is no longer known, and the paper then passes for a receipt
            assert receipt.kind in ("receipt", "pos_receipt", "card_slip", "not_receipt", "medical"), (
                seed,
                receipt.kind,
            )


def test_a_ride_is_known_by_where_it_ended():
    ride = "승차일시|2026-03-04 09:10", "하차일시|2026-03-04 09:31", "결제금액|8,300원", "신용카드|4265-86**-****-****"
    assert kind("가나 택시", *ride, "승인번호|14901904") == "taxi"


def test_a_footnote_speaks_of_other_papers_in_vain():
    for seed in range(SEEDS):
        _, findings = found_in(draw(seed, plain_sale))
        assert not {"kind", "voucher", "no-cash-receipt", "list", "cancelled"} & {f.code for f in findings}, seed


def test_a_bill_that_was_paid_is_evidence():
    bill = ("납부고지서", "사업자번호: 123-45-67891", "납부하실 금액|33,000")
    assert kind(*bill) == "bill"
    assert kind(*bill, "수납완료 2026-10-05") != "bill"


def test_titles_are_short_rows_without_values():
    rows = rows_of(draw(1, quotation).lines)
    assert any("견적" in title or "QUOTATION" in title for title in titles(rows))
    assert not any("공급자" in title for title in titles(rows_of(lines("공급자: 가온상회", "견적금액|50,000"))))


def test_cash_without_a_cash_receipt_is_told():
    sale = ("합계|{}", "받은금액|50,000", "현금영수증 미발급")
    assert codes(sale[0].format("42,000"), *sale[1:])["no-cash-receipt"] == "warning"
    assert codes(sale[0].format("9,000"), *sale[1:])["no-cash-receipt"] == "info"
    assert kind("사업자번호: 123-45-67891", sale[0].format("42,000"), *sale[1:]) not in ("cash_receipt", "cancelled")


def test_a_copy_is_told_as_one():
    slip = ("사업자번호: 123-45-67891", "합계|42,000")
    for mark in ("[재발행]", "재발행일시: 2026-11-20 10:11", "본 영수증은 재발행된 사본입니다", "** COPY **", "(사본)"):
        assert "copy" in codes(*slip, mark), mark
    assert "copy" not in codes(*slip, "영수증 재발행은 고객센터로 문의해 주세요")


def test_a_list_of_uses_counts_them_and_takes_their_sum():
    page = draw(2, uses)
    receipt, findings = found_in(page)
    assert receipt.value("total") == page.truth["total"]
    assert any(f.code == "list" and "건" in f.message for f in findings)


def test_a_form_filled_by_hand_is_never_sure():
    form = (
        "영 수 증",
        "귀하",
        "사업자번호: 123-45-67891",
        "공급대가총액|₩55,000",
        "위 금액을 정히 영수함",
        "2026. 10. 7",
    )
    found = extract(lines(*form), again=lambda box: "55,000")
    assert found.kind == "simple_receipt"
    assert all(f.confidence < 0.95 for f in found.fields if f.name in ("total", "issued_at"))


def test_every_kind_has_a_name_and_every_finding_a_word():
    assert KINDS.keys() >= NO_EVIDENCE
    told = {"sign", "nothing-paid", "voucher", "no-cash-receipt", "copy", "list", "partial-cancel", "part-refund"}
    assert told <= texts.FINDING.keys()


ISSUERS = {
    "카드사: 비씨카드 승인번호: 77120034": "비씨카드",
    "카드종류: 신한카드 일시불": "신한카드",
    "발급사: 국민카드 매입사: 비씨카드": "국민카드",
    "카드사 : KB국민카드 체크": "KB국민카드 체크",
}


@pytest.mark.parametrize(("row", "issuer"), ISSUERS.items())
def test_the_issuer_ends_where_the_next_label_begins(row, issuer):
    found = extract(lines("사업자번호: 123-45-67891", "합계|9,000", "카드번호: 5387-20**-****-7719", row))
    assert next(f.read for f in found.fields if f.name == "card_issuer") == issuer


def test_a_wallet_is_no_issuer_where_a_cards_company_is_named():
    rows = (
        "결제수단: 삼성페이",
        "카드번호: 5387-20**-****-7719",
        "카드사 : 국민카드",
        "승인번호: 41220987",
        "합계|9,000",
    )
    assert next(f.read for f in extract(lines(*rows)).fields if f.name == "card_issuer") == "국민카드"


def test_approval_numbers_with_a_letter_need_their_label():
    def approval(*rows):
        return next((f.read for f in extract(lines(*rows, "합계|9,000")).fields if f.name == "approval_number"), None)

    assert approval("현금영수증(지출증빙)", "승인번호: G12345678") == "G12345678"
    assert approval("주문번호: B12345678") is None
    assert approval("주문번호|승인번호", "025036489990|27139144") == "27139144"  # in columns each label heads its value
