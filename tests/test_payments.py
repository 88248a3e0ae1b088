"""What was paid: sums, reductions, refunds and several ways to pay, drawn as a reader's lines with known truth."""

import random
from datetime import date

import pytest

from tests.kit.drawn_lines import draw
from tests.kit.drawn_payments import FAMILIES, celled, several_ways
from tests.kit.rows import lines
from workbench.domain.model import Receipt
from workbench.pipeline.extraction import extract
from workbench.pipeline.validation.checks import SURE, check

WON = ("total", "supply", "vat", "card_amount")
SEEDS = 40


def receipt_of(page, rng=None, wrong=0.0):
    found = extract(page.lines, page.size, page.again(rng or random.Random(0), wrong))
    read = Receipt(
        "", "", "", 1, 1, "read", found.kind, fields=found.fields, items=found.items, read_findings=found.findings
    )
    return read, check(read, date(2027, 1, 1))


def read(*rows):
    """What rows whose cells "|" parts say."""
    return extract(lines(*rows))


def won(found):
    return {f.name: int(f.read) for f in found.fields if f.name in WON and f.read}


def codes(found):
    return {f.code for f in found.findings}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_every_amount_is_right_where_the_letters_are(family):
    for seed in range(SEEDS):
        page = draw(seed, family)
        receipt, _ = receipt_of(page)
        wanted = {name: value for name, value in page.truth.items() if name in WON}
        assert {name: receipt.field(name).read for name in wanted} == wanted, seed


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_a_misread_digit_is_told(family):
    for seed in range(SEEDS):
        page = draw(seed, family, mistakes=0.02)
        receipt, findings = receipt_of(page, random.Random(seed), 0.002)
        named = {name for f in findings if f.severity != "info" for name in f.fields}
        for name in {*WON} & page.truth.keys():
            field = receipt.field(name)
            assert field.read in (page.truth[name], None) or name in named or field.confidence < SURE, (seed, name)


def test_the_sign_of_a_receipt_is_that_of_its_parts():
    slip = ("공급가액|{}10,000", "부가세|{}1,000", "합계|{}11,000")
    back = {"total": -11000, "supply": -10000, "vat": -1000}
    for sign in ("-", "- ", "△", "▲", "−"):
        assert won(read(*(row.format(sign) for row in slip))) == back, sign
    assert won(read(*(row.format("-") for row in slip[:2]), "합계|11,000", "신용승인 취소")) == back


def test_one_minus_among_sums_without_is_a_stroke_and_doubted():
    for at in range(3):
        rows = [f"{label}|{'-' * (n == at)}{value}" for n, (label, value) in
                enumerate((("공급가액", "10,000"), ("부가세", "1,000"), ("합계", "11,000")))]  # fmt: skip
        found = read(*rows)
        assert won(found) == {"total": 11000, "supply": 10000, "vat": 1000}
        assert "sign" in codes(found)


def test_a_cancellation_without_a_sign_is_negative_and_doubted():
    found = read("승인취소", "합계|33,000")
    assert won(found)["total"] == -33000
    assert "sign" in codes(found)
    assert "sign" not in codes(read("승인취소", "취소금액|33,000"))  # the label says it


FOOTNOTES = (
    *("결제취소는 결제카드 지참 필수", "체크아웃 시 자동 취소됩니다", "승인취소 문의 1544-0000"),
    *("환불은 7일 이내 영수증 지참 시 가능", "카드 취소시 본 전표를 지참하십시오", "매출취소 시 3~5일 후 입금"),
    *("교환 및 환불규정: 구매 후 14일", "당일취소만 가능합니다", "취소 수수료가 부과될 수 있습니다"),
)


@pytest.mark.parametrize("footnote", FOOTNOTES)
def test_a_footnote_about_cancelling_cancels_nothing(footnote):
    found = read("신용카드 매출전표", "사업자번호: 123-45-67891", "합계|33,000", "승인번호: 12345678", footnote)
    assert won(found)["total"] == 33000
    assert found.kind == "card_slip"


def test_a_partners_discount_under_the_card_pays_a_part_of_the_sale():
    """A mobile carrier's discount is the carrier's payment: the till's sum and its taxes stay."""
    sums = ("과세물품가액|10,909", "부가세|1,091", "합계|12,000", "받을금액|12,000")
    found = read(*sums, "신용카드|10,800", "할인 내역", "제휴할인|1,200", "[금액]|10,800원")
    assert won(found) == {"total": 12000, "supply": 10909, "vat": 1091, "card_amount": 10800}


def test_the_part_that_a_card_paid_is_a_field_of_its_own():
    page = draw(3, several_ways)
    receipt, findings = receipt_of(page)
    assert receipt.field("card_amount").box is not None
    assert "split-payment" in {f.code for f in findings}
    assert "card_amount" not in won(read("합계|12,000", "신용카드|12,000"))


def test_an_amount_in_boxes_is_marked_as_a_whole():
    page = draw(1, celled)
    receipt, _ = receipt_of(page)
    digits = [line.box for line in page.lines if line.text.isdigit() and line.box.top == receipt.field("total").box.top]
    assert receipt.field("total").box.right >= max(box.right for box in digits)
    assert won(read("사과|3|2|1", "합계|9,000"))["total"] == 9000  # columns of counts are none
    assert won(read("가나다상회", "합계금액:3 5 0 0 0"))["total"] == 35000  # right behind its label


def test_nothing_paid_is_zero_and_told():
    found = read("주차요금|6,000원", "할인금액|-6,000원", "결제금액|0원")
    assert won(found) == {"total": 0}
    assert "nothing-paid" in codes(found)
    assert won(read("주차요금|0원", "결제금액|0원")) == {"total": 0}


SUMS = [
    "총구매액",
    "총매출",
    "매출액",
    "판매금액",
    "총판매금액",
    "상품금액",
    "합계금액",
    "주문합계",
    "주문금액",
    "구매금액",
    "총합계",
    "이용금액",
    "금액",
    "계",
    "소계",
    "상품계",
    "총액",
]
OFF = [
    "할인",
    "DC",
    "D/C",
    "할인쿠폰",
    "쿠폰할인",
    "포인트할인",
    "멤버십할인",
    "프로모션",
    "통신사할인",
    "에누리",
    "절사",
    "총할인",
    "KT할인",
    "SALE",
    "행사",
    "우대할인",
]
PAID = [
    "결제금액",
    "실결제금액",
    "현금",
    "카드",
    "체크카드",
    "신용카드",
    "삼성카드",
    "카카오페이",
    "간편결제",
    "승인금액",
    "청구금액",
    "합계",
    "받을금액",
    "순매출",
    "받은금액",
]


def test_whatever_the_three_rows_are_called_what_was_paid_is_the_total():
    """Sum, reduction, payment: the arithmetic between them decides, under any of their names."""
    rng = random.Random(5)
    for _ in range(250):
        first, off, last = rng.choice(SUMS), rng.choice(OFF), rng.choice(PAID)
        taxes = rng.choice([("과세물품|30,909", "부가세|3,091"), ("과세물품|27,273", "부가세|2,727"), ()])
        ladder = (f"{first}|34,000", f"{off}|{rng.choice(['-4,000', '4,000', '△4,000'])}", f"{last}|30,000")
        rows = (*ladder, *taxes) if rng.random() < 0.5 else (*taxes, *ladder)
        assert won(read("사업자번호: 123-45-67891", *rows, "승인번호: 12345678"))["total"] == 30_000, rows
