"""What a reviewer says of receipts and statement rows, in the state of the screen: paired, added, parted, undone."""

import time

import pytest

from tests.kit.filed import filed
from workbench.case import Case
from workbench.review.list_intake import Pending
from workbench.review.pair_sheet import pending_sheet
from workbench.review.reconciliation import Reconciling
from workbench.review.sample_review import SampleReview
from workbench.review.session import Session
from workbench.settings import Settings

HEADS = "이용일시,가맹점명,이용금액,승인번호,가맹점사업자번호\n"
LUNCH = {
    "merchant": "가람식당", "business_number": "111-11-11119", "issued_at": "2026-03-05 12:33", "total": "11000",
    "approval_number": "12345678",
}  # fmt: skip
TWO = {**LUNCH, "merchant": "다솜카페", "total": "4500", "approval_number": None, "business_number": None}


def screen(folder, *rows, receipts=(LUNCH, TWO)):
    """The state of one person's screen on a case with those receipts and rows."""
    case = filed(folder, *receipts)
    if rows:
        case.add_statement(("카드.csv", (HEADS + "\n".join(rows)).encode()))
    session = Session(case)
    return case, session, Reconciling(session, SampleReview(session))


def links(case):
    case.receipts()
    return {(link.receipt, link.row[1]) for one in case.books.standing.found.links.values() for link in one}


def test_pairs_said_on_screen_are_undone_and_done_again_by_name(tmp_path):
    case, session, lists = screen(
        tmp_path / "a", "2026-03-05 12:33,가람식당,11000,12345678,", "2026-03-09,딴 곳,9000,7,"
    )
    first, second = (r.id for r in case.receipts())
    own, other = case.books.standing.rows()
    assert links(case) == {(first, 2)}
    lists.unpair(first, own)
    assert links(case) == set()
    assert session.steps[0] == "1.jpg – 카드.csv 2행 끊기"
    session.undo()
    assert links(case) == {(first, 2)}  # found by itself again: nobody says otherwise any more
    session.redo()
    assert links(case) == set()
    lists.pair(second, other)
    session.undo()
    session.undo()
    assert links(case) == {(first, 2)}
    assert not case.books.lists.pairs()[0]
    assert [e.action for e in case.entries() if e.action in ("pair", "unpair", "pair-open")] == [
        "unpair", "pair-open", "unpair", "pair", "pair-open", "pair-open",
    ]  # fmt: skip
    assert not [said for said in case.verify() if "원본" not in said]


def test_what_another_said_since_is_not_undone(tmp_path):
    case, session, lists = screen(tmp_path / "a", "2026-03-09,딴 곳,9000,7,")
    first, _ = (r.id for r in case.receipts())
    (row,) = case.books.standing.rows()
    lists.pair(first, row)
    Case.open(tmp_path / "a", Settings()).unpair(first, row, by="lee")
    session.undo()
    assert "lee님이 이 짝을 바꾸었습니다" in session.notice.text
    assert links(case) == set()


def test_an_undo_that_another_stands_in_the_way_of_undoes_nothing_of_it(tmp_path):
    """What was said in one act of several pairs is taken back in one, or not at all."""
    rows = "2026-03-05 12:33,가람식당,11000,12345678,", "2026-03-09,딴 곳,9000,7,"
    case, session, lists = screen(tmp_path / "a", *rows)
    first, second = (r.id for r in case.receipts())
    own, _ = case.books.standing.rows()
    lists.add(second, own)
    said = case.books.lists.words()
    assert len(said) == 2
    Case.open(tmp_path / "a", Settings()).unpair(first, own, by="lee")
    head = case.chain_head()
    session.undo()
    assert session.notice.kind == "error"
    assert case.chain_head() == head
    assert links(case) == {(second, 2)}


def test_a_row_of_two_receipts_and_a_receipt_of_two_rows_keep_what_was_found(tmp_path):
    rows = "2026-03-05 12:33,가람식당,11000,12345678,", "2026-03-09,딴 곳,9000,7,"
    case, session, lists = screen(tmp_path / "a", *rows)
    first, second = (r.id for r in case.receipts())
    own, other = case.books.standing.rows()
    lists.add(second, own)
    assert links(case) == {(first, 2), (second, 2)}
    lists.add(first, other)
    assert links(case) == {(first, 2), (second, 2), (first, 3)}
    for _ in range(2):  # what both acts speak of was said again by the first undo, and by nobody else
        session.undo()
        assert links(case) == {(first, 2), (second, 2)}
        session.undo()
        assert session.notice.kind == "info", session.notice.text
        assert links(case) == {(first, 2)}
        session.redo()
        session.redo()
        assert links(case) == {(first, 2), (second, 2), (first, 3)}


def test_what_another_said_between_two_acts_of_mine_is_not_undone(tmp_path):
    case, session, lists = screen(tmp_path / "a", "2026-03-09,딴 곳,9000,7,")
    first, _ = (r.id for r in case.receipts())
    (row,) = case.books.standing.rows()
    lists.pair(first, row)
    case.unpair(first, row, by="lee")
    lists.pair(first, row)
    session.undo()
    assert links(case) == set()
    session.undo()
    assert session.notice.kind == "error"
    assert [e.by for e in case.entries() if e.action == "unpair"] == ["lee", session.user]


