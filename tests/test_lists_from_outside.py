"""Lists as card companies, banks, Excel and scripts write them: what each row says, or why it cannot be told."""

import io
from decimal import Decimal

import openpyxl
import pytest

from workbench.domain.errors import CaseError, FileRefused, SettingsError
from workbench.pipeline.ledger.readers import read_sheets, sheets_of
from workbench.pipeline.ledger.statements import Statement
from workbench.pipeline.ledger.understanding import understand
from workbench.pipeline.ledger.vendors import understand_vendors
from workbench.pipeline.validation.policy_table import policy_of_rows

HEAD = "이용일자,가맹점명,이용금액,승인번호"
FIRST, SECOND = "2026-10-02,바다횟집,44000,58210043", "2026-10-05,새론가전,900000,10412877"


def of(*lines: str, head: str = HEAD) -> Statement:
    return understand(sheets_of("\n".join([head, *lines]).encode(), "카드.csv"), "카드.csv")


def won(statement: Statement) -> list[int | None]:
    return [-p.amount if p.cancelled and p.amount else p.amount for p in statement.payments]


def days(statement: Statement) -> list[str | None]:
    return [p.day.isoformat() if p.day else None for p in statement.payments]


def workbook(change, rows=(FIRST, SECOND)) -> bytes:
    book = openpyxl.Workbook()
    for line in (HEAD, *rows):
        book.active.append(line.split(","))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("cell", "currency", "foreign"),
    [("USD 105.00", "USD", "105.00"), ("$105", "USD", "105"), ("JPY 5,000", "JPY", "5000"), ("¥5,000", "JPY", "5000"),
     ("5,000円", "JPY", "5000"), ("HK$ 80", "HKD", "80"), ("€ 20", "EUR", "20"), ("105 USD", "USD", "105")],
)  # fmt: skip
def test_a_cell_of_another_currency_is_no_won(cell, currency, foreign):
    paid = of(FIRST, f'2026-10-17,AMAZON,"{cell}",77000001').payments
    assert [p.amount for p in paid] == [44000, None]
    assert (paid[1].currency, paid[1].foreign) == (currency, Decimal(foreign))
    assert of(FIRST, '2026-10-17,가나,"KRW 5,000",1', '2026-10-17,가나,"\\5,000",1').payments[1:] != ()


@pytest.mark.parametrize("unit", ["HKD", "GBP", "£", "USD", "US$", "유로", "호주달러"])
def test_a_heading_of_another_currency_is_no_won(unit):
    paid = of("2026-10-17,AMAZON,105,77000001", head=HEAD.replace("금액", f"금액({unit})")).payments[0]
    assert (paid.amount, paid.foreign) == (None, 105)
    assert of(FIRST, head=HEAD.replace("금액", "금액(VAT포함)")).payments[0].amount == 44000


def test_won_beside_a_column_of_currencies():
    both = of("2026-10-02,바다횟집,KRW,44000", "2026-10-17,하늘,USD,105.00", head="이용일자,가맹점명,통화,현지금액")
    assert [(p.amount, p.foreign) for p in both.payments] == [(44000, None), (None, Decimal("105.00"))]
    one = of(f"{FIRST},KRW", "2026-10-17,AMAZON,105.00,77000001,USD", head=f"{HEAD},통화")
    assert won(one) == [44000, None]
    three = of("2026-10-02,바다횟집,44000,,44000", "2026-10-17,하늘,0,105.00,145152",
               head="이용일자,가맹점명,국내이용금액,해외이용금액,원화환산금액")  # fmt: skip
    assert won(three) == [44000, 145152]


@pytest.mark.parametrize("head", ["이용금액(천원)", "이용금액 [백만 원]"])
def test_a_heading_in_thousands_is_refused_in_words(head):
    with pytest.raises(CaseError, match="원 단위가 아닌 목록"):
        of("2026-10-02,바다횟집,44,1", head=HEAD.replace("이용금액", head))


