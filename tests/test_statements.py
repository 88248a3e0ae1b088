import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import psutil
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.drawn_statements import LAYOUTS, drawn
from workbench.domain.errors import CaseError, FileRefused
from workbench.pipeline.ledger.amounts import decimal_of, won_of
from workbench.pipeline.ledger.moments import in_year, minute_of, moment_of
from workbench.pipeline.ledger.payments import approval_of, number_of, with_years
from workbench.pipeline.ledger.readers import read_sheets
from workbench.pipeline.ledger.understanding import understand


def understood(*rows, name="명세서.csv", encoding="utf-8-sig", **given):
    data = "\r\n".join(rows).encode(encoding)
    return understand(read_sheets(data, name), name, given)


@pytest.mark.parametrize(
    ("cell", "won"),
    [
        ("12,500", 12500),
        ("12,500원", 12500),
        ("₩12,500", 12500),
        ("(12,500)", -12500),
        ("-12,500", -12500),
        ("12,500-", -12500),
        ("△12,500", -12500),
        ("▲ 12,500", -12500),
        ("−12,500", -12500),
        ("１２，５００", 12500),
        (12500.0, 12500),
        (12500, 12500),
        ("12500.00", 12500),
        ("1.25E+04", 12500),
        ("+12,500", 12500),
        ("KRW 12,500", 12500),
        ("105.50", None),
        ("", None),
        (None, None),
        ("원", None),
        ("-", None),
        ("합계", None),
        ("12월", None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_won_in_every_form(cell, won):
    assert won_of(cell) == won


def test_amounts_of_other_currencies_keep_their_cents():
    assert [decimal_of(c) for c in ("$105.00", "USD 22.5", 19.99)] == [
        Decimal("105.00"),
        Decimal("22.5"),
        Decimal("19.99"),
    ]


@given(st.integers(-(10**12), 10**12))
def test_what_is_written_comes_back(won):
    for text in (f"{won:,}", f"{won}원", str(won), f"({-won:,})" if won < 0 else f"{won:,}.00"):
        assert won_of(text) == won


@pytest.mark.parametrize(
    ("cell", "day", "minute"),
    [
        ("2026-10-05", date(2026, 10, 5), None),
        ("2026.10.05 19:48", date(2026, 10, 5), 1188),
        ("20261005", date(2026, 10, 5), None),
        ("20261005194812", date(2026, 10, 5), 1188),
        ("26/10/05", date(2026, 10, 5), None),
        ("2026년 10월 5일", date(2026, 10, 5), None),
        ("2026-10-05(월) 오후 7:48", date(2026, 10, 5), 1188),
        (46300, date(2026, 10, 5), None),
        ("46300", date(2026, 10, 5), None),
        (46300.825, date(2026, 10, 5), 1188),
        ("2026-10-05T19:48:00", date(2026, 10, 5), 1188),
    ],
)
def test_days_in_every_form(cell, day, minute):
    found = moment_of(cell)
    assert (found.day, found.minute) == (day, minute)


def test_what_is_no_day_is_none():
    assert [moment_of(cell) for cell in ("합계", "", None, "44", "2026-13-01", "99999", "02/30", 12500)] == [None] * 8


def test_times_in_every_form():
    assert [minute_of(c) for c in ("15:26", "15:26:32", "152632", 91500, "오후 3:26", 0.5, "", "정상")] == [
        926,
        926,
        926,
        555,
        926,
        720,
        None,
        None,
    ]


def test_a_day_without_a_year_takes_the_nearest():
    assert in_year((12, 30), [date(2027, 1, 3)]) == date(2026, 12, 30)
    assert in_year((1, 2), [date(2026, 12, 30)]) == date(2027, 1, 2)
    assert in_year((10, 5), []) is None


def test_a_number_that_a_spreadsheet_cut_is_lost_and_not_another():
    assert approval_of("5.82E+07") == ("", "5.82E+07")
    assert approval_of(58210043.0) == ("58210043", "")
    assert approval_of("00123456") == ("123456", "")


def test_a_business_number_gets_its_zeros_back_only_where_the_check_digit_proves_them():
    assert number_of("1234567891") == "123-45-67891"
    assert number_of(1048155555) == "104-81-55555"
    assert number_of("123") == ""


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_the_heading_is_found_in_every_layout_and_every_row_understood(layout):
    purchases = drawn(40, seed=3)
    name, data = layout(purchases)
    statement = understand(read_sheets(data, name), name)
    listed = [p for p in purchases if p.listed]
    rows = dict(zip(statement.numbers, with_years(statement.payments, [date(2026, 10, 1)]), strict=True))
    assert len(rows) == len(listed)
    for one in listed:
        row = rows[one.rows[0]]
        assert (abs(row.amount), row.back, row.day) == (abs(one.amount), one.cancelled, one.moment.date())
        assert row.merchant == one.listed_name
        assert row.approval in ("", one.approval.lstrip("0"))


def test_a_heading_in_two_rows_divides_won_from_dollars():
    book = openpyxl.Workbook()
    for row in (
        ["카드 이용내역"],
        ["이용일", "이용가맹점", "이용금액", None, "승인번호"],
        [None, None, "현지(US$)", "원화", None],
        ["2026-10-05", "하늘면세점", 105.0, 145152, "58210043"],
    ):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    (row,) = understand(read_sheets(target.getvalue(), "a.xlsx"), "a.xlsx").payments
    assert (row.amount, row.foreign, row.currency, row.approval) == (145152, Decimal("105.0"), "USD", "58210043")


def test_sums_blanks_and_repeated_headings_are_no_payments_whatever_their_amount():
    statement = understood(
        "이용일자,가맹점명,이용금액",
        "2026-10-05,바다횟집,44000",
        "소계,,44000",
        "이용일자,가맹점명,이용금액",
        ",,",
        "2026-10-06,합계식당,5000",
        "총 합계 (2건),,49000",
        "* 문의 1588-0000",
    )
    assert [p.amount for p in statement.payments] == [44000, 5000]
    assert statement.numbers == (2, 6)
    assert {why for _, why in statement.skipped} >= {"합계 줄", "되풀이된 제목 줄", "빈 줄"}


@pytest.mark.parametrize(
    ("state", "back", "partial"),
    [
        ("취소", True, False),
        ("부분취소", False, True),
        ("부분 취소", False, True),
        ("승인취소", True, False),
        ("미취소", False, False),
        ("정상", False, False),
        ("환불", True, False),
        ("", False, False),
    ],
)
def test_what_a_column_of_states_says(state, back, partial):
    (row,) = understood("이용일자,가맹점명,이용금액,상태", f"2026-10-05,바다횟집,44000,{state}").payments
    assert (row.back, row.partial) == (back, partial)


def test_a_cancellation_in_columns_of_its_own():
    rows = understood(
        "이용일자,가맹점명,이용금액,취소금액,취소일자",
        "2026-10-05,가,44000,,",
        "2026-10-05,나,44000,4000,",
        "2026-10-06,다,0,5000,",
        "2026-10-06,라,7000,7000,2026-10-07",
    ).payments
    assert [(p.amount, p.back, p.partial) for p in rows] == [
        (44000, False, False),
        (44000, False, True),
        (-5000, True, False),
        (7000, True, False),
    ]


def test_chosen_columns_win_and_are_remembered_for_that_heading():
    rows = "승인일,쓴 날,곳,이용금액,낸 돈", "2026-10-01,2026-10-05,바다횟집,1,44000"
    sheets = read_sheets("\n".join(rows).encode(), "a.csv")
    chosen = {"date": "쓴 날", "amount": "낸 돈", "merchant": "곳"}
    statement = understand(sheets, "a.csv", chosen)
    assert (statement.payments[0].amount, statement.payments[0].day) == (44000, date(2026, 10, 5))
    again = understand(sheets, "a.csv", remembered=lambda signature: chosen)
    assert again.columns == statement.columns
    with pytest.raises(CaseError, match="'없는 열'"):
        understand(sheets, "a.csv", {"date": "없는 열"})


def test_what_cannot_be_taken_is_refused_in_words():
    for data, said in (
        (b"", "내용이 없습니다"),
        (b"\x00\x01\x02\x03", "표로 읽을 수 없는"),
        (b"PK\x03\x04broken", "손상"),
        (b"<html><p>hello</p></html>", "표가 없는"),
    ):
        with pytest.raises(FileRefused, match=said):
            read_sheets(data, "a.xlsx")
    with pytest.raises(CaseError, match="제목 줄"):
        understood("안녕하세요", "오늘은 비가 옵니다")
    with pytest.raises(CaseError, match="금액이 있는 줄이 없습니다"):
        understood("이용일자,가맹점명,이용금액", "2026-10-05,가,")
    with pytest.raises(CaseError, match=r"날짜 열\(date=\)"):
        understood("가맹점명,이용금액", "가,1000")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_a_damaged_part_is_refused_in_words(part):
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["이용일자", "이용금액"])
    book.save(target)
    sum_of_part = zipfile.ZipFile(target).getinfo(part).CRC
    damaged = target.getvalue().replace(sum_of_part.to_bytes(4, "little"), (sum_of_part ^ 1).to_bytes(4, "little"))
    with pytest.raises(FileRefused, match=r"a\.xlsx: .*손상"):
        read_sheets(damaged, "a.xlsx")


def test_an_old_workbook_with_dates_is_read():
    book = xlwt.Workbook()
    sheet = book.add_sheet("1")
    for x, text in enumerate(("거래일자", "내용", "출금액")):
        sheet.write(0, x, text)
    sheet.write(1, 0, 46300, xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    sheet.write(1, 1, "가나")
    sheet.write(1, 2, 4500.0)
    target = io.BytesIO()
    book.save(target)
    (row,) = understand(read_sheets(target.getvalue(), "a.xls"), "a.xls").payments
    assert (row.day, row.amount, row.merchant) == (date(2026, 10, 5), 4500, "가나")


CELLS = st.none() | st.text(max_size=12) | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, width=32)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=12))
def test_whatever_stands_in_a_list_it_is_understood_or_refused_in_words(rows):
    from workbench.pipeline.ledger.readers import Sheet

    sheet = Sheet("", [["이용일자", "가맹점명", "이용금액", "승인번호"], *rows])
    try:
        statement = understand([sheet], "a.csv")
    except CaseError:
        return
    else:
        assert len(statement.payments) == len(statement.numbers) == len(statement.rows)
        assert len(statement.payments) + len(statement.skipped) == len(rows)


def workbook(**cells):
    book = openpyxl.Workbook()
    for place, text in cells.items():
        book.active[place] = text
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [workbook(A1="이용일", XFD1048576="끝"), b"\n" * (40 << 20)],
    ids=["a cell in the last corner", "forty million lines"],
)
def test_a_list_that_would_fill_the_machine_is_refused_and_the_program_lives(data):
    before = psutil.Process().memory_info().rss
    with pytest.raises(FileRefused):
        read_sheets(data, "명세서.xlsx")
    assert psutil.Process().memory_info().rss - before < 200 << 20