def test_what_other_papers_offer_stands_first_among_the_picks(tmp_path):
    bare = {**LUNCH, "business_number": None, "merchant": None}
    case, session, _ = screen(
        tmp_path / "a", "2026-03-05 12:33,가람식당 본점,11000,12345678,2222222227", receipts=(bare,)
    )
    (receipt,) = case.receipts()
    session.tick()
    session.choose(receipt.id, "business_number")
    assert session.picks()[0] == "222-22-22227"
    session.choose(receipt.id, "merchant")
    assert session.picks()[0] == "가람식당 본점"
    assert session.pick(1)
    assert case.receipt(receipt.id).value("merchant") == "가람식당 본점"
    assert case.receipt(receipt.id).field("merchant").corrections[-1].by == session.user


def test_an_approval_number_is_offered_with_the_zeros_that_a_spreadsheet_lost(tmp_path):
    bare = {**LUNCH, "approval_number": None}
    case, session, _ = screen(tmp_path / "a", "2026-03-05 12:33,가람식당,11000,451277,", receipts=(bare,))
    (receipt,) = case.receipts()
    session.tick()
    session.choose(receipt.id, "approval_number")
    assert session.picks()[0] == "00451277"


def until(session, done):
    end = time.monotonic() + 300
    while not done():
        session.tick()
        time.sleep(0.01)
        assert time.monotonic() < end, session.notice


@pytest.mark.parametrize("wanted", ["청구금액"])
def test_a_list_whose_column_of_amounts_is_unknown_asks_for_it(tmp_path, wanted):
    case, session, lists = screen(tmp_path / "a")

    lists.intake.offer("카드.csv", "이용일,가맹점명,청구금액,할인\n2026-03-05,가람식당,11000,0\n".encode())
    until(session, lambda: lists.intake.pending)
    assert lists.intake.pending.trouble == "어느 열이 금액인지 찾지 못했습니다. 아래에서 골라 주세요."
    assert wanted in lists.intake.pending.heading
    lists.intake.take_in()
    assert not case.books.standing.statements
    lists.intake.choose_column("amount", wanted)
    until(session, lambda: lists.intake.pending.statement is not None)
    assert not lists.intake.pending.trouble
    lists.intake.take_in()
    until(session, lambda: links(case))


def test_lists_dropped_together_wait_for_a_yes_each_and_a_second_press_takes_no_other(tmp_path):
    case, session, lists = screen(tmp_path / "a")
    intake = lists.intake

    for amount in (1000, 2000):
        intake.offer("카드.csv", f"이용일,가맹점명,이용금액\n2026-03-05,가람식당,{amount}\n".encode())
    until(session, lambda: len(intake._behind) == 1)
    first = intake.pending.number
    for _ in "ab":  # a press, and the second of a double click
        intake.take_in(first)
        intake.forget(first)
    assert intake.pending.number != first
    intake.take_in(intake.pending.number)
    assert intake.pending is None
    until(session, lambda: len(case.books.lists.kept("statement")) == 2)


def test_what_is_open_on_marked_receipts_is_asked_too_and_answers_are_closed(tmp_path):
    case, session, lists = screen(tmp_path / "a", "2026-03-09,딴 곳,9000,7,")
    session.tick()
    _, second = (r.id for r in case.receipts())
    session.marked = (second,)
    assert case.receipt(second).open_findings
    lists.write_questions("2026-12-05")
    end = time.monotonic() + 300
    while not lists.file:
        session.tick()
        time.sleep(0.01)
        assert time.monotonic() < end, session.notice
    asked = case.inquiries()
    assert [key.split(":")[0] for key in asked["열쇠"]] == ["row", "receipt"]
    assert asked["질문"][1]
    key = asked["열쇠"][1]
    lists.close_inquiry(key)
    assert list(case.inquiries()["상태"]) == ["요청", "종결"]
    lists.close_inquiry("row:nowhere:1")
    assert "묻지 않은 질문" in session.notice.text


def test_a_table_of_rates_that_is_dropped_is_taken_in(tmp_path):
    case, session, lists = screen(tmp_path / "a")
    lists.intake.offer("환율.csv", "날짜,통화,환율\n2026-03-04,USD,1382.5\n2026-03-04,JPY(100),910.2\n".encode())
    end = time.monotonic() + 300
    while not case.books.standing.rate_tables:
        session.tick()
        case.receipts()
        time.sleep(0.01)
        assert time.monotonic() < end, session.notice
    session.tick()
    assert sorted(case.books.standing.rate_tables[0].rates) == ["JPY", "USD"]


@pytest.mark.parametrize(
    ("name", "told", "said"),
    [("환율.csv", "날짜,통화,환율\n2026-03-04,USD,1382.5\n어제,EUR,1500\n", "USD"),
     ("거래처.csv", "거래처명,사업자등록번호\n가람식당,111-11-11119\n나래상사,\n", "거래처 1곳")],
)  # fmt: skip
def test_what_of_a_dropped_table_could_not_be_used_is_said(tmp_path, name, told, said):
    _, session, lists = screen(tmp_path / "a")
    lists.intake.offer(name, told.encode())
    until(session, lambda: session.notice and said in session.notice.text)
    assert "줄 1개는 쓰지 않습니다" in session.notice.text


def test_a_list_says_how_many_payments_it_holds_before_it_is_taken_in(tmp_path):
    """Only the first rows are shown: the rest would come into the case unseen and uncounted."""
    case = Case.open(tmp_path / "counted")
    rows = "".join(f"2026-10-{day:02},가게,{day}000\n" for day in range(1, 21))
    statement, _ = case.books.look_at(("card.csv", f"이용일자,가맹점명,이용금액\n{rows}".encode()))
    sheet = pending_sheet(Pending("card.csv", b"", statement, {}))
    assert len(sheet["table"]) == 12
    assert "20건" in sheet["all"]
    case.close()
