"""Fields from drawn lines: a plain slip, and lines that mean nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.rows import lines
from workbench.domain.model import SURE, Box, Line
from workbench.pipeline.extraction import extract

SLIP = lines(
    "가나다식당 시험점",
    "123-45-67891 TEL:02-123-4567",
    "서울특별시 시험구 보기로 1",
    "거래일시: 2025-04-08 11:22:33",
    "상품명|수량|금액",
    "보기정식|1|11,000",
    "과세물품가액|10,000",
    "부 가 세|1,000",
    "합 계|11,000",
    "[시험카드] 4265-86**-****-****",
    "승인번호: 31415926",
)


def read(found: tuple[Line, ...]) -> dict[str, str | None]:
    return {field.name: field.read for field in extract(found, (700, 900)).fields}


def test_a_plain_slip_gives_its_fields() -> None:
    fields = read(SLIP)
    assert fields["merchant"] == "가나다식당 시험점"
    assert fields["business_number"] == "123-45-67891"
    assert fields["issued_at"] == "2025-04-08 11:22:33"
    assert (fields["total"], fields["supply"], fields["vat"]) == ("11000", "10000", "1000")
    assert fields["card_number"] == "4265-86**-****-****"
    assert fields["approval_number"] == "31415926"


def test_of_two_approvals_the_payments_own_comes_first_and_the_other_is_told() -> None:
    paid = lines("결제내역", "승인번호|20260914330307625", "현금영수증(소득공제)", "승인번호|505657480")
    found = extract(paid, (700, 900))
    assert read(paid)["approval_number"] == "20260914330307625"
    assert any("505657480" in f.message and "approval_number" in f.fields for f in found.findings)


def test_an_amount_in_won_before_the_word_makes_no_other_sales_approval_of_it() -> None:
    assert read(lines("가나다상회", "합계|8,000원", "카드결제 8,000원 승인 14901904"))["approval_number"] == "14901904"
    assert "approval_number" not in read(lines("가나다상회", "합계|8,000원", "원승인번호: 14901904"))


def test_a_digit_that_one_reader_lost_from_a_long_number_is_taken_from_the_other_and_told() -> None:
    slip = lines("승인정보(고객용)", "승인번호|2026092336021781")
    found = extract(slip, (700, 900), lambda box: "20260923336021781")
    (field,) = (f for f in found.fields if f.name == "approval_number")
    assert field.read == "20260923336021781"
    assert field.confidence < 0.95
    assert any("approval_number" in f.fields for f in found.findings)


def test_no_lines_are_no_receipt() -> None:
    assert extract((), (10, 10)).kind == "not_receipt"


def test_a_box_thinner_than_any_print_is_left_out() -> None:
    page = [Line("0", 0.0, Box(-28.0, 0.0, -27.0, 1.0)), Line("0", 0.0, Box(-1.0, -1e-308, 0.0, 0.0))]
    assert extract(page, (10, 10)).kind == "not_receipt"


number = st.floats(allow_nan=True, allow_infinity=True, width=32)
any_line = st.builds(
    Line,
    st.text(max_size=30) | st.from_regex(r"[0-9,.:/* -]{0,25}", fullmatch=True),
    st.floats(0, 1),
    st.builds(Box, number, number, number, number) | st.builds(Box, *(st.floats(-5, 2000),) * 4),
    number,
)


@settings(max_examples=200)
@given(st.lists(any_line, max_size=25))
def test_no_lines_make_it_raise(found: list[Line]) -> None:
    extract(tuple(found), (1000, 1000))


def test_kinds_of_paper() -> None:
    def kind(*rows: str) -> str:
        return extract(lines(*rows), (700, 900)).kind

    assert kind("택시", "운행 요금|5,300원", "이 화면은 증빙으로 사용할 수 없습니다.") == "app_screen"
    assert kind("픽업번호 7", "포장주문", "메뉴|수량|금액", "비빔밥|1|9,200", "합계|9,200") == "order_slip"
    assert kind("오늘의 날씨", "맑음") == "not_receipt"
    assert kind("BOOK SHOP LONDON", "THANK YOU FOR SHOPPING", "TOTAL|£ 12.50", "VISA CARD") == "foreign"
    assert kind("가나다상회 123-45-67891", "합계|1,000", "체크카드 취소 시 환급까지 사흘") != "cancelled"


def test_a_cash_receipt_tells_its_use() -> None:
    rows = ("현금영수증(소득공제)", "가나다상회", "사업자번호 123-45-67891", "합계|1,000")
    assert extract(lines(*rows), (700, 900)).kind == "cash_receipt_personal"
    business = tuple(row.replace("소득공제", "지출증빙") for row in rows)
    assert extract(lines(*business), (700, 900)).kind == "cash_receipt_business"


def test_goods_are_read_with_quantity_and_price() -> None:
    found = extract(
        lines("가나다상회", "상품명|단가|수량|금액", "비빔밥|8,000|2|16,000", "할인쿠폰|-1,000", "합계|15,000"),
        (700, 900),
    )
    first, second = found.items
    assert (first.name, first.quantity, first.unit_price, first.amount) == ("비빔밥", 2, 8000, 16000)
    assert second.amount == -1000
    assert next(f for f in found.fields if f.name == "total").read == "15000"


def field(name: str, *rows: str, again: str | None = None) -> tuple[str | None, float]:
    """Value and confidence of one field, where another reader sees `again` in every line (None: as the first)."""
    drawn = lines(*rows)
    texts = {line.box: line.text if again is None else again for line in drawn}
    found = {f.name: f for f in extract(drawn, (700, 900), lambda box: texts[box]).fields}
    return (found[name].read, found[name].confidence) if name in found else (None, 0.0)


def test_a_day_without_its_time_asks_for_a_look_unless_the_paper_prints_none() -> None:
    day = ("가나다식당", "123-45-67891", "거래일시: 2025-04-08", "거래일자: 2025-04-08", "합계|11,000")
    assert field("issued_at", *day)[0] == "2025-04-08"
    assert field("issued_at", *day)[1] < 0.95
    assert field("issued_at", "전자세금계산서", *day)[1] >= 0.95


def test_a_time_glued_to_its_day_is_read() -> None:
    assert field("issued_at", "가나다식당", "거래일시|25/11/1422:24:34")[0] == "2025-11-14 22:24:34"


def test_of_two_times_a_ride_s_beginning_is_never_sure() -> None:
    assert field("issued_at", "택시", "승차시간 2025-04-08 05:01", "합계|4,600")[1] < 0.95


def test_an_amount_before_a_label_is_no_age_and_a_discount_no_exempt_sum() -> None:
    fuel = ("과세:23,091|세액:2,309", "합계 : 25,400원")
    assert [field(name, *fuel)[0] for name in ("supply", "vat", "total")] == ["23091", "2309", "25400"]
    parked = ("주차요금|91,000원", "할인요금|1,000원", "90,000원", "공급가액|81,818원", "부가세|8,182원")
    assert field("total", *parked)[0] == "90000"
    assert field("exempt", *parked)[0] is None


def test_a_printed_vat_that_contradicts_the_total_asks_for_a_look() -> None:
    slip = ("결제금액|{}", "(부가세포함)|(3,000)", "신용카드|{}")
    right, wrong = ([row.format(won) for row in slip] for won in ("33,000", "38,000"))
    assert field("total", *right)[1] >= 0.95
    assert field("total", *wrong)[1] < 0.95


def test_a_minus_lost_on_a_cancelled_slip_is_put_back() -> None:
    slip = ("신용카드 승인취소", "공급가액|10,545원", "부가세|-1,055원", "합계|-11,600원")
    assert [field(name, *slip)[0] for name in ("supply", "vat", "total")] == ["-10545", "-1055", "-11600"]


@pytest.mark.parametrize("label", ["가맹점번호", "단말기번호", "회원번호"])
def test_digits_behind_the_card_s_that_are_another_s_elsewhere_are_no_sure_approval(label: str) -> None:
    drawn = lines("가나다상회", "결제금액|11,000", "1234-56**-****-7890 00123456", f"{label} 00123456")
    texts = {line.box: line.text for line in drawn}
    found = {field.name: field for field in extract(drawn, (700, 900), texts.__getitem__).fields}
    assert "approval_number" not in found or found["approval_number"].confidence <= 0.9


def test_an_approval_number_behind_the_card_s_and_one_of_points() -> None:
    till = ("가나다마트", "0012 보기카드|400012**3456/31415926", "일시불 / 11,000")
    assert field("approval_number", *till)[0] == "31415926"
    both = (
        "보기포인트|40001234********",
        "적립포인트:|52",
        "승인번호:271828182",
        "보기카드|40005678****123*",
        "결제금액:11,000|승인번호:31415926",
    )
    value, sure = field("approval_number", *both)
    assert value == "31415926"
    assert sure >= SURE


def test_names_under_their_label_and_none_of_a_payment_agent() -> None:
    grid = ("판매자상호|대표자명", "가나다식당 시험점|홍길동", "사업자등록번호|전화번호", "123-45-67891|02-123-4567")
    assert field("merchant", *grid)[0] == "가나다식당 시험점"
    agent = ("판매자 정보", "상호|가나다식당", "결제대행사 정보", "상호|견본페이 주식회사")
    assert field("merchant", *agent)[0] == "가나다식당"
    assert field("merchant", *agent[2:])[0] is None
    notice = ("가맹점명, 가맹점주소가 실제와 다른", "경우 신고안내", "주문매장: 가나다식당 시험점")
    assert field("merchant", *notice)[0] == "가나다식당 시험점"


def test_on_a_poor_picture_two_readers_who_agree_are_no_proof() -> None:
    rows = lines("거래일시: 2025-04-08 11:22:33", "합계|11,000", "승인번호: 31415926", "감사합니다", "가나다식당")
    texts = {line.box: line.text for line in rows}
    clear = {f.name: f.confidence for f in extract(rows, (700, 900), lambda box: texts[box]).fields}
    poor = tuple(replace(line, confidence=0.8) if index % 2 else line for index, line in enumerate(rows))
    dim = {f.name: f.confidence for f in extract(poor, (700, 900), lambda box: texts[box]).fields}
    assert clear["approval_number"] >= 0.95 > dim["approval_number"]


def test_a_discount_taken_off_after_the_taxes_leaves_what_was_paid_and_split_payment_the_sum() -> None:
    sums = ("과세물품|10,000", "부가세|1,000", "합계|11,000")
    till = (*sums, "직원할인|-1,000", "결제대상금액|10,000", "카드결제|10,000")
    assert [field(name, *till)[0] for name in ("total", "supply", "vat")] == ["10000", "10000", "1000"]
    assert field("total", *sums, "보기페이|10,000", "보기페이 쿠폰|1,000", "결제금액|10,000")[0] == "11000"


def test_a_deposit_for_a_bag_is_no_part_of_the_vat() -> None:
    shop = ("합계|₩11,020", "과세물품가액|10,000", "부가세|1,000", "봉투보증금액|20")
    assert [field(name, *shop)[0] for name in ("total", "supply", "vat", "exempt")] == ["11020", "10000", "1000", "20"]


def test_a_smaller_payment_under_a_misread_discount_asks_for_a_look() -> None:
    till = ("과세물품|10,000", "부가세|1,000", "합계|11,000", "직원할인|-990", "결제대상금액|10,510", "카드결제|10,510")
    found = extract(lines(*till), (700, 900))
    assert any("total" in finding.fields for finding in found.findings)


def test_a_name_cut_in_its_column_is_one_and_a_bent_label_is_no_part_of_it() -> None:
    cells = (
        ("판매자상호", 40, 110),
        ("대표자명", 500, 90),
        ("가나다식당", 40, 110),
        ("시험점", 170, 60),
        ("홍길동", 500, 60),
    )
    page = tuple(
        Line(text, 0.99, Box(left, 40 + 40 * (n > 1), left + wide, 64 + 40 * (n > 1)))
        for n, (text, left, wide) in enumerate(cells)
    )
    assert {f.name: f.read for f in extract(page, (700, 200)).fields}["merchant"] == "가나다식당 시험점"
    bent = ["상효 : 가나다식당 시험점", "업태 소매|종목 잡화", "사업자번호 123-45-67891"]
    bracketed = ["[매상명] 가나다식당 시험점", "[사업자] 123-45-67891", "[대표자] 홍길동"]
    for rows in (bent, bracketed):
        assert field("merchant", "영수증", *rows)[0] == "가나다식당 시험점"


@pytest.mark.parametrize(
    "rows",
    [
        ["#034 가나다 시험점", "사업자번호 : 123-45-67891", "대표자 : 홍길동"],
        [
            "가맹점명, 가맹점 주소가",
            "실제와 다른 경우 신고 안내",
            "가나다 시험점|TID :***2415155",
            "홍길동 123-45-67891",
        ],
        ["[취소]", "가나다 시험점", "123-45-67891 홍길동"],
        ["홍길동 123-45-67891", "가나다 시험점", "TEL 02-123-4567"],
    ],
)
def test_a_chains_number_a_notice_and_an_owner_are_no_part_of_a_name(rows: list[str]) -> None:
    assert field("merchant", *rows)[0] == "가나다 시험점"


def test_a_name_is_sure_by_two_supports_alone() -> None:
    assert field("merchant", "가나다 시험점", "123-45-67891", "합계|5,000")[1] >= 0.95
    assert field("merchant", "날마다 새로운 즐거움", "123-45-67891", "합계|5,000")[1] < 0.95


def test_a_firm_behind_digits_was_begun_in_other_print() -> None:
    assert field("merchant", "(주)가나다 123-45-67891", "합계|5,000")[1] >= 0.95
    assert field("merchant", "000 (주)가나다 123-45-67891", "합계|5,000")[1] < 0.95


@pytest.mark.parametrize(("beside", "shop"), [("새길", "새길"), ("4100257", "가온몰"), ("포장", "가온몰")])
def test_a_malls_form_names_its_tenant(beside: str, shop: str) -> None:
    rows = ["가온몰", "사업자번호: 123-45-67891", "대표: 홍길동", f"매장: {beside}", "TEL. 02-123-4567", "합계|5,000"]
    assert field("merchant", *rows)[0] == shop


def test_a_name_with_trade_and_branch_is_whole_without_the_logo_above_it() -> None:
    found = field("merchant", "GARAM MALL", "누리카페 보기점 123-45-67891", "합계|5,000")
    assert (found[0], found[1] >= 0.95) == ("누리카페 보기점", True)
    assert field("merchant", "GARAM", "누리백화점 보기점 123-45-67891", "합계|5,000")[1] < 0.95


def test_two_rows_named_like_branches_speak_for_each_other() -> None:
    found = field("merchant", "가온(하행선)휴게소", "열린매장3", "123-45-67891", "합계|5,000")
    assert (found[0], found[1] >= 0.95) == ("가온(하행선)휴게소 열린매장3", True)


@pytest.mark.parametrize("before", [True, False])
def test_a_number_beside_a_discount_is_a_partners(before: bool) -> None:
    partner = ["[카 드 번 호] 2917-1013-****-1747", "[승 인 번 호] 30384947", "[할 인 금 액] 1,200 원"]
    paid = ["[시험카드] 6556-20**-****-5200", "[금액] 10,800원(일시불)", "(70242703) 일시불"]
    slip = ["합 계|12,000", "제휴할인|-1,200", "받을금액|10,800"]
    rows = [*slip, *partner, "신용카드 전표", *paid] if before else [*slip, *paid, "제휴사 전표", *partner]
    assert field("approval_number", *rows)[0] == "70242703"


@pytest.mark.parametrize(
    ("rows", "shop"),
    [
        (["가온몰 보기점", "무지누리", "123-45-67891 홍길동"], "무지누리"),
        (["[누리] 보기점", "사업자번호: 123-45-67891"], "누리 보기점"),
        (["NR25", "도담보기점", "123-45-67891"], "NR25 도담보기점"),
        (["상호: 누리분식", "지점: 보기점", "사업자번호 123-45-67891"], "누리분식 보기점"),
        (["누리분식", "매장명|보기점", "사업자번호 123-45-67891"], "누리분식 보기점"),
        (["123-45-67891", "누리분식", "홍길동 02-123-4567"], "누리분식"),
        (["사 업 장 : 누리분식", "사업자번호 123-45-67891"], "누리분식"),
        (["이용가맹점|누리분식"], "누리분식"),
        (["누리꽃", "보기몰점", "법인명 : 주식회사 가온", "123-45-67891"], "누리꽃 보기몰점"),
    ],
)
def test_a_name_is_found_by_where_papers_print_it(rows: list[str], shop: str) -> None:
    assert field("merchant", *rows, "거래일시 2026-03-04 12:33:10", "합계|5,000")[0] == shop


@pytest.mark.parametrize("printed", ["3141 5926", "3141-5926", "3 1 4 1 5 9 2 6", "314 159 26"])
def test_an_approval_printed_apart_is_one_number(printed: str) -> None:
    rows = ["가나다 시험점", "123-45-67891", "카드번호 4265-86**-****-****", f"승인번호: {printed}", "합계|5,000"]
    assert field("approval_number", *rows)[0] == "31415926"


def test_the_approval_that_a_cancellation_takes_back_is_no_rival() -> None:
    page = lines("가나다 시험점", "123-45-67891", "원승인번호 27182818", "승인번호 31415926", "합계|5,000")
    found = extract(page, (700, 900))
    assert next(f.read for f in found.fields if f.name == "approval_number") == "31415926"
    assert not any("approval_number" in finding.fields for finding in found.findings)


def test_firm_and_shop_are_two_fields() -> None:
    rows = ["상호: (주)모아푸드", "매장명: 가나다 시험점", "사업자번호: 123-45-67891", "합계|5,000"]
    assert field("merchant", *rows)[0] == "가나다 시험점"
    assert field("company", *rows)[0] == "(주)모아푸드"


@pytest.mark.parametrize("rows", [["누리분식", "보기점"], ["푸른빌딩 주차장"], ["가온 약국"]])
def test_a_brand_of_its_trade_is_sure_with_its_branch_or_above_its_number(rows: list[str]) -> None:
    found = field("merchant", *rows, "123-45-67891", "합계|5,000")
    assert (found[0], found[1] >= 0.95) == (" ".join(rows), True)
    assert field("merchant", "누리새길", "보기점", "123-45-67891", "합계|5,000")[1] < 0.95


@pytest.mark.parametrize(("heading", "sure"), [("판매자정보", True), ("고객정보", False)])
def test_a_number_under_a_sellers_heading_is_the_sellers(heading: str, sure: bool) -> None:
    rows = ["결제대행 가온페이", heading, "상호: 누리분식", "사업자번호: 123-45-67891", "합계|5,000"]
    assert (field("business_number", *rows)[1] >= 0.95) == sure


def test_a_malls_branch_printed_large_gives_way_to_the_tenant_that_a_label_names() -> None:
    rows = ["가상백화점 본점", "사업자 123-45-67891 대표 홍길동", "매장: 누리식당 보기점", "합계|5,000"]
    assert field("merchant", *rows)[0] == "누리식당 보기점"


@pytest.mark.parametrize("piece", ["업자", "표자명", "등록번", "No. 37"])
def test_a_piece_of_a_label_is_no_name(piece: str) -> None:
    found = read(lines(piece, "123-45-67891", "거래일시: 2025-04-08 11:22:33", "합계|5,000"))
    assert "merchant" not in found


def test_six_digits_of_an_approval_are_not_all_of_it() -> None:
    shown = lines(
        "가나다 시험점", "123-45-67891", "카드번호 4265-86**-****-****", "승인번호: 314159 확인", "합계|5,000"
    )
    texts = {line.box: line.text for line in shown}
    found = extract(shown, (700, 900), texts.__getitem__)
    assert all(f.confidence < SURE for f in found.fields if f.name == "approval_number")


def test_a_day_that_slipped_beside_the_label_is_no_approval() -> None:
    rows = ["가나다 시험점", "123-45-67891", "카드번호 4265-86**-****-****", "승인번호: 20250726", "합계|5,000"]
    assert "approval_number" not in read(lines(*rows))


def test_a_partners_long_number_stands_against_the_cards_eight_digits() -> None:
    partner = ("[제휴사] 보기멤버십", "[카드번호] 9989-1230-****-2528", "[승인번호] 587380045830")
    drawn = lines(*partner, "[금액] 24,000원(일시불)", "(43622391 | 일시불")
    texts = {line.box: line.text for line in drawn}
    found = extract(drawn, (700, 900), texts.__getitem__)
    (approval,) = [f for f in found.fields if f.name == "approval_number"]
    assert approval.read == "43622391" or any("approval_number" in finding.fields for finding in found.findings)
