"""What an auditor is told of one receipt."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from workbench.domain.model import Correction, Field, Finding, Item, Receipt
from workbench.pipeline.validation.checks import check, with_particle

TODAY = date(2026, 6, 1)
GOOD = {
    "merchant": "가나다식당 시험점",
    "business_number": "123-45-67891",
    "issued_at": "2026-05-20 12:10:00",
    "total": "11000",
    "supply": "10000",
    "vat": "1000",
    "approval_number": "31415926",
}


def receipt(kind: str = "card_slip", confidence: float = 0.99, **values: str | None) -> Receipt:
    held = {name: value for name, value in (GOOD | values).items() if value is not None}
    fields = tuple(Field(name, value, value, confidence) for name, value in held.items())
    return Receipt("a-1-1", "a.jpg", "0" * 64, 1, 1, "read", kind, fields=fields)


def codes(found: Receipt) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {f.code: (f.severity, f.fields) for f in check(found, TODAY)}


def test_a_sound_slip_has_nothing_to_say() -> None:
    assert check(receipt(), TODAY) == ()


@pytest.mark.parametrize(
    ("changed", "code", "severity", "field"),
    [
        ({"business_number": "123-45-67890"}, "checksum", "error", "business_number"),
        ({"business_number": "000-00-00000"}, "checksum", "error", "business_number"),
        ({"total": "12000"}, "sum", "error", "total"),
        ({"supply": "10500", "vat": "500"}, "vat-tenth", "warning", "vat"),
        ({"issued_at": "2026-06-02"}, "future", "error", "issued_at"),
        ({"issued_at": "2021-05-31"}, "old", "warning", "issued_at"),
        ({"merchant": None}, "missing", "warning", "merchant"),
        ({"business_number": None}, "missing", "warning", "business_number"),
        ({"issued_at": None}, "missing", "warning", "issued_at"),
        ({"total": None}, "missing", "warning", "total"),
        ({"supply": None, "vat": None}, "missing", "info", "supply"),
        ({"approval_number": None}, "no-approval", "warning", "approval_number"),
        ({"supply": None, "vat": "2000"}, "vat-tenth", "warning", "vat"),
    ],
)
def test_each_fault_is_named(changed: dict[str, str | None], code: str, severity: str, field: str) -> None:
    told = codes(receipt(**changed))
    assert told[code][0] == severity
    assert field in told[code][1]


def test_a_rounding_won_is_no_fault() -> None:
    assert "vat-tenth" not in codes(receipt(total="58000", supply="52727", vat="5273"))
    many = replace(receipt(total="168000", supply="152725", vat="15275"), items=(Item("보기", 1, 100, 100),) * 3)
    assert "vat-tenth" not in codes(many)


def test_five_years_to_the_day_are_not_old() -> None:
    assert "old" not in codes(receipt(issued_at="2021-06-01"))


def test_weekend_and_night_are_information() -> None:
    told = codes(receipt(issued_at="2026-05-23 23:30"))
    assert told["weekend"] == ("info", ())
    assert told["night"] == ("info", ())
    assert "night" not in codes(receipt(issued_at="2026-05-20"))  # midnight only because no time is printed


def test_every_unsure_field_is_named() -> None:
    told = [f for f in check(receipt(confidence=0.9), TODAY) if f.code == "unsure"]
    assert {name for f in told for name in f.fields} == set(GOOD)


def test_a_doubtful_card_is_information() -> None:
    cards = {
        "card_issuer": "보기카드",
        "card_number": "4000-12**-****-****",
        "company": "(주)보기",
        "exempt": "0",
        "service_charge": "0",
    }
    told = [f for f in check(receipt(confidence=0.9, **cards), TODAY) if f.fields[0] in cards]
    assert [f.severity for f in told] == ["info"] * 5


@pytest.mark.parametrize("kind", ["order_slip", "app_screen"])
def test_a_paper_that_names_no_seller_is_not_asked_for_one(kind: str) -> None:
    told = codes(receipt(kind, merchant=None, business_number=None))
    assert "missing" not in told
    assert told["kind"][0] == "warning"  # that it proves no purchase is what a person has to know


def test_a_persons_word_silences_doubts_about_the_reading() -> None:
    doubtful = receipt(confidence=0.5)
    doubt = Finding("warning", "번호를 확인해 주세요.", ("total",), "doubt")
    doubtful = replace(doubtful, read_findings=(doubt,))
    assert doubt in check(doubtful, TODAY)
    word = Correction("11000", "kim", datetime(2026, 5, 21, tzinfo=UTC))
    for field in doubtful.fields:
        doubtful = doubtful.with_field(replace(field, corrections=(word if field.name == "total" else Correction(
            field.read, "kim", word.at),)))  # fmt: skip
    assert check(doubtful, TODAY) == ()


def test_a_corrected_value_is_judged_not_the_reading() -> None:
    wrong = receipt().with_field(
        replace(receipt().field("total"), corrections=(Correction("99000", "kim", datetime(2026, 5, 21, tzinfo=UTC)),))
    )
    assert codes(wrong)["sum"][0] == "error"


@pytest.mark.parametrize(
    ("kind", "code", "severity"),
    [
        ("not_receipt", "kind", "error"),
        ("order_slip", "kind", "warning"),
        ("app_screen", "kind", "warning"),
        ("cancelled", "cancelled", "warning"),
        ("cash_receipt_personal", "personal-use", "warning"),
        ("foreign", "foreign", "warning"),
    ],
)
def test_each_kind_of_paper_has_its_finding(kind: str, code: str, severity: str) -> None:
    assert codes(receipt(kind))[code][0] == severity


def test_a_simple_receipt_above_30_000_won_is_told() -> None:
    assert "simple-receipt" in codes(receipt("simple_receipt", total="33000", supply="30000", vat="3000"))
    assert "simple-receipt" not in codes(receipt("simple_receipt"))


def test_an_exempt_sale_misses_no_vat() -> None:
    assert "missing" not in codes(receipt("pos_receipt", supply=None, vat=None, exempt="11000"))


def test_goods_that_do_not_add_up_are_told() -> None:
    goods = replace(receipt(), items=(Item("보기", 1, 5000, 5000),))
    assert codes(goods)["items"][0] == "info"
    assert "items" not in codes(replace(receipt(), items=(Item("보기", 1, 11000, 11000),)))


def test_particles_follow_the_last_syllable() -> None:
    assert with_particle("합계", "을", "를") == "합계를"
    assert with_particle("공급가액", "을", "를") == "공급가액을"
