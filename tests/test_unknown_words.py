"""Papers say things in words that no list holds: what they then hide must not be given as sure."""

import random
from datetime import date

import pytest

from tests.kit import drawn_kinds, drawn_payments
from tests.kit.drawn_parties import PARTIES
from tests.kit.rows import lines
from tests.kit.unknown_words import with_unknown_words
from workbench.domain.model import SURE, Receipt
from workbench.pipeline.extraction import extract
from workbench.pipeline.validation.checks import check

SEEDS = 3
FAMILIES = {f.__name__: f for f in (*drawn_payments.FAMILIES, *drawn_kinds.FAMILIES)} | PARTIES


def read(given, size=(0, 0), again=None):
    """The receipt and the names of the fields that a warning or error names."""
    found = extract(given, size, again)
    receipt = Receipt(
        "", "", "", 1, 1, "read", found.kind, fields=found.fields, items=found.items, read_findings=found.findings
    )
    return receipt, {n for f in check(receipt, date(2027, 1, 1)) if f.severity != "info" for n in f.fields}


def sure(receipt, named, name):
    return receipt.value(name) if receipt.field(name).confidence >= SURE and name not in named else None


@pytest.mark.parametrize("family", FAMILIES)
def test_a_word_that_no_list_holds_makes_nothing_silently_wrong(family):
    for seed in range(SEEDS):
        for what, page in with_unknown_words(FAMILIES[family], seed):
            receipt, named = read(page.lines, page.size, page.again(random.Random(seed)))
            for name, want in page.truth.items():
                if name == "merchant":  # the branch may be printed with it or not
                    continue
                assert sure(receipt, named, name) in (None, want, want[:16], want[:10]), (seed, what, name)


HEAD = ("가온슈퍼 보기점", "사업자번호: 214-86-39239", "거래일시: 2026-03-04 12:33:10")


@pytest.mark.parametrize("title", ["무승인취소", "망상취소", "매출전표(취소분)", "VOID SALE", "[직권 취소]"])
def test_a_title_that_may_mean_a_cancellation_is_told(title):
    receipt, named = read(lines(*HEAD, title, "합계|15,000", "결제금액|15,000"))
    assert sure(receipt, named, "total") is None


@pytest.mark.parametrize(
    "notice",
    ["환불규정", "교환/환불", "취소/환불 안내", "반품 불가 상품", "출발 1일전 취소 10%", "결제취소 기한: 2026-03-11"],
)
def test_a_notice_of_cancelling_makes_no_doubt(notice):
    receipt, named = read(lines(*HEAD, "합계|15,000", "결제금액|15,000", notice))
    assert sure(receipt, named, "total") == "15000"


@pytest.mark.parametrize(
    "rows",
    [
        ("운임|59,800", "취소수수료|5,900", "환불금액|53,900"),
        ("합계|21,000", "우수고객 마음|2,100", "카몬 돈|18,900"),
        ("합계|12,000", "멤버십포인트 전액결제|12,000", "카드결제|0"),
        ("주차요금|9,000", "보루|-9,000", "차온|0"),
        ("과세물품|10,000", "부가세|1,000", "면세물품|5,000", "합계|16,000", "카몬|100", "결제금액|16,100"),
        ("합계|33,000", "루가|3,000", "총 지불|36,000"),
        ("TOTAL|33,000", "루가|3,000", "카몬|30,000"),
    ],
)
def test_arithmetic_that_no_word_explains_is_told(rows):
    page = lines(*HEAD, *rows)
    receipt, named = read(page, again=lambda box: next(line.text for line in page if line.box == box))
    assert sure(receipt, named, "total") is None