@pytest.mark.parametrize("title", ["(단위: US$)", "단위 : 달러", "통화: USD"])
def test_titles_of_another_currency_are_refused_in_words(title):
    with pytest.raises(CaseError, match="원 단위가 아닌 목록"):
        of(HEAD, "2026-10-02,바다횟집,44,1", head=title)
    assert won(of(HEAD, FIRST, head="(단위: 원)")) == won(of(HEAD, FIRST, head="(단위: US$/원)")) == [44000]


def test_dots_between_thousands_are_not_taken_for_the_end_of_won():
    found = of(FIRST, "2026-10-05,새론가전,900.000,1", "2026-10-05,새론가전,900000.00,2")
    assert won(found) == [44000, None, 900000]
    assert any("금액을 알 수 없는 줄 1개(3행)" in note for note in found.notes)


def test_numbers_that_a_table_with_gaps_made_fractions_of():
    paid = of("2026-10-02,바다횟집,44000.0,58210043.0,1111111119.0", head=f"{HEAD},사업자번호").payments[0]
    assert (paid.amount, paid.approval, paid.number) == (44000, "58210043", "111-11-11119")


@pytest.mark.parametrize(
    "state", ["반품", "환불", "매출반품", "환급", "Refund", "Reversal", "VOID", "취소전표", "승인취소"]
)
def test_words_for_money_that_came_back(state):
    assert won(of(f"{FIRST},매출", f"2026-10-09,바다횟집,44000,58210043,{state}", head=f"{HEAD},매출구분")) == [
        44000,
        -44000,
    ]


@pytest.mark.parametrize("state", ["미취소", "취소불가", "반품불가", "not cancelled", "unavoidable"])
def test_words_that_only_speak_of_it(state):
    assert won(of(f"{FIRST},{state}", head=f"{HEAD},취소여부")) == [44000]


@pytest.mark.parametrize(
    "name",
    ["바다횟집(취소)", "[취소] 바다횟집", "바다횟집 [승인취소]", "취소-바다횟집", "바다횟집_취소", "(환불)바다횟집"],
)
def test_a_shops_name_that_says_so(name):
    assert won(of(FIRST, f"2026-10-09,{name},44000,58210043")) == [44000, -44000]
    part = of(f"2026-10-09,{name.replace('취소', '부분취소').replace('승인', '')},-3000,1").payments[0]
    assert part.amount == -3000


def test_a_remark_that_speaks_of_it_is_told():
    found = of(
        f"{FIRST},", "2026-10-09,바다횟집,44000,58210043,10/02 승인건 취소", f"{SECOND},환불 불가", head=f"{HEAD},비고"
    )
    assert won(found) == [44000, 44000, 900000]
    assert [note for note in found.notes if "쓴 돈으로 센 줄 1개(3행)" in note]


def test_shops_that_are_only_called_alike():
    assert won(of("2026-10-09,취소왕갈비,44000,1", "2026-10-09,반품의류,5000,2", "2026-10-09,(주)환불,300,3")) == [
        44000,
        5000,
        300,
    ]


@pytest.mark.parametrize(
    ("state", "why"), [("거절", "승인되지"), ("승인거절(한도초과)", "승인되지"), ("Declined", "승인되지"),
                       ("가승인", "가승인"), ("Pre-Authorization", "가승인")],
)  # fmt: skip
def test_what_was_never_paid_is_no_payment(state, why):
    found = of(f"{FIRST},승인", f"2026-10-09,호텔,200000,1,{state}", head=f"{HEAD},결과")
    assert won(found) == [44000]
    assert any(why in note and "1개" in note for note in found.notes)
    assert won(of("2026-10-09,거절,200000,1")) == [200000]


def test_sums_without_the_word():
    bare = of(FIRST, SECOND, ",,944000,", "2026-10-06,한결분식,8800,2", "2026-10-07,한결분식,1200,3", "홍길동,,10000,")
    assert won(bare) == [44000, 900000, 8800, 1200]
    assert won(of(FIRST, SECOND, ",환급 대상,900,")) == [44000, 900000, 900]
    assert won(of("2026-10-02,가,1000,1", "2026-10-02,나,2000,2", ",다,3000,")) == [1000, 2000, 3000]  # a merged day


