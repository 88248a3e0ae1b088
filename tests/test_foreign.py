# ruff: noqa: E501  (tables of print read best as they stand)
import random
from pathlib import Path

import pytest

from benchmarks.foreign import faults, read
from tests.kit.drawn_foreign import FAMILIES
from workbench.domain.errors import WrongValue
from workbench.domain.model import Box, Line
from workbench.domain.schema import parse
from workbench.pipeline.extraction import Extraction, extract
from workbench.pipeline.extraction.foreign_money import country_of

PICTURES = ("japanese_till", "uk_till", "korean_slip", "chinese_slip")
PDFS = (
    "subscription", "paid_receipt", "us_till", "dollars_alone", "swiss_hotel", "japanese_era", "singapore_dcc", "vietnam"
)  # fmt: skip


@pytest.mark.parametrize("make", [m for m in FAMILIES if m.__name__ in PDFS], ids=lambda make: make.__name__)
def test_a_born_digital_paper_in_foreign_money_is_read(tmp_path: Path, make) -> None:
    paper = make(random.Random(3))
    assert set(faults(paper, read(paper, tmp_path, pdf=True))) - ({"day"} if not paper.certain else set()) == set()


@pytest.mark.parametrize("make", [m for m in FAMILIES if m.__name__ in PICTURES], ids=lambda make: make.__name__)
def test_a_picture_in_foreign_money_is_read(tmp_path: Path, make) -> None:
    paper = make(random.Random(4))
    reading = read(paper, tmp_path, pdf=False)
    assert faults(paper, reading) == []
    assert [f.code for f in reading.findings if f.code == "script"] == ["script"] * paper.cjk


def page(*rows: str) -> Extraction:
    lines = []
    for k, row in enumerate(rows):
        for place, text in enumerate(row.split("|")):
            if text:
                left = 20 + 500 * place
                lines.append(Line(text, 1.0, Box(left, 30 + 40 * k, left + 11 * len(text), 55 + 40 * k)))
    return extract(lines, (900, 900))


def value(found: Extraction, name: str) -> str | None:
    return next((field.read for field in found.fields if field.name == name), None)


@pytest.mark.parametrize(("printed", "currency", "amount"), [
    ("US$1,234.50", "USD", "1234.50"), ("1.234,56 €", "EUR", "1234.56"), ("CHF 1'250.00", "CHF", "1250.00"), ("HK$88.00", "HKD", "88.00"),
    ("150.000 VND", "VND", "150000"), ("A$12.90", "AUD", "12.90"), ("5,280円", "JPY", "5280"), ("-$22.00 USD", "USD", "-22.00"),
    ("($22.00) USD", "USD", "-22.00"), ("NT$1,280", "TWD", "1280"), ("THB 450.00", "THB", "450.00"),
])  # fmt: skip
def test_amounts_of_every_form(printed: str, currency: str, amount: str) -> None:
    found = page(
        "Sample Company Ltd", "Invoice date: 5 March 2026", f"Total amount|{printed}", "Thank you for your order"
    )
    assert (value(found, "currency"), value(found, "foreign_total"), value(found, "total")) == (currency, amount, None)


@pytest.mark.parametrize("printed", ["Total:12.50", "Total amount:12.50"])
def test_an_amount_without_a_sign_may_stand_right_behind_its_label(printed: str) -> None:
    assert value(page("Sample Company Ltd", "New York, NY", "Coffee|$2.00", printed), "foreign_total") == "12.50"


@pytest.mark.parametrize(("printed", "where", "day"), [
    ("03/04/2026", "Portland, OR 97201", "2026-03-04"), ("03/04/2026", "London", "2026-04-03"), ("3.4.2026", "", "2026-04-03"), ("25.10.202614:20", "", "2026-10-25 14:20"),
    ("4-Mar-26", "", "2026-03-04"), ("March 4th, 2026", "", "2026-03-04"), ("4. März 2026", "Berlin", "2026-03-04"),
    ("令和8年3月4日", "", "2026-03-04"), ("2026年3月4日", "", "2026-03-04"),
])  # fmt: skip
def test_days_of_every_form(printed: str, where: str, day: str) -> None:
    found = page(
        "Sample Company Ltd", where, f"Date: {printed}", "Total|USD 12.00" if where != "London" else "Total|£12.00"
    )
    assert value(found, "issued_at") == day


@pytest.mark.parametrize(("where", "doubted"), [("", True), ("Toronto", True), ("Portland, OR 97201", False)])
def test_a_day_that_may_be_two_is_doubted_where_no_country_tells(where: str, doubted: bool) -> None:
    found = page("SAMPLE DINER", where, "Date: 03/04/2026", "Total|$12.00", "thank you very much")
    assert any("issued_at" in finding.fields for finding in found.findings) == doubted


def test_the_rest_of_a_date_that_was_cut_is_doubted() -> None:
    found = page("CREDIT CARD SALES SLIP", "DATE 2|5-07-26 15:30", "TOTAL|USD 17.96", "thank you very much")
    assert any("issued_at" in finding.fields for finding in found.findings)


def test_a_korean_shop_that_speaks_of_dollars_is_in_won() -> None:
    found = page(
        "견본면세점",
        "사업자번호: 111-11-11119",
        "거래일시: 2026-03-05 12:33",
        "상품|USD 20.00",
        "합계|27,648원",
        "승인번호: 12345678",
    )
    assert (value(found, "currency"), value(found, "total")) == (None, "27648")


def test_what_a_person_types() -> None:
    assert (
        parse("currency", "usd"),
        parse("foreign_total", "1.234,50"),
        parse("foreign_total", "$-0.50".strip("$")),
    ) == ("USD", "1234.50", "-0.50")
    with pytest.raises(WrongValue, match="USD"):
        parse("currency", "달러")
    with pytest.raises(WrongValue, match="외화"):
        parse("foreign_total", "많이")


def test_the_country_is_told_by_words() -> None:
    assert (country_of("Wan Chai, Hong Kong"), country_of("nowhere")) == ("HKD", "")
