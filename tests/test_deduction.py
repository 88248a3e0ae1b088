from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.nts_server import dashed
from workbench.domain.errors import TaxError
from workbench.domain.model import Field, Finding, Receipt, TaxFailure, TaxRecord
from workbench.pipeline.extraction.document_type import KINDS, NO_EVIDENCE
from workbench.pipeline.tax.deduction import (
    CANDIDATE,
    DOUBTFUL,
    LOOK,
    NEVER,
    NO_CANDIDATE,
    PROOF,
    as_of,
    deduction,
    tax_findings,
    tax_label,
    tax_status,
)
from workbench.pipeline.tax.nts_response import record_of
from workbench.pipeline.tax.standin_rows import GOLDEN, not_registered
from workbench.pipeline.tax.status_on import CLASS_NAMES, FAILURE_NAMES

ASKED = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)  # 17:30 in Korea


def record(bare, source="nts", **changes):
    row = GOLDEN.get(bare) or not_registered(bare)
    found = record_of(row, dashed(bare), ASKED, source)
    assert found is not None
    return replace(found, **changes)


def receipt(tax, day="2025-10-03 15:26", number=None, kind="receipt", **values):
    number = number or (tax.number if tax else "111-11-11119")
    values = {"total": "11000", "vat": "1000", "card_issuer": "가나카드"} | values
    fields = (Field("business_number", number), Field("issued_at", day), *(Field(n, v) for n, v in values.items()))
    return Receipt("ab-1-1", "a.jpg", "ab", 1, 1, "read", kind, fields=fields, tax=tax)


def codes(receipt):
    return [finding.code for finding in tax_findings(receipt)]


# As of the day, by the golden rows.


@pytest.mark.parametrize(
    ("bare", "day", "code", "state"),
    [
        ("1111111119", date(2025, 10, 3), "GENERAL", "open"),
        ("4444444444", date(2025, 10, 3), "SIMPLIFIED", "open"),
        ("5555555553", date(2024, 6, 30), "SIMPLIFIED", "open"),
        ("5555555553", date(2024, 7, 1), "SIMPLIFIED_INVOICE", "open"),
        ("2222222227", date(2025, 10, 3), "EXEMPT", "open"),
        ("3333333336", date(2025, 1, 1), "GENERAL", "open"),
        ("3333333336", date(2025, 1, 2), "GENERAL", "closed"),
        ("6666666661", date(2025, 10, 3), "GENERAL", "suspended"),
        ("7777777770", date(2025, 6, 30), "SIMPLIFIED", "open"),
        ("7777777770", date(2025, 7, 1), "GENERAL", "open"),
        ("8888388883", date(2025, 10, 3), "NON_PROFIT", "open"),
        ("8888988885", date(2025, 10, 3), "NON_PROFIT", "open"),
        ("8888588887", date(2024, 6, 30), "GENERAL", "open"),
        ("8888588887", date(2024, 7, 1), "GENERAL", "merged"),
        ("3333333336", date(2026, 3, 3), "GENERAL", "closed"),  # a closed one stays closed after the query, too
        ("0000000000", date(2025, 10, 3), "NOT_REGISTERED", "unregistered"),
        ("1111111119", None, "GENERAL", "unclear"),
        ("1111111119", date(2026, 3, 2), "GENERAL", "open"),
        ("1111111119", date(2026, 3, 3), "GENERAL", "unclear"),  # dated after the query
    ],
)
def test_standing_on_the_day(bare, day, code, state):
    standing = as_of(record(bare), day)
    assert (standing.code, standing.state) == (code, state)


@pytest.mark.parametrize("before", ["", "UNKNOWN"])
def test_a_change_from_an_unknown_type_is_not_guessed(before):
    changed = record("7777777770", previous_code=before)
    assert as_of(changed, date(2025, 6, 30)).code == "UNKNOWN"
    assert deduction(receipt(changed, "2025-06-30"))[0] == LOOK
    assert "tax-type-unknown" in codes(receipt(changed, "2025-06-30"))


def test_the_day_of_the_query_is_the_korean_day():
    late = record("1111111119", asked_at=datetime(2026, 3, 2, 20, 0, tzinfo=UTC))  # already the 3rd in Korea
    assert as_of(late, date(2026, 3, 3)).state == "open"


def test_an_invoice_issuer_before_the_reform_was_none():
    assert as_of(record("5555555553", invoice_from=None), date(2021, 6, 30)).code == "SIMPLIFIED"
    assert as_of(record("5555555553", invoice_from=None), date(2021, 7, 1)).code == "SIMPLIFIED_INVOICE"