def test_a_column_of_days_month_first():
    mixed = of("10/02/26,가,1000,1", "10/20/26,나,2000,2")
    assert days(mixed) == ["2026-10-02", "2026-10-20"]
    assert any("월/일/년" in note and "10/02/26 → 2026-10-02" in note for note in mixed.notes)
    assert days(of("10/02/2026,가,1000,1", "10/20/2026 13:00,나,2000,2")) == ["2026-10-02", "2026-10-20"]
    assert days(of("02/10/2026,가,1000,1", "20/10/2026,나,2000,2")) == ["2026-10-02", "2026-10-20"]
    assert days(of("10/02/2026,가,1000,1")) == [None]
    assert days(of("26/10/02,가,1000,1", "26/09/31,나,2000,2")) == ["2026-10-02", None]
    assert days(of("25/03/2026,가,1000,1", "03/25/2026,나,2000,2")) == ["2026-03-25", "2026-03-25"]


def test_days_of_six_digits():
    assert days(of("261002,가,1000,1", "260230,나,2000,2")) == ["2026-10-02", None]
    assert days(of("202610,가,1000,1")) == [None]


def test_what_is_not_understood_is_told_with_its_rows_and_what_to_do():
    notes = of(FIRST, "미정,어디,1000,1", "2026-10-03,저기,미정,2", "2026-02-30,거기,5,3").notes
    assert "날짜를 알 수 없는 줄 2개(3, 5행): 파일에서 고쳐 다시 넣어 주세요." in notes
    assert "금액을 알 수 없는 줄 1개(4행): 파일에서 고쳐 다시 넣어 주세요." in notes
    assert not any("알 수 없는" in note for note in of(FIRST, "※ 문의: 1588-0000").notes)


def test_a_shops_name_with_commas_and_no_quotes():
    found = of(FIRST, "2026-10-05,한결, 분식, 본점,8800,3377105")
    assert won(found) == [44000, 8800]
    assert (found.payments[1].merchant, found.payments[1].approval) == ("한결, 분식, 본점", "3377105")
    assert any("칸이 밀린 줄 1개(3행)" in note for note in found.notes)


def test_a_quote_that_is_never_closed_is_told_with_its_row():
    with pytest.raises(FileRefused, match=r"카드\.csv: 3행의 따옴표가 닫히지 않아"):
        of(FIRST, '2026-10-03,"한결,8800,1', SECOND, SECOND)
    assert of('2026-10-03,"한결\n분식, 본점",8800,1').payments[0].amount == 8800


def test_lines_that_end_as_on_an_old_mac():
    assert won(understand(sheets_of(f"{HEAD}\r{FIRST}\r{SECOND}\r".encode(), "c"), "c")) == [44000, 900000]


def test_a_page_whose_cells_are_left_open():
    lines = "".join(f"<tr><td>{'<td>'.join(line.split(','))}" for line in (FIRST, SECOND))
    head = "<tr><th>" + "<th>".join(HEAD.split(","))
    page = f"<html><table border=1>{head}{lines}</table></html>".encode()
    assert won(understand(read_sheets(page, "카드.xls"), "카드.xls")) == [44000, 900000]


def test_two_rows_for_one_payment_are_refused_in_words():
    with pytest.raises(CaseError, match="거래 하나가 두 줄에"):
        of("승인번호,사업자번호,부가세,", FIRST, "58210043,111-11-11119,4000,", SECOND, "10412877,214-86-39239,81818,",
           head="이용일자,가맹점명,이용금액,비고")  # fmt: skip


def hidden_rows(book) -> None:
    book.active.row_dimensions[3].hidden = True


def hidden_sheet(book) -> None:
    sheet = book.create_sheet("숨은 & 목록")
    sheet.append(HEAD.split(","))
    sheet.append(["2026-10-30", "숨은가게", "7777", "12341234"])
    sheet.sheet_state = "hidden"


