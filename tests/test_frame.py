import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import schema
from workbench.domain.model import Correction, Field, Finding, Receipt, TaxFailure, TaxRecord
from workbench.pipeline.analysis.frame import columns, frame

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
NAMES = re.findall(
    r"\w+",
    "receipt_id file page region status merchant business_number issued_at total supply vat exempt service_charge "
    "card_issuer card_number approval_number tax_type tax_status tax_asked_at deduction findings confidence corrected",
)
HEADINGS = re.findall(
    r"\w+",
    "영수증ID 파일명 쪽 구역 상태 상호 사업자번호 거래일시 합계 공급가액 부가세 면세 봉사료 카드사 카드번호 승인번호 "
    "과세유형 사업자상태 조회시각 공제구분 검토의견 신뢰도 수정여부",
)


def read(number: int = 1, **values: str) -> Receipt:
    fields = tuple(Field(name, value, confidence=0.98) for name, value in values.items())
    return Receipt(f"{number:016x}-1-1", f"사진 {number}.jpg", f"{number:064x}", 1, 1, "read", fields=fields)


def test_columns_carry_their_public_names_and_headings_in_order():
    first = len(NAMES)  # fields that came later stand behind
    assert [column.name for column in columns()][:first] == NAMES
    assert [column.heading for column in columns()][:first] == HEADINGS
    assert list(frame([]).columns) == [*(column.name for column in columns()), "statement", "statement_row"]


def test_dtypes_hold_with_and_without_rows():
    for rows in ([], [read()], [read(total="12500", issued_at="2025-10-03")]):
        types = frame(rows).dtypes
        assert all(types[name] == "Int64" for name in ("total", "supply", "vat", "exempt", "service_charge", "page"))
        assert types["issued_at"].kind == types["tax_asked_at"].kind == "M"
        assert all(isinstance(types[name], pd.StringDtype) for name in ("merchant", "findings", "tax_type", "status"))
        assert types["corrected"] == "boolean"


def test_missing_is_na_never_zero_or_empty():
    row = frame([read()]).iloc[0]
    found = {"receipt_id", "file", "page", "region", "status", "corrected"}
    assert {name for name in NAMES if not pd.isna(row[name])} == found


def test_values_have_their_types():
    row = frame([read(total="-12500", issued_at="2025-10-03 15:26:32", business_number="123-45-67891")]).iloc[0]
    assert row["total"] == -12_500
    assert row["issued_at"] == pd.Timestamp(2025, 10, 3, 15, 26, 32)
    assert row["business_number"] == "123-45-67891"
    assert row["confidence"] == 0.98


def test_years_beyond_nanoseconds_do_not_stop_the_table():
    assert frame([read(issued_at="0202-10-03"), read(issued_at="9025-10-03")])["issued_at"].dt.year.tolist() == [
        202,
        9025,
    ]


def test_a_correction_counts_and_shows():
    field = Field("total", "100", confidence=0.4, corrections=(Correction("900", "김", NOW),))
    row = frame([read().with_field(field)]).iloc[0]
    assert (row["total"], row["corrected"]) == (900, True)
    emptied = Field("total", "100", corrections=(Correction("", "김", NOW),))
    assert frame([read().with_field(emptied)])["total"].isna().all()


def test_findings_and_the_reason_of_a_failure_stand_in_one_cell():
    receipt = Receipt(
        "a-1-1", "a.jpg", "a", 1, 1, "failed", error="읽지 못했습니다.", findings=(Finding("info", "주말입니다."),)
    )
    assert frame([receipt])["findings"][0] == "읽지 못했습니다. | 주말입니다."


def test_the_time_of_asking_is_korean_time_also_for_a_failed_query():
    record = TaxRecord("123-45-67891", "계속사업자", "부가가치세 일반과세자", "GENERAL", NOW)
    for tax in (record, TaxFailure("123-45-67891", "no-network", "연결할 수 없습니다.", NOW)):
        asked = frame([replace(read(business_number="123-45-67891"), tax=tax)])["tax_asked_at"][0]
        assert asked == pd.Timestamp(2026, 11, 22, 10, 2, 3)


def test_an_answer_to_a_number_since_corrected_is_shown_no_more():
    record = TaxRecord("123-45-67891", "폐업자", "부가가치세 일반과세자", "GENERAL", NOW)
    row = frame([replace(read(business_number="111-11-11119"), tax=record)]).iloc[0]
    assert row[["tax_type", "tax_status", "tax_asked_at"]].isna().all()


def test_a_field_added_to_the_schema_follows_behind_the_public_columns(monkeypatch):
    phone = schema.FieldSpec("phone", "전화", "text", str)
    monkeypatch.setattr(schema, "FIELDS", (*schema.FIELDS, phone))
    monkeypatch.setattr(schema, "BY_NAME", schema.BY_NAME | {"phone": phone})
    table = frame([read(phone="02-123-4567")])
    assert list(table.columns)[: len(NAMES)] == NAMES
    assert list(table.columns)[-3:] == ["phone", "statement", "statement_row"]
    assert table["phone"][0] == "02-123-4567"


@given(st.lists(st.integers(-(10**13) + 1, 10**13 - 1) | st.none(), max_size=20))
def test_won_survive(amounts):
    rows = [read() if amount is None else read(total=str(amount)) for amount in amounts]
    assert [None if pd.isna(value) else value for value in frame(rows)["total"]] == amounts


def test_each_cell_is_asked_for_once(monkeypatch):
    """However many rows: what a table of 10,000 costs is measured by `python -m benchmarks.frame`."""
    asked, plain = Counter(), Receipt.field

    def counted(receipt, name):
        asked[name] += 1
        return plain(receipt, name)

    monkeypatch.setattr(Receipt, "field", counted)
    assert len(frame([read(i, total=str(i), merchant=f"가게 {i}") for i in range(100)])) == 100
    assert [asked[name] for name in ("total", "merchant", "vat", "card_number")] == [100] * 4
