"""Lists as others draw them: several tables, sums between rows, merged cells, dates and amounts in other clothes."""

import csv
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger import tables
from workbench.pipeline.ledger.heading import heading_at
from workbench.pipeline.ledger.readers import Sheet, sheets_of
from workbench.pipeline.ledger.reconcile import match
from workbench.pipeline.ledger.statements import Statement, row_of
from workbench.pipeline.ledger.understanding import understand

PAID = (
    ("2026-03-04", 12500, "가나상회", "30412877"),
    ("2026-03-05", 8800, "다라마트 역삼점", "451277"),
    ("2026-03-06", -8800, "다라마트 역삼점", "451277"),
    ("2026-03-07", 132000, "바사식당", "71234567"),
    ("2026-03-09", 4500, "아자카페", "81234568"),
)
HEAD = ["이용일자", "가맹점명", "이용금액", "승인번호"]
ROWS = [[day, shop, won, number] for day, won, shop, number in PAID]


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def lines(head: str, *rows: str, encoding: str = "utf-8") -> bytes:
    return "\n".join((head, *rows)).encode(encoding)


def quoted() -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerow(["이용\n일자", "이용시간", "가맹점명(상호)", "매출금액", "승인\n번호", "취소여부"])
    for day, won, shop, number in PAID:
        cancelled = "취소" if won < 0 else "정상"
        writer.writerow([day.replace("-", "."), "12:30:10", shop, f"{abs(won):,}원", number, cancelled])
    return target.getvalue().encode("cp949")


def korean(day: str) -> str:
    year, month, date = map(int, day.split("-"))
    return f"{year}년 {month}월 {date}일"