@pytest.mark.parametrize(
    ("change", "told"),
    [(hidden_rows, "걸러 낸 줄 1개(3행)도 읽었습니다"), (hidden_sheet, "숨겨진 시트 ‘숨은 & 목록’도 읽었습니다")],
)
def test_what_excel_does_not_show_is_told(change, told):
    found = understand(read_sheets(workbook(change), "카드.xlsx"), "카드.xlsx")
    assert [note for note in found.notes if told in note]
    assert not any(
        "숨" in note for note in understand(read_sheets(workbook(lambda book: None), "카드.xlsx"), "카드.xlsx").notes
    )


def test_rows_that_a_second_sheet_repeats_are_one_payment_each():
    def second(book) -> None:
        sheet = book.create_sheet("뒤")
        for line in (HEAD, SECOND, "2026-10-06,한결분식,8800,3377105", "2026-10-07,한결분식,8800,3377106"):
            sheet.append(line.split(","))

    found = understand(sheets_of(workbook(second), "카드.xlsx"), "카드.xlsx")
    assert won(found) == [900000, 8800, 8800, 44000]
    assert any("‘Sheet’" in note and "1줄은 다른 표에 이미 있는 거래" in note for note in found.notes)
    assert len(set(found.numbers)) == 4


def vendors(*rows: tuple[str, str]):
    told = "\n".join(["거래처명,사업자등록번호", *(",".join(row) for row in rows)])
    return understand_vendors(sheets_of(told.encode(), "거래처.csv"), "거래처.csv")


def test_numbers_of_vendors_that_cannot_be_right_are_told_with_their_rows():
    shops = ("바다횟집", "111-11-11119"), ("", ""), ("오타상사", "123-45-67890"), ("(주)바다 횟집", "1111111119")
    found = vendors(*shops, ("다른가게", "111-11-11119"), ("숫자", "1208147521.0"))
    assert found.vendors[-1] == ("120-81-47521", "숫자")
    assert [note for note in found.notes if "검증번호가 맞지 않는 사업자번호 1개(4행)" in note]
    assert [note for note in found.notes if "이름이 여럿인 줄 3개(2, 5, 6행)" in note]
    assert "사업자번호 = 사업자등록번호" in repr(found)
    assert vendors(*shops[:1], ("㈜바다횟집", "111-11-11119")).notes == ()


RULES = ["규칙", "알릴 말", "한도", "부터", "까지"]


@pytest.mark.parametrize("won", ["30,000", "30,000원", 30000, 30000.0, "₩30,000"])
def test_a_limit_as_people_write_it(won):
    assert policy_of_rows([RULES, ["한도", "넘음", won]], "규정.xlsx").rules["limit"][0]["won"] == 30000


@pytest.mark.parametrize(
    ("begin", "end"), [("22:00", "06:00"), ("22시", "6시"), (22 / 24, 0.25), ("22:00:00", "06:00:00")]
)
def test_hours_as_people_and_excel_write_them(begin, end):
    rule = policy_of_rows([RULES, ["시간", "밤", None, begin, end]], "규정.xlsx").rules["hours"][0]
    assert (rule["from"], rule["to"]) == ("22:00", "06:00")


@pytest.mark.parametrize(
    "row", [["한도", "넘음", "삼만원"], ["한도", "넘음", -5], ["한도", "넘음", 0], ["시간", "밤", None, "밤", "아침"],
            ["휴가", "휴가", None, "내일", "모레"]],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_told_with_its_row(row):
    with pytest.raises(SettingsError, match=r"규정\.xlsx 3행"):
        policy_of_rows([RULES, [], row], "규정.xlsx")


def test_a_file_without_a_rule_does_not_do_away_with_those_that_hold():
    with pytest.raises(SettingsError, match="규칙이 한 줄도 없습니다"):
        policy_of_rows([RULES], "규정.xlsx")
