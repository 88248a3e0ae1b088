"""When the sale was made."""

import pytest

from tests.kit.rows import lines
from workbench.domain.model import SURE, Field, Finding
from workbench.pipeline.extraction.candidates import Again
from workbench.pipeline.extraction.issued_at import find_date
from workbench.pipeline.layout.rows import rows_of


def find(*rows: str, again: str | None = None) -> tuple[Field | None, tuple[Finding, ...]]:
    return find_date(rows_of(lines(*rows)), Again(None if again is None else lambda _: again))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("거래일시: 2024-03-05 12:33:10",), "2024-03-05 12:33:10"),
        (("판매 24/03/05 12:33",), "2024-03-05 12:33"),
        (("2025.10.05",), "2025-10-05"),
        (("2024년 3월 5일 15시 26분",), "2024-03-05 15:26"),
        (("2024년3월5일 15시 6분",), "2024-03-05 15:06"),
        (("2024-03-05 15;06:10",), "2024-03-05 15:06:10"),
        (("판매시간: 20260408 10:20:30",), "2026-04-08 10:20:30"),
        (("날짜: 2025-04-08|시간: 오후 2:05",), "2025-04-08 14:05"),
        (("날짜: 2025-04-08|시간: 오전 12:30",), "2025-04-08 00:30"),
        (("2025-04-08(화) 10:20: 30",), "2025-04-08 10:20:30"),
        (("계산일자:2025-04-08|시간:14:09:28", "인쇄일자:2025-04-08|시간:14:09:30"), "2025-04-08 14:09:28"),
        (("거래일자:2025-04-08|거래시간:오후 3:05",), "2025-04-08 15:05"),
        (("거래일자:2025-04-08", "거래시각:9:05"), "2025-04-08 09:05"),
        (("[일 시12025-04-08 16:05",), "2025-04-08 16:05"),
        (("거래일시: 20240305123311",), "2024-03-05 12:33:11"),
        (("조제일자 2024.03;05", "2024.03.05"), "2024-03-05"),
        (("날짜: 2025-04-08| 후 2:05",), "2025-04-08 14:05"),
        (("2024–03–05 12:33",), "2024-03-05 12:33"),
        (("2024—03―05 12:33",), "2024-03-05 12:33"),
        (("2024－03−05 12:33",), "2024-03-05 12:33"),
        (("거래일시 2024-03-05 12:33", "승인번호 20240306091011"), "2024-03-05 12:33"),
        (("2023-04-08", "접수|오후 12:03:04"), "2023-04-08 12:03:04"),
        (("입차일시: 2025-05-01 09:00", "정산일시: 2025-05-01 17:35"), "2025-05-01 17:35"),
        (("2025-05-01", "23/04/08 19:03:04", "반품기한 2025-05-15"), "2023-04-08 19:03:04"),
        (("거래일시 2025-05-01 09:10", "쿠폰유효기간 2026-05-06 ~ 2026-05-20"), "2025-05-01 09:10"),
    ],
)
def test_dates_as_they_are_printed(rows: tuple[str, ...], expected: str) -> None:
    field, _ = find("가나다상회", *rows)
    assert field is not None
    assert field.read == expected


@pytest.mark.parametrize(
    "rows", [("수량 3 2 1",), ("반품 기한: 2027-10-05",), ("전화 02-12-3456",), ("유효기간 2026-05-06 ~ 2026-05-20",)]
)
def test_what_is_no_date_of_sale(rows: tuple[str, ...]) -> None:
    assert find("가나다상회", *rows) == (None, ())


def test_one_date_read_once_is_not_sure_and_twice_is() -> None:
    once, _ = find("거래일시 2025-05-01 09:10")
    assert once is not None
    assert once.confidence < 0.95
    twice, findings = find("거래일시 2025-05-01 09:10", again="2025-05-0109:10")
    assert twice is not None
    assert twice.confidence >= 0.95
    assert findings == ()


def test_the_hour_of_issue_is_the_sales() -> None:
    field, findings = find("발급일시: 2025-04-08 10:20", again="2025-04-0810:20")
    assert field is not None
    assert (field.read, field.confidence >= 0.95, findings) == ("2025-04-08 10:20", True, ())


def test_a_receipt_number_bears_the_date_out() -> None:
    field, _ = find("거래일시 2025-05-01 09:10", "20250501-01-0024")
    assert field is not None
    assert field.confidence >= 0.95