def test_a_former_invoice_issuer_is_rewound_to_its_own_start():
    former = record("1111111119", changed_on=date(2025, 7, 1), previous_code="SIMPLIFIED_INVOICE")
    former = replace(former, invoice_from=date(2024, 7, 1))
    assert as_of(former, date(2025, 6, 30)).code == "SIMPLIFIED_INVOICE"
    assert as_of(former, date(2024, 6, 30)).code == "SIMPLIFIED"


def test_closed_without_a_day_and_open_with_one_are_unclear():
    assert as_of(record("3333333336", closed_on=None), date(2024, 1, 1)).state == "unclear"
    assert as_of(record("1111111119", closed_on=date(2024, 1, 1)), date(2025, 1, 1)).state == "unclear"


# What it means for the VAT.


@pytest.mark.parametrize(
    ("bare", "day", "label", "rule"),
    [
        ("1111111119", "2025-10-03", CANDIDATE, "§46③"),
        ("5555555553", "2024-07-01", CANDIDATE, "§46③"),
        ("5555555553", "2024-06-30", NO_CANDIDATE, "2024-07-01"),
        ("4444444444", "2025-10-03", NO_CANDIDATE, "간이과세자"),
        ("2222222227", "2025-10-03", NO_CANDIDATE, "면세사업자"),
        ("3333333336", "2025-01-01", CANDIDATE, "폐업일(2025-01-01)"),
        ("3333333336", "2025-01-02", NO_CANDIDATE, "위장·가공"),
        ("6666666661", "2025-10-03", LOOK, "휴업"),
        ("7777777770", "2025-06-30", NO_CANDIDATE, "2025-07-01"),
        ("7777777770", "2025-07-01", CANDIDATE, "§46③"),
        ("8888388883", "2025-10-03", LOOK, "비영리"),
        ("8888588887", "2025-10-03", LOOK, "사업자단위과세"),
        ("1234567891", "2025-10-03", NO_CANDIDATE, "미등록"),
    ],
)
def test_label_and_reason(bare, day, label, rule):
    said, reason = deduction(receipt(record(bare), day))
    assert said == label
    assert rule in reason
    assert f"거래일 {day}" in reason
    assert "2026-03-02 17:30 조회" in reason
    assert reason.endswith(".")
    assert "모의" not in reason


@pytest.mark.parametrize(
    ("changes", "label", "word"),
    [
        ({"vat": None}, LOOK, "부가세가 따로"),
        ({"vat": "0"}, NO_CANDIDATE, "0원"),
        ({"card_issuer": None}, LOOK, "드러나지 않아"),
        ({"card_issuer": None, "approval_number": "12345678"}, CANDIDATE, "§46③"),
        ({"total": "-11000", "vat": "-1000"}, LOOK, "취소"),
        ({"kind": "taxi"}, NO_CANDIDATE, "여객운송"),
        ({"kind": "transport"}, NO_CANDIDATE, "여객운송"),
        ({"kind": "simple_receipt"}, NO_CANDIDATE, "간이영수증"),
        ({"kind": "cash_receipt_personal"}, LOOK, "지출증빙"),
        ({"kind": "cash_receipt"}, LOOK, "용도"),
        ({"kind": "cash_receipt_business", "card_issuer": None}, CANDIDATE, "§46③"),
        ({"kind": "tax_invoice", "card_issuer": None}, CANDIDATE, "§46③"),
        ({"kind": "app_screen"}, LOOK, "증빙이 아니어서"),
        ({"kind": "cancelled"}, LOOK, "취소"),
        ({"day": None}, LOOK, "거래일 미상"),
    ],
)
def test_a_general_taxpayer_is_not_enough(changes, label, word):
    said, reason = deduction(receipt(record("1111111119"), **changes))
    assert (said, word in reason) == (label, True), reason


def test_without_an_answer_there_is_no_candidate():
    assert deduction(receipt(None)) == (LOOK, "아직 국세청에 조회하지 않아 공제 여부를 가릴 수 없습니다.")
    assert "사업자번호가 없어" in deduction(replace(receipt(None), fields=()))[1]
    failure = TaxFailure("111-11-11119", "wrong-key", "키가 틀립니다.", ASKED)
    assert deduction(receipt(failure)) == (LOOK, "국세청 조회 실패로 공제 여부를 가릴 수 없습니다: 키가 틀립니다.")
    assert deduction(replace(receipt(record("1111111119")), status="waiting")) == ("", "")
    assert deduction(replace(receipt(record("1111111119")), status="failed")) == ("", "")


