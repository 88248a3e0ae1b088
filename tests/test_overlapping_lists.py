"""Lists of one case that overlap, purchases that a column takes back, and rates as banks write them."""

from datetime import date
from decimal import Decimal

import pytest

from tests.kit.filed import filed, put
from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.exchange import understand_rates
from workbench.pipeline.ledger.readers import sheets_of

HEAD = "이용일자,가맹점명,이용금액,승인번호"
OCTOBER = (
    "2026-10-02,바다횟집,44000,58210043",
    "2026-10-20,한결분식,8800,3377105",
    "2026-10-21,누리문구,3300,90000001",
)
NOVEMBER = (*OCTOBER[1:], "2026-11-02,새론가전,900000,10412877", "2026-11-03,누리문구,-3300,90000001")


def listed(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines]).encode()


def case_of(folder, *papers):
    case = filed(folder)
    for merchant, day, total, approval in papers:
        put(case, merchant=merchant, issued_at=f"{day} 12:30", total=total, approval_number=approval)
    case.refresh()
    return case


def test_a_payment_in_two_lists_is_one_payment(tmp_path):
    case = case_of(tmp_path, ("한결분식", "2026-10-20", "8800", "03377105"))
    case.add_statement(("10월.csv", listed(*OCTOBER)), by="kim")
    case.add_statement(("11월.csv", listed(*NOVEMBER)), by="kim")
    found = case.reconcile()
    assert list(found.matched["total"]) == [8800]
    reasons = dict(
        zip(
            found.ledger_only["merchant"] + found.ledger_only["amount"].astype(str),
            found.ledger_only["reason"],
            strict=True,
        )
    )
    assert reasons["한결분식8800"] == "‘10월.csv’ 3행과 같은 거래입니다"
    assert "상쇄" in reasons["누리문구-3300"]
    assert sorted(case.books.missing()["amount"]) == [44000, 900000]


def test_one_list_may_hold_a_payment_twice_and_others_without_numbers_stay(tmp_path):
    case = case_of(tmp_path)
    case.add_statement(("가.csv", listed(OCTOBER[0], OCTOBER[0])), by="kim")
    short = [line.rsplit(",", 1)[0] for line in OCTOBER]
    case.add_statement(("나.csv", listed(*short, head=HEAD.rsplit(",", 1)[0])), by="kim")
    assert len(case.reconcile().ledger_only) == len(case.books.missing()) == 5


@pytest.mark.parametrize(
    ("back", "note"), [("8800", "명세서에는 취소된 거래입니다"), ("0", None), ("3000", "부분취소")]
)
def test_a_column_of_what_came_back_takes_back_the_whole_or_a_part(tmp_path, back, note):
    case = case_of(tmp_path, ("한결분식", "2026-10-20", "8800", "03377105"))
    case.add_statement(("카드.csv", listed(f"{OCTOBER[1]},{back}", head=f"{HEAD},취소금액")), by="kim")
    said = case.reconcile().matched["note"].iloc[0]
    assert said is not None and note in said if isinstance(said, str) else note is None


def rates(*lines: str):
    return understand_rates(sheets_of("\n".join(["날짜,통화,환율", *lines]).encode(), "환율.csv"), "환율.csv").rates


@pytest.mark.parametrize("day", ["2026-10-17", "2026.10.17", "20261017", "46312", "26.10.17"])
@pytest.mark.parametrize("code", ["USD", "미국 USD", "USD (미국 달러)"])
def test_rates_by_days_and_names_as_banks_write_them(day, code):
    assert rates(f"{day},{code},1382.4") == {"USD": ((date(2026, 10, 17), Decimal("1382.4")),)}


@pytest.mark.parametrize(
    ("line", "won"),
    [("JPY,921.00", "9.21"), ("JPY(100),921.00", "9.21"), ("JPY,9.21", "9.21"), ("일본 JPY (100엔),921", "9.21"),
     ("VND,5.4", "0.054"), ("IDR,8.5", "0.085"), ("CNY,190", "190")],
)  # fmt: skip
def test_rates_by_the_hundred_are_no_rates_of_one(line, won):
    ((_, rate),) = next(iter(rates(f"2026-10-17,{line}").values()))
    assert rate == Decimal(won)


def test_rates_that_are_none_are_told_with_their_row():
    with pytest.raises(CaseError, match="1행의 제목 아래에 날짜, 통화, 환율을 알 수 있는 줄이 없습니다"):
        rates("2026-10-17,USD,-5", "어제,EUR,1500", "2026-10-17,GBP,없음")