@pytest.mark.parametrize(
    "rows",
    [
        ("보루값|12,400원", "통행료|1,000원"),
        ("요금|11,400원", "보루값|1,000원"),
        ("승차요금|11,400", "보루값|600", "할증|2,000"),
        ("결제요금: 11,400원", "보루값: 1,400원"),
        ("합계|21,000", "보루|-2,000"),
        ("합계|21,000", "사용포인트|-2,000"),
    ],
)
def test_money_that_a_lone_total_has_nothing_to_do_with_is_told(rows):
    page = lines(*HEAD, *rows)
    receipt, named = read(page, again=lambda box: next(line.text for line in page if line.box == box))
    assert sure(receipt, named, "total") is None


def test_what_explains_itself_makes_no_doubt():
    for rows in (
        ("합계|33,000", "공급가액|30,000", "부가세|3,000", "결제금액|33,000"),
        ("합계|33,000", "받은금액|50,000", "거스름돈|17,000", "결제금액|33,000"),
        ("합계|33,000", "결제금액|33,000", "적립포인트|330", "누적포인트|12,000"),
        ("결제요금|12,400원", "-현금결제|12,400원"),
        ("승차요금|12,400원",),
        ("합계|33,000", "받은금액|50,000", "거스름돈|17,000"),
        ("합계|33,000", "잔액|120,000", "적립포인트|330"),
        ("우유|2,000", "할인|-500", "빵|4,500", "합계|6,000", "결제금액|6,000"),
    ):
        page = lines(*HEAD, *rows)
        receipt, named = read(page, again=lambda box, page=page: next(ln.text for ln in page if ln.box == box))
        assert sure(receipt, named, "total") is not None, rows


def test_the_original_sales_time_is_not_the_cancellations():
    rows = ("사루: 2026-03-04 12:33:10", "원거래일시: 2026-03-04 01:00", "합계|-15,000")
    receipt, named = read(lines("승인취소", *HEAD[:2], *rows))
    assert sure(receipt, named, "issued_at") in (None, "2026-03-04 12:33:10")


def test_a_loyalty_cards_number_alone_is_not_sure():
    receipt, named = read(lines(*HEAD, "합계|33,000", "멤버십 승인번호|90012345", "카드|33,000"))
    assert sure(receipt, named, "approval_number") is None


def test_a_company_that_takes_payments_is_no_sure_seller():
    rows = ("가맹점명|KG이니시스", "가맹점 사업자번호|220-81-62517", "승인금액|33,000", "승인번호|30012345")
    receipt, named = read(lines(*rows))
    assert sure(receipt, named, "merchant") is None
    receipt, named = read(lines(*rows, "하위가맹점명|가온공방", "하위 사업자번호|214-86-39239"))
    assert (receipt.value("merchant"), receipt.value("business_number")) == ("가온공방", "214-86-39239")


def test_cash_less_change_that_is_not_the_total_is_told():
    for rows in (
        ("합계|34,000", "회원할인|4,000", "현금|50,000", "거스름돈|20,000"),
        ("총액|34,000", "루가|4,000", "받은금액|40,000", "거스름|10,000"),
    ):
        receipt, named = read(lines(*HEAD, *rows))
        assert sure(receipt, named, "total") in (None, "30000"), rows
    receipt, named = read(lines(*HEAD, "합계|34,000", "결제금액|34,000", "받은금액|40,000", "거스름돈|6,000"))
    assert sure(receipt, named, "total") == "34000"


@pytest.mark.parametrize(
    "script", [("TOTAL|125.000", "CASH|200.000"), ("ລວມ|45,000", "ລວມທັງໝົດ|49,090"), ("ΣΥΝΟΛΟ|45,400",)]
)
def test_a_paper_without_hangul_or_won_has_no_sure_won(script):
    page = lines("BOGI MARKET", "04/03/2026 12:33", *script)
    receipt, named = read(page, again=lambda box: next(line.text for line in page if line.box == box))
    assert sure(receipt, named, "total") is None


def test_letters_behind_an_amount_do_not_cut_it():
    for mark in ("KRW", " KRW", "CR", "won"):
        receipt, _ = read(lines(*HEAD, f"합계|15,000{mark}", f"결제금액|15,000{mark}"))
        assert receipt.value("total") == "15000", mark
