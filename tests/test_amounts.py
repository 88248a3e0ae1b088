"""Total, supply, VAT, exempt and service charge, chosen together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.rows import lines
from workbench.domain.model import SURE
from workbench.domain.vat import tenth
from workbench.pipeline.extraction import Extraction, extract


def read(*rows: str, again: dict[str, str] | None = None) -> Extraction:
    drawn = lines(*rows)
    texts = {line.box: (again or {}).get(line.text, "") for line in drawn}
    return extract(drawn, (700, 900), texts.__getitem__ if again else None)


def won(found: Extraction) -> dict[str, int]:
    names = ("total", "supply", "vat", "exempt", "service_charge")
    return {f.name: int(f.read or 0) for f in found.fields if f.name in names}


@given(st.integers(10, 2_000_000))
def test_supply_and_vat_of_any_total_are_a_tenth(total: int) -> None:
    supply = round(total / 1.1)
    assert tenth(supply, total - supply)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("합계|11,000", "부가세|1,000", "공급가액|10,000"), {"total": 11000, "supply": 10000, "vat": 1000}),
        (("주문금액|14.000", "총결제금액|14,.00"), {"total": 14000}),  # what a blot leaves of an amount is no amount
        (("커피|1,000", "합계|26., 400"), {"total": 26400}),  # a wide comma, seen as two marks
        (("합계|26.,.400",), {"total": 26400}),
        (("결제요금|27,700e",), {"total": 27700}),  # a bent 원
        (("합계|27,700원", "적립|1,500P"), {"total": 27700}),
        (("합계|27,700원", "생수 1,500ml|900"), {"total": 27700}),
        (("총 합 계|12,300", "할인|-8,100", "결제금액|4,200"), {"total": 4200}),
        (("합 계|36,700", "받은금액|50,000", "거스름돈|13,300"), {"total": 36700}),
        (("판매금액|90,909", "부가세|9,091", "합계|100,000"), {"total": 100000, "supply": 90909, "vat": 9091}),
        (("과세물품가액|1,364", "부가세|136", "면세물품가액|1,270", "합계|2,770"),
         {"total": 2770, "supply": 1364, "vat": 136, "exempt": 1270}),
        (("공급가액|100,000", "봉사료|10,000", "부가세|10,000", "합계|120,000"),
         {"total": 120000, "supply": 100000, "vat": 10000, "service_charge": 10000}),
        (("부가세 면세물품가액|21,300", "부가세|0", "합계|21,300"), {"total": 21300, "vat": 0, "exempt": 21300}),
        (("진료비총액|52,300", "공단부담금|38,000", "본인부담금|14,300"), {"total": 14300}),
        (("결제금액|24,300", "(부가세포함)|(2,209)"), {"total": 24300, "vat": 2209}),
        (("부가세율|부가세|정가|합계", "10%|1,000|10,000|11,000"), {"total": 11000, "supply": 10000, "vat": 1000}),
        (("함 게|11,000", "보카셰|1,000", "과셰물폼가액|10,000"), {"total": 11000, "supply": 10000, "vat": 1000}),
        (("총합계|18,700|할인|0", "과세금액|17,000|부가세액|1,700"), {"total": 18700, "supply": 17000, "vat": 1700}),
        (("합계", "11.000원"), {"total": 11000}),
    ],
)  # fmt: skip
def test_pages_of_amounts(rows: tuple[str, ...], expected: dict[str, int]) -> None:
    found = won(read("가나다상회", *rows))
    assert {name: value for name, value in found.items() if value or name in expected} == expected


def test_items_that_happen_to_add_up_are_no_supply_and_vat() -> None:
    found = won(read("상품명|수량|금액", "만두|1|10,000", "콜라|1|1,000", "합계|11,000"))
    assert found == {"total": 11000}


def test_a_proven_total_is_sure_and_a_lone_one_is_not() -> None:
    proven = {f.name: f.confidence for f in read("합계|11,000", "부가세|1,000", "공급가액|10,000").fields}
    assert min(proven["total"], proven["supply"], proven["vat"]) >= 0.99
    lone = {f.name: f.confidence for f in read("합계|11,000").fields}
    assert lone["total"] < 0.95


def test_the_other_reader_can_confirm_a_lone_total() -> None:
    found = read("가나다상회", "서울시 중구 남대문로 1", "합계|11,000", again={"11,000": "11,000"})
    assert {f.name: f.confidence for f in found.fields}["total"] >= 0.95


def test_the_other_readers_amount_wins_where_it_makes_the_sums_hold() -> None:
    found = read("공급가액|10,000", "부가세|1,000", "합계|17,000", again={"17,000": "11,000", "1,000": "1,000"})
    assert won(found) == {"total": 11000, "supply": 10000, "vat": 1000}
    assert [f.fields for f in found.findings if f.code == "repaired"] == [("total",)]
    assert next(f for f in found.fields if f.name == "total").raw == "17,000"


def test_vat_off_by_a_stroke_is_never_sure() -> None:
    found = read("공급가액|42,273", "부가세|4,1 ,227", "합계|46,500")
    assert [(f.read, f.confidence >= SURE) for f in found.fields if f.name == "vat"] == [("41227", False)]


def test_a_reduction_whose_name_is_bent_leaves_no_sure_total() -> None:
    found = read("과세금액|24,273", "세액|2,427", "합계|26,700", "멤버십포안트|5,300", "카드결제|21,400")
    assert all(f.confidence < SURE for f in found.fields if f.name == "total")


def test_an_amount_cut_in_two_is_marked_as_a_whole() -> None:
    (total,) = (f for f in read("공급가액|30,000", "부가세|3,000", "합계 3 3,000").fields if f.name == "total")
    (alone,) = (f for f in read("공급가액|30,000", "부가세|3,000", "합계 33,000").fields if f.name == "total")
    assert total.raw == "3 3,000"
    assert total.box is not None
    assert alone.box is not None
    assert abs(total.box.left - alone.box.left) < 10


def test_a_sum_that_fails_is_shown_and_not_sure() -> None:
    found = read("공급가액|10,000", "부가세|5,000", "합계|11,000")
    assert all(f.confidence < 0.95 for f in found.fields if f.name in ("supply", "vat"))


@pytest.mark.parametrize("label", ["합 계 :", "합계", "결제금액", "받을금액 :", "카드승인금액"])
@pytest.mark.parametrize(
    ("shown", "whole"),
    [
        ("3 3,000", 33_000),
        ("12 3,000", 123_000),
        ("1 13,000", 113_000),
        ("1 234,000", 1_234_000),
        ("₩ 3 3,000원", 33_000),
    ],
)
def test_digits_cut_off_before_a_thousands_group_are_read_or_doubted(label: str, shown: str, whole: int) -> None:
    row = f"{label} {shown}"
    found = read("가나다상회", row, again={row: f": {shown}"})
    total = next(f for f in found.fields if f.name == "total")
    assert total.confidence < SURE
    parts = (f"공급가액|{whole - round(whole / 11):,}", f"부가세|{round(whole / 11):,}")
    assert won(read("가나다상회", *parts, row, again={row: f": {shown}"}))["total"] == whole


def test_a_count_in_its_own_column_is_no_digit_of_the_total() -> None:
    found = read("가나다상회", "커피|2|7,000", "합계|2|7,000", again={"7,000": "7,000"})
    total = next(f for f in found.fields if f.name == "total")
    assert (total.read, total.confidence >= SURE) == ("7000", True)


@pytest.mark.parametrize(("supply", "vat"), [(100_000, 10_000), (50_000, 5_000), (2_000, 200)])
def test_an_amount_beside_another_is_no_part_of_it(supply: int, vat: int) -> None:
    row = f"{supply:,} {vat:,} {supply + vat:,}"
    found = read("가나다상회", "공급가액 부가세 합계", row, again={row: row})
    assert won(found) == {"total": supply + vat, "supply": supply, "vat": vat}
    assert all(f.confidence >= SURE for f in found.fields if f.name in ("total", "supply", "vat"))
    assert not found.findings


@pytest.mark.parametrize("label", ["합계수량/금액", "매수 합계", "건수 합계"])
def test_behind_a_word_for_counts_stands_a_count(label: str) -> None:
    assert won(read("가나다상회", "커피|1|2,000", "라떼|2|10,000", f"{label} 3 12,000"))["total"] == 12_000


@pytest.mark.parametrize("goods", [(2_000,), (2_000, 10_000), (3_000, 4_500, 4_500)])
def test_before_the_sum_of_the_goods_stands_a_count(goods: tuple[int, ...]) -> None:
    rows = [
        f"{name} {count} {price:,}"
        for name, count, price in zip(("커피", "라떼", "케이크"), (1, 2, 1), goods, strict=False)
    ]
    row = f"합계 3 {sum(goods):,}"
    found = read("가나다상회", *rows, row, again={row: row})
    assert won(found)["total"] == sum(goods)
    assert not found.findings


def test_an_amount_cut_in_two_keeps_its_sign() -> None:
    cut = won(read("가나다상회", "공급가액|-30,000", "부가세|-3,000", "합계 -3 3,000"))
    assert cut == {"total": -33_000, "supply": -30_000, "vat": -3_000}
    alone = read("가나다상회", "합계 -3 3,000", "카드|33,000")
    assert won(alone)["total"] == 33_000  # a lone dash may be a stroke
    assert "sign" in {f.code for f in alone.findings}


@pytest.mark.parametrize("again", ["카드|승인금액|-13,500", "결제금액|-13,500", "받을금액|△13,500"])
def test_a_cancelled_sum_that_is_printed_again_is_no_reduction_of_itself(again: str) -> None:
    found = read("가나다상회", "승인취소", "금액|-13,500", "부가세|0", "합계|-13,500", again)
    assert won(found)["total"] == -13500
    assert not [f for f in found.findings if f.severity == "warning" and "total" in f.fields]


@pytest.mark.parametrize(("shown", "sure"), [("0", True), ("0원", True), ("50", False)])
def test_a_sum_without_vat_is_its_own_supply(shown: str, sure: bool) -> None:
    rows = ("공급가액|33,300", f"부가세|{shown}", "합계|33,300")
    found = read("가나다상회", *rows, again={"33,300": "33,300", shown: shown})
    assert won(found)["supply"] == 33300
    assert all((f.confidence >= SURE) == sure for f in found.fields if f.name in ("supply", "vat"))


def test_split_payment_is_told() -> None:
    found = read("합계|40,000", "카드금액|30,000", "카드금액|10,000")
    assert won(found)["total"] == 40000
    assert any(f.code == "split-payment" for f in found.findings)


def test_negative_amounts_are_a_cancelled_slip() -> None:
    found = read("신용카드 승인취소", "공급가액|-10,000", "부가세|-1,000", "합계|-11,000", "사업자번호 123-45-67891")
    assert won(found) == {"total": -11000, "supply": -10000, "vat": -1000}
    assert found.kind == "cancelled"


def test_a_net_amount_is_not_taken_for_the_total_in_silence() -> None:
    found = read("금액|51,000", "부가세|5,100", again={"51,000": "51,000", "5,100": "5,100"})
    total = next(f for f in found.fields if f.name == "total")
    assert total.confidence < 0.95
    assert any("total" in f.fields for f in found.findings)


@pytest.mark.parametrize("torn", ["{head},", "{head}.", "{head}", "{head}, 확인"])
def test_the_head_of_an_amount_is_never_sure(torn: str) -> None:
    """A fold, a stamp or the edge of the picture takes what stands behind the thousands mark, of all sums alike."""
    shown = [("공급가액", "21"), ("부가세", "2"), ("합계", "23"), ("결제금액", "23")]
    fields = read(*(f"{label}|{torn.format(head=head)}" for label, head in shown)).fields
    assert not [f for f in fields if f.name in ("total", "supply", "vat") and f.confidence >= SURE]


def test_a_thousands_mark_may_stand_high() -> None:
    assert won(read("공급가액|21'818", "부가세|2'182", "합계|24’000")) == {"total": 24000, "supply": 21818, "vat": 2182}


@pytest.mark.parametrize("stray", ["취소", "매장 : 02-900-6 취소"])
def test_a_stray_word_of_cancelling_turns_no_amount_in_silence(stray: str) -> None:
    sums = ("결제금액|24,000", "(부가세포함)|(2,182)", "[결제금액]|24,000")
    found = read(stray, *sums, again={s.partition("|")[2]: s.partition("|")[2] for s in sums})
    assert {f.name for f in found.fields if (f.read or "").startswith("-")} <= {
        name for finding in found.findings for name in finding.fields
    }


@pytest.mark.parametrize(("shown", "sure"), [("2,000원", True), ("2000원", False), ("500원", False)])
def test_a_lone_total_without_its_thousands_mark_may_be_a_rest(shown: str, sure: bool) -> None:
    (total,) = [f for f in read(f"결제금액|{shown}", again={shown: shown}).fields if f.name == "total"]
    assert (total.confidence >= SURE) == sure


def test_sums_whose_words_nobody_knows_may_be_another_slips() -> None:
    found = read("34,455|거래일시", "3,445|승하차시간", "37,900|카드 번호", "결제요금 :", "24,000원")
    assert all(f.confidence < SURE for f in found.fields if f.name in ("total", "supply", "vat"))


def test_what_is_called_for_comes_on_top_of_the_fare() -> None:
    rows = ("영수증", "모의운수(주)", "123-45-67891", "미터요금:|23,000", "호출료:|1,000", "승인번호 43622391")
    found = read(*rows, again={"23,000": "23,000", "1,000": "1,000"})
    assert all(f.confidence < SURE for f in found.fields if f.name == "total")
    whole = read(*rows, "총 요금:|24,000")
    assert won(whole)["total"] == 24000


def test_what_nothing_is_added_to_is_the_sale() -> None:
    (total,) = [f for f in read("통행료|2,400원", again={"2,400원": "2,400원"}).fields if f.name == "total"]
    assert (total.read, total.confidence >= SURE) == ("2400", True)