def test_an_answer_to_a_number_since_corrected_counts_for_nothing():
    stale = receipt(record("1111111119"), number="444-44-44444")
    assert deduction(stale)[0] == LOOK
    assert (tax_label(stale), tax_status(stale), tax_findings(stale)) == ("", "", ())


@pytest.mark.parametrize(
    ("number", "bare", "odd"),
    [("123-95-67890", "1111111119", True), ("123-86-67890", "4444444444", True), ("123-45-67890", "4444444444", False)],
)
def test_digits_4_and_5_that_speak_against_the_type(number, bare, odd):
    one = receipt(record(bare, number=number))
    assert ("tax-number-kind" in codes(one)) is odd
    assert (deduction(one)[0] == LOOK) is odd


# Labels and findings.


@pytest.mark.parametrize(
    ("bare", "day", "label", "status"),
    [
        ("1111111119", "2025-10-03", "일반과세자", "계속사업자"),
        ("4444444444", "2025-10-03", "간이과세자", "계속사업자"),
        ("5555555553", "2025-10-03", "간이과세자(세금계산서 발급)", "계속사업자"),
        ("5555555553", "2024-06-30", "간이과세자", "계속사업자"),
        ("2222222227", "2025-10-03", "면세사업자", "계속사업자"),
        ("7777777770", "2025-06-30", "간이과세자", "계속사업자"),
        ("3333333336", "2025-10-03", "일반과세자", "폐업자"),
        ("6666666661", "2025-10-03", "일반과세자", "휴업자"),
        ("8888388883", "2025-10-03", "비영리·고유번호", "계속사업자"),
        ("1234567891", "2025-10-03", "미등록", "미등록"),
        ("1111111119", None, "일반과세자(조회일 기준)", "계속사업자"),
    ],
)
def test_texts_for_tables(bare, day, label, status):
    assert (tax_label(receipt(record(bare), day)), tax_status(receipt(record(bare), day))) == (label, status)
    mock = receipt(record(bare, "standin"), day)
    assert (tax_label(mock), tax_status(mock)) == (f"{label}(모의)", f"{status}(모의)")


def test_every_answer_of_a_standin_says_so():
    for bare in (*GOLDEN, "1234567891"):
        mock = receipt(record(bare, "standin"))
        assert "모의" in deduction(mock)[1]
        assert "tax-standin" in codes(mock)
        assert "tax-standin" not in codes(receipt(record(bare)))


def test_every_failure_has_its_own_words():
    kinds = {kind.code for kind in TaxError.__subclasses__()}
    assert kinds == set(FAILURE_NAMES)
    for kind in TaxError.__subclasses__():
        failed = receipt(TaxFailure("111-11-11119", kind.code, "까닭", ASKED))
        assert tax_label(failed) == f"조회 실패({FAILURE_NAMES[kind.code]})"
        assert tax_status(failed) == f"조회 실패: {FAILURE_NAMES[kind.code]}"
        assert codes(failed) == [f"tax-{kind.code}"]
    assert len(set(FAILURE_NAMES.values())) == len(kinds)


@pytest.mark.parametrize(
    ("bare", "day", "severity", "code"),
    [
        ("3333333336", "2025-01-02", "error", "tax-closed"),
        ("3333333336", "2025-01-01", "info", "tax-rewound"),
        ("1234567891", "2025-10-03", "error", "tax-unregistered"),
        ("6666666661", "2025-10-03", "warning", "tax-suspended"),
        ("8888588887", "2025-10-03", "warning", "tax-merged"),
        ("4444444444", "2025-10-03", "info", "tax-simplified"),
        ("2222222227", "2025-10-03", "error", "tax-exempt-vat"),
        ("8888388883", "2025-10-03", "warning", "tax-unusual"),
        ("7777777770", "2025-06-30", "info", "tax-rewound"),
        ("1111111119", None, "warning", "tax-unclear"),
    ],
)
def test_findings(bare, day, severity, code):
    assert (severity, code) in [(found.severity, found.code) for found in tax_findings(receipt(record(bare), day))]


@pytest.mark.parametrize("hint", [{"kind": "parking"}, {"merchant": "보기 주유소"}, {"merchant": "견본노래연습장"}])
def test_the_purpose_is_a_question(hint):
    one = receipt(record("1111111119"), **hint)
    assert (deduction(one)[0], codes(one)) == (CANDIDATE, ["tax-purpose"])