SAME_DAY = ("2026-03-04", *PAID[3][1:])
KINDS = {
    "days in words, minus in brackets": (
        workbook(("s", [["3월 사용내역"], [], ["No", "사용일", "사용처명", "사용액(원)", "승인 번호"],
                        *[[n, korean(day), shop, f"({-won:,})" if won < 0 else f"{won:,}", number]
                          for n, (day, won, shop, number) in enumerate(PAID)]])), PAID),
    "quoted, headings in two lines, CP949": (quoted(), PAID),
    "headings over headings": (
        workbook(("s", [["명세서"], ["이용일", "가맹점", None, "이용금액", None, "승인번호"],
                        [None, "상호", "사업자번호", "공급가액", "합계", None],
                        *[[day, shop, "111-11-11119", won // 2, won, number] for day, won, shop, number in PAID]])),
        PAID),
    "a sheet of sums first": (
        workbook(("요약", [["구분", "건수", "금액"], ["일시불", 5, 149000]]), ("상세", [HEAD, *ROWS]),
                 ("안내", [["문의"]])), PAID),
    "a card a sheet": (workbook(("카드1", [HEAD, *ROWS[:3]]), ("카드2", [HEAD, *ROWS[3:]])), PAID),
    "all, and the same again by person": (
        workbook(("전체", [HEAD, *ROWS]), ("김", [HEAD, *ROWS[:3]]), ("이", [HEAD, *ROWS[3:]])), PAID),
    "sums by shop in another sheet": (
        workbook(("명세", [HEAD, *ROWS]),
                 ("가맹점별", [["가맹점명", "최종이용일자", "건수", "합계금액"],
                             ["바사식당", "2026-03-07", 1, 132000]])),
        PAID),
    "sums by shop beside a list without numbers": (
        workbook(("명세", [HEAD[:3], *[row[:3] for row in ROWS[3:]]]),
                 ("가맹점별", [["가맹점명", "최종이용일자", "건수", "합계금액"],
                             ["바사식당", "2026-03-08", 2, 264000]])),
        [(*one[:3], "") for one in PAID[3:]]),
    "two tables in one sheet, columns in another order": (
        workbook(("s", [["일시불"], HEAD, *ROWS[:3], ["소계", None, 12500], [], ["할부"],
                        ["승인번호", "이용일자", "가맹점명", "할부개월", "이용금액"],
                        *[[number, day, shop, 3, won] for day, won, shop, number in PAID[3:]]])), PAID),
    "two tables beside each other": (
        workbook(("s", [["일시불", *[None] * 4, "할부"], [*HEAD, None, *HEAD], [*ROWS[0], None, *ROWS[3]],
                        [*ROWS[1], None, *ROWS[4]], ROWS[2]])), PAID),
    "a sum below each day": (
        workbook(("s", [HEAD, *[row for one in ROWS for row in (one, [f"{one[0]} 소계", None, one[2], None])],
                        ["총 합 계", None, 149000, None]])), PAID),
    "sums with a day, sums with other words": (
        lines(",".join(HEAD), *(",".join(map(str, row)) for row in ROWS), "2026-03-31,합계,149000,", "총 5건,,149000,",
              "카드 소계(5건),,149000,", "국내 이용금액 합계,,149000,"), PAID),
    "a day merged over its rows": (
        workbook(("s", [HEAD, ROWS[0], [None, "바사식당", 132000, "71234567"], ROWS[4]])),
        [PAID[0], SAME_DAY, PAID[4]]),
    "the same in HTML": (
        ("<table><tr><th>이용일자</th><th>가맹점명</th><th>이용금액</th><th>승인번호</th></tr>"
         "<tr><td rowspan=2>2026-03-04</td><td>가나상회</td><td>12,500</td><td>30412877</td></tr>"
         "<tr><td>바사식당</td><td>132,000</td><td>71234567</td></tr></table>").encode(), [PAID[0], SAME_DAY]),
    "English days": (
        lines("Transaction Date,Merchant,Amount,Approval Code", "04-Mar-2026,가나상회,12500,30412877",
              '"Mar 5, 2026",다라마트 역삼점,8800,00451277'), [PAID[0], PAID[1]]),
    "the year last, where any day of the column tells": (
        lines("일자,가맹점,금액,승인번호", "03/25/2026,가나상회,12500,30412877", "04/03/2026,바사식당,132000,71234567"),
        [("2026-03-25", *PAID[0][1:]), ("2026-04-03", *PAID[3][1:])]),
    "the word in the cell of the amount": (
        lines(",".join(HEAD), '2026-03-04,가나상회,"12,500원",30412877',
              '2026-03-06,다라마트 역삼점,"8,800원(취소)",00451277'),
        [PAID[0], PAID[2]]),
    "cancelled as a remark": (
        lines("이용일자,가맹점명,이용금액,승인번호,비고", "2026-03-05,다라마트 역삼점,8800,00451277,",
              "2026-03-06,다라마트 역삼점,8800,00451277,승인취소"), [PAID[1], PAID[2]]),
    "cancelled in a column of sorts": (
        lines("이용일자,구분,가맹점명,이용금액,승인번호,매출종류",
              "2026-03-05,본인,다라마트 역삼점,8800,00451277,일시불",
              "2026-03-06,본인,다라마트 역삼점,8800,00451277,취소매출"), [PAID[1], PAID[2]]),
    "won of abroad in a column of their own": (
        lines("이용일자,가맹점명,국내이용금액,해외이용금액(원화환산),승인번호", "2026-03-04,가나상회,12500,,30412877",
              "2026-03-07,바사식당,,132000,71234567"), [PAID[0], PAID[3]]),
    "numbers of pages between": (
        lines(",".join(HEAD), ",".join(map(str, ROWS[0])), "1/2 페이지,,,", ",".join(HEAD), ",".join(map(str, ROWS[3])),
              "2/2 페이지,,,"), [PAID[0], PAID[3]]),
    "commas of amounts without quotes": (
        lines(",".join(HEAD), "2026-03-04,가나상회,12,500,30412877", "2026-03-07,바사식당,132,000,71234567"),
        [PAID[0], PAID[3]]),
    "won and dollars told apart by the heading above": (
        workbook(("s", [["이용일", "가맹점", "국내(원)", None, "해외(US$)", None, "승인번호"],
                        [None, None, "금액", "할부", "금액", "환율", None],
                        ["2026-03-04", "가나상회", 12500, 0, None, None, "30412877"],
                        ["2026-03-07", "바사식당", None, None, 22, 1400, "71234567"]])),
        [PAID[0], (PAID[3][0], None, *PAID[3][2:])]),
    "the same without a unit": (
        workbook(("s", [["이용일", "가맹점", "국내이용", None, "해외이용", None, "승인번호"],
                        [None, None, "이용금액", "할부", "이용금액", "환율", None],
                        ["2026-03-04", "가나상회", 12500, 0, None, None, "30412877"],
                        ["2026-03-07", "바사식당", None, None, 22, 1400, "71234567"]])),
        [PAID[0], (PAID[3][0], None, *PAID[3][2:])]),
    "money in and out in one column": (
        lines("거래일자,구분,금액,적요,승인번호", "2026-03-04,출금,12500,가나상회,30412877",
              "2026-03-06,입금,8800,다라마트 역삼점,00451277"), [PAID[0], PAID[2]]),
    "what people write themselves": (
        workbook(("s", [["지출결의"], ["순번", "지출일", "지출처", "지출금액", "승인번호"],
                        *[[n, day, shop, won, number] for n, (day, won, shop, number) in enumerate(PAID)]])), PAID),
    "instalments and triangles": (
        lines(",".join(HEAD), '2026-03-04,가나상회,"12,500 (3개월)",30412877',
              '2026-03-06,다라마트 역삼점,"▼8,800",00451277'),
        [PAID[0], PAID[2]]),
    "apostrophes before days": (lines(",".join(HEAD), "'26.3.4,가나상회,12500,30412877"), [PAID[0]]),
}  # fmt: skip


def understood(data: bytes) -> Statement:
    return understand(sheets_of(data, "목록"), "목록")


@pytest.mark.parametrize("kind", KINDS)
def test_strange_lists_are_understood_or_told(kind):
    data, wanted = KINDS[kind]
    statement = understood(data)
    got = [(p.day and p.day.isoformat(), -p.amount if p.cancelled and p.amount else p.amount, p.merchant, p.approval)
           for p in statement.payments]  # fmt: skip
    assert got == list(wanted)
    assert len(set(statement.numbers)) == len(statement.numbers)


def test_rows_of_further_tables_are_named_by_their_sheet():
    statement = understood(KINDS["a card a sheet"][0])
    assert [(statement.name_of(n), row_of(n)) for n in statement.numbers[2:]] == [
        ("목록", 4), ("목록 카드2", 2), ("목록 카드2", 3),
    ]  # fmt: skip
    assert any("‘카드2’" in note and "2건도 함께" in note for note in statement.notes)
    again = understood(KINDS["all, and the same again by person"][0])
    assert sum("넣지 않았습니다" in note for note in again.notes) == 2


def test_a_frame_of_two_tables_beside_each_other_is_matched():
    names = [*HEAD, "", *(f"{name} " for name in HEAD)]
    ledger = pd.DataFrame([[*ROWS[0], "", *ROWS[3]], [*ROWS[1], "", *ROWS[4]]], columns=names)
    ours = pd.DataFrame([{"receipt_id": "r", "file": "r.jpg", "merchant": "바사식당", "total": 132000,
                          "issued_at": pd.Timestamp("2026-03-07"), "approval_number": "71234567"}])  # fmt: skip
    found = match(ours, ledger)
    assert list(found.matched["ledger_row"]) == [0]
    assert len(found.ledger_only) == 3


@pytest.mark.parametrize("unit", ["(단위: 천원)", "단위 : 백만원"])
def test_amounts_that_are_no_won_are_refused_in_words(unit):
    with pytest.raises(CaseError, match="원 단위가 아닌 목록"):
        understood(lines(unit, ",".join(HEAD), "2026-03-04,가나상회,12,1"))


@pytest.mark.parametrize("amount", ["1E999999999", "1e400", "9" * 5000, "-" * 5000 + "1", "NaN", "inf"])
def test_an_amount_that_none_can_be_is_told(amount):
    statement = understood(lines(",".join(HEAD), f"2026-03-04,가나상회,{amount},1", "2026-03-05,바사식당,1000,2"))
    assert statement.payments[1].amount == 1000
    assert statement.payments[0].amount == (-1 if amount.endswith("-1") else None)


@pytest.mark.parametrize("kind", ["the same heading again", "two headings in turn", "a table a row"])
def test_headings_without_end_are_refused_or_passed_by_without_a_long_look(kind, monkeypatch):
    looked: list[int] = []
    monkeypatch.setattr(tables, "heading_at", lambda *given: looked.append(1) or heading_at(*given))
    other = "승인번호,이용일자,가맹점명,이용금액"
    rows = {
        "the same heading again": [",".join(HEAD)] * 20_000,
        "two headings in turn": [",".join(HEAD), other] * 10_000,
        "a table a row": [f"{other},x{n}" for n in range(20_000)],
    }[kind]
    data = lines(",".join(HEAD), *rows, "2026-03-04,가나상회,1000,1")
    if kind == "the same heading again":
        assert len(understood(data).payments) == 1
    else:
        with pytest.raises(CaseError, match="표가 50개를 넘습니다"):
            understood(data)
    assert len(looked) < 100


WORDS = st.sampled_from([*HEAD, "취소금액", "구분", "해외이용금액(US$)", "통화", "비고", "건수", "합계", "금액", None])
VALUES = st.sampled_from(
    ["2026-03-04", "03/04", 46085, 46085.5, "가나상회", "12,500", -5, 12500, "8,800원(취소)", "소계", "총 5건",
     "2026-03-04 소계",
     "5.8E+07", None, "USD", "12:30", "25/03/2026", True, "1e9", "입금", "132", "000", "\u202e1,000"]
)  # fmt: skip
ROW = st.lists(WORDS, max_size=9) | st.lists(VALUES, max_size=9) | st.just(HEAD)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.lists(ROW, max_size=14), min_size=1, max_size=3))
@example([[[*HEAD, "금액"], ["2026-03-04"], ["2026-03-05", "가나상회", None, None, 1000]]])
def test_whatever_tables_a_file_holds_they_are_understood_alike_each_time_or_refused(tables):
    sheets = [Sheet(f"표 {n}", rows) for n, rows in enumerate(tables)]
    try:
        found = understand(sheets, "목록")
    except CaseError:
        return
    assert len(found.payments) == len(found.rows) == len(set(found.numbers))
    assert all(found.name_of(number) for number in found.numbers)
    assert len(found.frame()) == len(found.payments)
    # A case understands its lists anew each time it is opened, with the columns it kept.
    again = understand(sheets, "목록", found.columns)
    assert (again.numbers, again.payments) == (found.numbers, found.payments)
