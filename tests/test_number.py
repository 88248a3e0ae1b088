"""The seller's number, and how a bent one is mended."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.drawn_lines import business_number
from tests.kit.rows import lines
from workbench.domain.check_digit import is_valid
from workbench.domain.model import Box, Field, Finding, Line
from workbench.pipeline.extraction import extract
from workbench.pipeline.extraction.business_number import find_number
from workbench.pipeline.extraction.candidates import Again
from workbench.pipeline.extraction.digits import repairs, shape
from workbench.pipeline.layout.rows import rows_of


def find(*rows: str, again: str | None = None, sure: float = 0.99) -> tuple[Field | None, tuple[Finding, ...]]:
    read = None if again is None else lambda _: again
    return find_number(rows_of(replace(line, confidence=sure) for line in lines(*rows)), Again(read))


@given(st.integers(0, 10**6), st.integers(0, 9), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(seed: int, place: int, step: int) -> None:
    digits = business_number(random.Random(seed)).replace("-", "")
    assert is_valid(shape(digits))
    wrong = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    assert not is_valid(shape(wrong))


@pytest.mark.parametrize("number", ["000-00-00000", "100-00-00009", "123-45-67890"])
def test_dummies_do_not_hold(number: str) -> None:
    assert not is_valid(number)


def test_known_repairs() -> None:
    assert repairs("1248100996") == ["124-81-00998"]
    assert sorted(repairs("1243100998")) == ["124-31-00993", "124-81-00998"]


def test_the_number_beside_its_label() -> None:
    field, findings = find("가나다식당", "사업자번호 : 123-45-67891")
    assert field is not None
    assert field.read == "123-45-67891"
    assert field.confidence >= 0.95
    assert findings == ()


def test_a_bare_number_among_telephones() -> None:
    field, _ = find("가나다상회|010-1234-5678", "주식회사보기|1234567891", "전화 0310000000")
    assert field is not None
    assert field.read == "123-45-67891"
    assert field.confidence < 0.95


def test_the_payment_agents_number_is_not_the_sellers() -> None:
    field, _ = find("가나다상회", "777-77-77770", "카드결제대행:(주)보기본사", "123-45-67891")
    assert field is not None
    assert field.read == "777-77-77770"


def test_the_buyers_number_is_not_the_sellers() -> None:
    field, _ = find("공급자 등록번호 777-77-77770", "공급받는자", "등록번호 123-45-67891")
    assert field is not None
    assert field.read == "777-77-77770"


def test_the_sellers_section_wins_over_the_platforms() -> None:
    field, _ = find(
        "가맹점 정보", "사업자등록번호|1234567891", "판매자 정보", "판매자 상호|가나다반점", "사업자등록번호|7777777770"
    )
    assert field is not None
    assert field.read == "777-77-77770"


def test_one_confused_digit_is_mended_and_told() -> None:
    field, findings = find("가나다상회", "사업자번호 124-81-00996")
    assert field is not None
    assert (field.read, field.raw) == ("124-81-00998", "124-81-00996")
    assert field.confidence < 0.95
    assert [f.code for f in findings] == ["repaired"]


def test_one_lost_digit_is_found_by_the_check_digit() -> None:
    field, findings = find("가나다상회", "사업자번호 12거-45-67891")
    assert field is not None
    assert field.read == "123-45-67891"
    assert [f.code for f in findings] == ["repaired"]


def test_two_repairs_are_no_repair() -> None:
    field, _ = find("가나다상회", "사업자번호 124-31-00998")
    assert field is not None
    assert field.read == "124-31-00998"
    assert field.confidence < 0.5


def test_the_other_reader_confirms_a_repair() -> None:
    field, findings = find("가나다상회", "사업자번호 124-81-00996", again=":124-81-00998")
    assert field is not None
    assert field.read == "124-81-00998"
    assert field.confidence >= 0.95
    assert findings == ()


@pytest.mark.parametrize("first", ["124-31-00998", "124-8-00998"])
def test_a_number_that_only_the_other_reader_sees_hold_is_taken_and_asked_about(first: str) -> None:
    """Where both misread the same digit one in ten holds by chance."""
    field, findings = find("가나다상회", f"사업자번호 {first}", again=":124-81-00998")
    assert field is not None
    assert field.read == "124-81-00998"
    assert 0.5 < field.confidence < 0.95
    assert findings == ()


def test_the_other_reader_may_disagree() -> None:
    field, findings = find("가나다상회|1234567891", again="7777777770")
    assert field is not None
    assert field.confidence < 0.95
    assert [f.code for f in findings] == ["doubt"]


def test_no_number_is_no_field() -> None:
    assert find("가나다상회", "TEL 02-123-4567") == (None, ())


def test_the_box_shows_the_number() -> None:
    field, _ = find_number(rows_of([Line("번호 123-45-67891", 0.99, Box(0, 0, 170, 20))]), Again(None))
    assert field is not None
    assert field.box is not None
    assert field.box.left > 40


def test_a_lone_number_where_a_buyer_is_named_is_doubtful() -> None:
    field, findings = find(
        "세금계산서", "공급받는자", "상호 (주)보기", "대표 홍길동", "주소 가상시", "등록번호 123-45-67891"
    )
    assert field is not None
    assert field.confidence < 0.95
    assert [f.code for f in findings] == ["doubt"]


@pytest.mark.parametrize("print_", ["1 2 3 - 4 5 - 6 7 8 9 1", "1|23-45-67891", "123- 4 5 -67 891"])
def test_digits_printed_apart_are_one_number_where_the_check_digit_holds(print_: str) -> None:
    field, _ = find("가나다백화점", print_, "T. 02-123-4567")
    assert field is not None
    assert field.read == "123-45-67891"
    assert find("가나다백화점", print_.replace("1", "2"))[0] is None


@pytest.mark.parametrize(
    "printed", ["214 86 39239", "214-8639239", "21486-39239", "2 1 4 8 6 3 9 2 3 9", "214_86_39239"]
)
def test_behind_its_label_a_number_that_holds_is_read_with_any_marks(printed: str) -> None:
    field, _ = find(f"사업자번호: {printed}")
    assert field is not None
    assert field.read == "214-86-39239"
    assert find(f"전화 {printed}")[0] is None


def test_a_number_that_holds_but_was_read_badly_is_asked_for_once_more() -> None:
    field, findings = find("가나다식당", "사업자번호 : 123-45-67891", again="124-81-00998")
    assert field is not None
    assert (field.read, field.confidence, findings) == ("123-45-67891", 0.99, ())
    field, findings = find("가나다식당", "사업자번호 : 123-45-67891", again="123-45-67891", sure=0.9)
    assert field is not None
    assert field.confidence == 0.99
    field, findings = find("가나다식당", "사업자번호 : 123-45-67891", again="124-81-00998", sure=0.9)
    assert field is not None
    assert field.confidence < 0.95
    assert [f.code for f in findings] == ["doubt"]


def test_a_number_printed_twice_is_the_seller_s_even_beside_an_agent() -> None:
    field, findings = find(
        "가나다마트", "123-45-67891", "카드결제대행: (주)견본 본사", "합계|1,000", "(주)가나 123-45-67891 대표:홍길동"
    )
    assert field is not None
    assert field.confidence >= 0.95
    assert findings == ()


@pytest.mark.parametrize("misread", ["024-81-00998", "1Z4-8거-0O998", "124-81-009", "124-81"])
def test_a_labelled_number_that_cannot_be_one_leaves_another_in_doubt(misread: str) -> None:
    field, findings = find("보기상회", f"사업자등록번호 {misread}", "합계 1,000", "사업자번호 : 220-81-62517")
    assert field is not None
    assert field.read == "220-81-62517"
    assert field.confidence < 0.95
    assert any(misread in finding.message and finding.fields == ("business_number",) for finding in findings)


@pytest.mark.parametrize("heads", ["공급받는자|공급자", "결제대행사|판매자"])
def test_halves_may_stand_the_other_way_round(heads: str) -> None:
    rows = ("구매영수증", heads, "등록번호|123-45-67891|등록번호|777-77-77770", "상호|구매보기(주)|상호|가나다상회")
    field, _ = find(*rows)
    assert field is not None
    assert field.read == "777-77-77770"
    found = {one.name: one for one in extract(lines(*rows, "결제금액|11,000"), (700, 900)).fields}
    assert found["merchant"].read == "가나다상회"


def test_the_left_half_of_a_tax_invoice_is_the_seller_s_whatever_else_its_row_labels() -> None:
    halves = "|".join(f"등록번호|{number}|종사업장번호" for number in ("123-45-67891", "777-77-77770"))
    for heads in ("공급자|공급받는자", "문서번호 12"):
        field, findings = find("전자세금계산서", heads, halves, "상호|가나다상회|상호|나머지(주)")
        assert (field and field.read, findings) == ("123-45-67891", ())


def test_two_numbers_of_which_nothing_says_whose_they_are_stay_in_doubt() -> None:
    field, findings = find(
        "거래명세표", "사업자등록번호|777-77-77770|사업자등록번호|123-45-67891", "상호|가나다상회|상호|나머지(주)"
    )
    assert field is not None
    assert field.confidence < 0.95
    assert "후보가 더 있습니다" in findings[0].message


def test_a_party_s_name_on_a_form_is_nobody_s() -> None:
    rows = ("영수증", "판매자|구매자", "123-45-67891|777-77-77770", "가나다상회|구매보기(주)", "결제금액|11,000")
    read = {one.name: one.read for one in extract(lines(*rows), (700, 900)).fields}
    assert read["business_number"] == "123-45-67891"
    assert read.get("merchant") in (None, "가나다상회")


def test_a_number_under_an_agent_named_in_a_sentence_is_not_the_sellers() -> None:
    field, _ = find("판매자 정보", "상호|가나다상회", "결제서비스 제공: 모의페이(주)", "사업자등록번호 124-81-00998")
    assert field is not None
    assert field.confidence < 0.95


def test_of_halves_whose_rows_a_tilt_moved_apart_the_right_one_is_never_sure() -> None:
    field, _ = find("계산서", "공급자||등록번호|220-81-62517", "등록번호 124-81-00998|공급받는자", "합계 1,000")
    assert field is not None
    assert field.read == "124-81-00998" or field.confidence < 0.95