@pytest.mark.parametrize(
    "name", ["모형운수 개인택시", "견본 미 용 실", "보기운전전문학원", "예시동물병원", "견본사우나"]
)
def test_a_trade_that_never_gives_input_vat_is_asked_about(name):
    label, reason = deduction(receipt(record("1111111119"), merchant=name))
    assert (label, "§88⑤" in reason) == (LOOK, True)
    assert deduction(receipt(record("4444444444"), merchant=name))[0] == NO_CANDIDATE
    assert deduction(receipt(record("1111111119"), merchant="견본식당"))[0] == CANDIDATE


def test_the_kinds_of_paper_are_those_that_extraction_tells():
    assert {*NEVER, *DOUBTFUL, *PROOF, "parking"} <= KINDS.keys()
    assert DOUBTFUL.keys() >= NO_EVIDENCE


def test_a_plain_general_taxpayer_needs_no_words():
    assert tax_findings(receipt(record("1111111119"))) == ()
    assert tax_findings(receipt(record("2222222227"), vat="0")) == ()
    assert tax_findings(receipt(record("2222222227"), vat=None)) == ()


# Whatever comes, nothing is raised and nothing fails open.

days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
records = st.builds(
    TaxRecord,
    number=st.sampled_from(["111-11-11119", "123-95-67890", ""]),
    status=st.sampled_from(["계속사업자", "휴업자", "폐업자", "", "말소자"]),
    type=st.text(max_size=5),
    code=st.sampled_from([*CLASS_NAMES, "", "NEW"]),
    asked_at=st.builds(lambda day: datetime.combine(day, time(12), UTC), days),
    source=st.sampled_from(["nts", "standin", ""]),
    closed_on=st.none() | days,
    changed_on=st.none() | days,
    previous_code=st.sampled_from([*CLASS_NAMES, "", "99"]),
    invoice_from=st.none() | days,
    merged=st.booleans(),
)
failures = st.builds(
    TaxFailure,
    number=st.just("111-11-11119"),
    code=st.sampled_from([*FAILURE_NAMES, "new"]),
    message=st.text(max_size=5),
    asked_at=st.just(ASKED),
)
values = st.dictionaries(
    st.sampled_from(["business_number", "issued_at", "total", "vat", "card_issuer"]),
    st.none()
    | st.sampled_from(["", "111-11-11119", "123-95-67890", "2025-10-03", "11000", "-1", "0"])
    | st.text(max_size=4),
)
receipts = st.builds(
    lambda tax, found, status, kind: Receipt(
        "ab-1-1", "a", "ab", 1, 1, status, kind, fields=tuple(Field(*pair) for pair in found.items()), tax=tax
    ),
    st.none() | records | failures,
    values,
    st.sampled_from(["waiting", "read", "failed", "approved"]),
    st.sampled_from(["", "receipt", "card_slip", "taxi", "cash_receipt", "new"]),
)


@given(receipts)
def test_nothing_raises_and_nothing_fails_open(one):
    label, reason = deduction(one)
    assert label in (CANDIDATE, NO_CANDIDATE, LOOK, "")
    assert bool(label) == bool(reason)
    assert all(isinstance(found, Finding) and found.message for found in tax_findings(one))
    assert isinstance(tax_label(one) + tax_status(one), str)
    if label == CANDIDATE:
        assert isinstance(one.tax, TaxRecord)
        assert one.tax.number == one.value("business_number")
        day = datetime.fromisoformat(one.value("issued_at")).date()
        assert as_of(one.tax, day).state == "open"
        assert as_of(one.tax, day).code in ("GENERAL", "SIMPLIFIED_INVOICE")
        assert one.tax.closed_on is None or day <= one.tax.closed_on
    if isinstance(one.tax, TaxFailure):
        assert label in (LOOK, "")
        assert tax_label(one) == "" or tax_label(one).startswith("조회 실패")
    if isinstance(one.tax, TaxRecord) and one.tax.source != "nts" and tax_label(one):
        assert "모의" in tax_label(one)
        assert "모의" in tax_status(one)


@given(records, days)
def test_a_standing_is_the_same_the_day_after_unless_something_happened_between(one, day):
    following = day + timedelta(days=1)
    first, second = as_of(one, day), as_of(one, following)
    happened = {one.closed_on, date(2021, 6, 30), (one.asked_at + timedelta(hours=9)).date()}
    happened |= {d - timedelta(days=1) for d in (one.changed_on, one.invoice_from) if d}
    if day not in happened:
        assert (first.code, first.state) == (second.code, second.state)
