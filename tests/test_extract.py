"""Fields from drawn lines: a plain slip, and lines that mean nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.model import Box, Line
from workbench.pipeline.extract import extract


def lines(*rows: str) -> tuple[Line, ...]:
    """Rows of cells (cut at |) as the engine's lines, 40 px apart."""
    made = []
    for index, row in enumerate(rows):
        cells = row.split("|")
        for place, cell in enumerate(cells):
            left = 40 + 540 * place / max(len(cells) - 1, 1)
            top = 40 * index
            made.append(Line(cell.strip(), 0.99, Box(left, top, left + 14 * len(cell.strip()), top + 24)))
    return tuple(made)


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


def test_a_digit_that_one_reader_lost_from_a_long_number_is_taken_from_the_other_and_told() -> None:
    slip = lines("승인정보(고객용)", "승인번호|2026092336021781")
    found = extract(slip, (700, 900), lambda box: "20260923336021781")
    (field,) = (f for f in found.fields if f.name == "approval_number")
    assert field.read == "20260923336021781"
    assert field.confidence < 0.95
    assert any("approval_number" in f.fields for f in found.findings)


def test_no_lines_are_no_receipt() -> None:
    assert extract((), (10, 10)).kind == "not_receipt"


number = st.floats(allow_nan=True, allow_infinity=True, width=32)
any_line = st.builds(
    Line,
    st.text(max_size=30) | st.from_regex(r"[0-9,.:/* -]{0,25}", fullmatch=True),
    st.floats(0, 1),
    st.builds(Box, number, number, number, number) | st.builds(Box, *(st.floats(-5, 2000),) * 4),
    number,
)


@settings(max_examples=200, deadline=None)
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
