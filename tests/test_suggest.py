import pytest

from tests.kit.pile import lines_of, reading
from workbench.domain import schema
from workbench.domain.errors import WrongValue
from workbench.domain.model import Box, Line, Receipt
from workbench.review import suggest


def receipt(**wrong):
    fields = reading(0, **wrong).fields
    return Receipt("a-1-1", "a.jpg", "a" * 64, 1, 1, "read", fields=fields)


@pytest.mark.parametrize(
    ("field", "line", "value"),
    [
        ("total", "합계: 11,000", "11000"),
        ("total", "합 계 3 12,500원", "12500"),
        ("total", "결제금액 ₩ 7.800", "7800"),
        ("business_number", "사업자번호: 111-11-11119 대표: 홍길동", "111-11-11119"),
        ("business_number", "1111111119", "111-11-11119"),
        ("issued_at", "거래일시: 2026-03-05 12:33:10", "2026-03-05 12:33:10"),
        ("issued_at", "26/03/05", "2026-03-05"),
        ("approval_number", "승인번호: 12345678", "12345678"),
        ("card_number", "카드번호 4265-86**-****-1234", "4265-86**-****-1234"),
        ("merchant", "가맹점명: 가나다상회", "가나다상회"),
    ],
)
def test_the_value_is_taken_out_of_a_tapped_line(field, line, value):
    assert schema.parse(field, suggest.value_in(field, line)) == value


def test_a_line_without_such_a_value_is_refused_in_words():
    with pytest.raises(WrongValue, match="합계"):
        suggest.value_in("total", "감사합니다")


@pytest.mark.parametrize("line", ["거래일시: 2026-03-05 12:33:10", "12:33", "사업자번호: 111-11-11119"])
def test_times_and_numbers_are_no_amounts(line):
    with pytest.raises(WrongValue):
        suggest.value_in("total", line)


@pytest.mark.parametrize("line", ["02-0000-1234", "T. 1588-1234", "9430-12**-****-1234", "9430-1234-5678-1234"])
def test_parts_of_phone_and_card_numbers_are_no_picks_for_an_amount(line):
    lines = (*lines_of(0), Line(line, 0.99, Box(20, 600, 380, 640)))
    assert suggest.picks(receipt(total="1000"), "total", lines) == suggest.picks(
        receipt(total="1000"), "total", lines_of(0)
    )


def test_guesses_and_words_on_end_are_no_names_to_pick():
    name, guess = Line("라마바상회", 0.95, Box(20, 300, 320, 340)), Line("oWTJTJND", 0.49, Box(20, 400, 160, 440))
    on_end, later = Line("므리금금", 0.9, Box(20, 500, 60, 640)), Line("감사합니다", 0.99, Box(20, 900, 320, 940))
    assert suggest.picks(receipt(), "merchant", (later, on_end, guess, name)) == ("라마바상회",)


def test_what_no_field_can_hold_is_not_offered():
    def at(place, text):
        return Line(text, 0.99, Box(20, 40 * place, 320, 40 * place + 30))

    paper = (
        at(1, "라마바상회"), at(2, "구매 매장에서만 교환이 가능합니다."), at(3, "서울특별시 중구 가나로 12"),
        at(4, "20260305"), at(5, "8801234567893"), at(6, "30129876"), at(7, "합계 12,000"), at(8, "1,090"),
        at(9, "944117"), at(10, "70"), at(11, "0429-01-01"), at(12, "사아자분식"),
    )  # fmt: skip
    read = receipt(merchant=None, approval_number=None, total="12000", vat=None, supply=None, issued_at=None)
    assert suggest.picks(read, "merchant", paper) == ("라마바상회",)
    assert suggest.picks(read, "approval_number", paper) == ("30129876",)
    assert suggest.picks(read, "vat", paper) == ("1090",)
    assert "944117" not in suggest.picks(read, "supply", paper)
    assert "0429-01-01" not in suggest.picks(read, "issued_at", paper)
    assert not suggest.picks(receipt(business_number=None), "business_number", (at(13, "02-0000-1234"),))
    dated = receipt(issued_at="2026-03-05 12:33")
    assert "2026-03-05" not in suggest.picks(dated, "issued_at", (at(1, "2026-03-05"),))


def test_an_amount_below_nothing_keeps_its_sign():
    assert schema.parse("total", suggest.value_in("total", "합계 -12,500")) == "-12500"


def test_the_right_total_is_among_the_picks_and_the_present_one_is_not():
    found = suggest.picks(receipt(total="1000"), "total", lines_of(0))
    assert found[0] == "11000"
    assert "1000" not in found
    assert len(found) <= suggest.PICKS


def test_numbers_that_pass_the_check_digit_come_first():
    lines = (Line("123-45-67890", 0.99, Box(0, 0, 9, 9)), Line("111-11-11119", 0.7, Box(0, 20, 9, 29)))
    assert suggest.picks(receipt(business_number=None), "business_number", lines)[0] == "111-11-11119"


def test_every_field_has_a_way_to_be_picked():
    for spec in schema.FIELDS:
        for pick in suggest.picks(receipt(**{spec.name: None}), spec.name, lines_of(0)):
            assert schema.parse(spec.name, pick) == pick