def test_a_receipt_number_one_digit_off_raises_doubt() -> None:
    field, findings = find("거래일시 2026-05-01 09:10", "2505017700123456789012")
    assert field is not None
    assert field.confidence < 0.95
    assert [f.code for f in findings] == ["doubt"]


def test_readers_that_disagree_raise_doubt() -> None:
    field, findings = find("거래일시 2025-02-02 21:05", again="2025-07-0721:05")
    assert field is not None
    assert field.read == "2025-07-07 21:05"
    assert field.confidence < 0.95
    assert findings[0].fields == ("issued_at",)


def test_a_part_of_the_time_is_no_other_time() -> None:
    field, findings = find("결제일시 : 2026-01-27 오전 9:01:43", "영수증 # 20260127-10012", again="2026-01-27 01:43")
    assert field is not None
    assert field.read == "2026-01-27 09:01:43"
    assert field.confidence < 0.95
    assert len(findings) == 1


def test_a_date_that_the_calendar_lacks_is_read_again() -> None:
    field, findings = find("거래일시 2025-13-02 21:05", again="2025-12-0221:05")
    assert field is not None
    assert field.read == "2025-12-02 21:05"
    assert field.raw == "2025-13-02"
    assert field.confidence < 0.95
    assert len(findings) == 1


@pytest.mark.parametrize(
    "copied", [("재발행일시: 2023-12-05 16:57:41",), ("*** 영수증 재발행 ***", "2023-12-05 16:57:41")]
)
def test_the_day_of_a_copy_is_never_sure_where_the_sale_s_was_not_read(copied: tuple[str, ...]) -> None:
    field, findings = find("결제일시 2023-11-85 13:41:46", "합계 20,100", *copied, again="2023-12-05 16:57:41")
    assert field is None or field.confidence < 0.95
    assert any("issued_at" in finding.fields for finding in findings)


@pytest.mark.parametrize("printed", ["2026-03-04 PM 02:09:10", "2026-03-04 02:09:10 pm", "2026-03-04 오후 02:09:10"])
def test_readers_agree_on_an_afternoon_however_it_is_told(printed: str) -> None:
    again = "".join(c for c in printed if c.isascii())
    field, findings = find(f"거래일시 {printed}", again=again)
    assert field is not None
    assert (field.read, field.confidence >= 0.95, findings) == ("2026-03-04 14:09:10", True, ())


@pytest.mark.parametrize(
    ("printed", "again", "value"),
    [
        ("2025. 7. 7. 23:43", "2025.7.7.23:43", "2025-07-07 23:43"),
        ("2025. 7. 7. 23:43", "2025. 7. 7. 23:43", "2025-07-07 23:43"),
        ("2025년 7월 7일 23:43", "2025年7月7日 23:43", "2025-07-07 23:43"),
        ("2025년 10월 7일 3:43", "2025年10月7日3:43", "2025-10-07 03:43"),
        ("2021 10 09 12:33:10", "2021 10 09 12:33:10", "2021-10-09 12:33:10"),
        ("2025-7-17 12:33:10", "2025-7-1712:33:10", "2025-07-17 12:33:10"),
    ],
)
def test_the_other_reader_may_set_a_date_with_single_digits_or_blanks(printed: str, again: str, value: str) -> None:
    field, findings = find(f"거래일시 {printed}", again=again)
    assert field is not None
    assert (field.read, field.confidence >= 0.95, findings) == (value, True, ())
    field, findings = find(f"거래일시 {printed}", again=again.replace("7", "1").replace("09", "08"))
    assert field is not None
    assert field.confidence < 0.95


def test_a_date_mended_by_the_other_reader_is_sure_where_the_receipt_number_says_the_same() -> None:
    seen = "2026/02/2321:07"
    field, findings = find("[등록] 22026/02/23 21:07", "거래번호 26022301007564", again=seen)
    assert field is not None
    assert (field.read, field.confidence >= 0.95, findings) == ("2026-02-23 21:07", True, ())
    field, findings = find("[등록] 22026/02/23 21:07", "거래번호 26022801007564", again=seen)
    assert field is not None
    assert field.confidence < 0.95


def test_a_day_that_its_label_names_is_a_rival_of_a_journey_s_day_and_time() -> None:
    field, _ = find("여정 GMP-CJU 2025-07-28 09:10", "발행일 2025-07-26", again="2025-07-28 09:10")
    assert field is not None
    assert field.confidence < SURE


def test_a_date_run_together_with_its_time_does_not_bear_itself_out() -> None:
    field, _ = find("거래일시 20240305123311")
    assert field is not None
    assert field.confidence < SURE
