"""Statements, vendors and samples in a case: what they confirm, offer and contradict; pairs by hand; the way back."""

import openpyxl
import pytest

from benchmarks import ledger
from tests.kit.drawn_statements import drawn, hometax_cash, number, receipts
from tests.kit.filed import filed, put
from workbench.case import Case
from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.reconciler import Reconciler

LIST = "이용일시,가맹점명,이용금액,승인번호,가맹점사업자번호,이용카드,이용자\n"
NUMBER = number(7)
LUNCH = {
    "merchant": "가람식당 본점", "business_number": NUMBER, "issued_at": "2026-10-05 12:30", "total": "33000",
    "approval_number": "58210043",
}  # fmt: skip


def listed(*rows, name="카드.csv"):
    return name, (LIST + "\n".join(rows)).encode()


def unbroken(case):
    """Whether the journal holds; filed receipts never had originals to draw their pictures from."""
    never = ("원본 파일이 없습니다", "화면에 보이는 그림이 원본에서")
    return not [said for said in case.verify() if not said.startswith(never)]


def codes(case, receipt_id):
    return {finding.code for finding in case.receipt(receipt_id).findings}


def row_of(case, place=0):
    return list(case.books.standing.rows())[place]


def test_a_strict_match_settles_doubts_and_says_by_what(tmp_path):
    case = filed(tmp_path / "a", LUNCH | {"confidence": 0.7})
    (receipt,) = case.receipts()
    assert "unsure" in codes(case, receipt.id)
    said = case.add_statement(listed(f"2026-10-05 12:31,가람식당,33000,58210043,{NUMBER},1234,김하나"))
    assert "1건" in repr(said)
    (receipt,) = case.receipts()
    assert "unsure" not in codes(case, receipt.id)
    confirmed = next(f.message for f in receipt.findings if f.code == "confirmed")
    assert all(word in confirmed for word in ("합계", "거래일", "승인번호", "상호", "사업자번호", "카드.csv 2행"))
    assert (receipt.statement, receipt.statement_row) == ("금액·날짜·승인번호", "카드.csv 2행")
    assert list(case.frame()["statement_row"]) == ["카드.csv 2행"]
    assert receipt.value("total") == "33000"
    assert not receipt.corrected  # nothing is filled in


def test_a_day_long_ago_that_a_statement_has_too_is_known_not_doubted(tmp_path):
    case = filed(tmp_path / "a", LUNCH | {"issued_at": "2019-10-05 12:30"})
    (receipt,) = case.receipts()
    assert [f.severity for f in receipt.findings if f.code == "old"] == ["warning"]
    case.add_statement(listed("2019-10-06,가람식당,33000,58210043,,,"))  # another day: not confirmed
    assert [f.severity for f in case.receipt(receipt.id).findings if f.code == "old"] == ["warning"]
    case.add_statement(listed("2019-10-05,가람식당,33000,58210043,,,", name="둘.csv"))
    case.unpair(receipt.id, row_of(case))
    assert [f.severity for f in case.receipt(receipt.id).findings if f.code == "old"] == ["info"]


@pytest.mark.parametrize(
    ("amounts", "settled"),
    [
        ({"supply": "30000", "vat": "3000"}, True), ({"vat": "3000"}, True), ({"supply": "30000"}, True),
        ({"vat": "3001"}, False), ({"supply": "30000", "vat": "3100"}, False),
        ({"vat": "3000", "exempt": "5000"}, False),
    ],
)  # fmt: skip
def test_supply_and_vat_are_settled_only_where_they_follow_from_a_confirmed_total(tmp_path, amounts, settled):
    case = filed(tmp_path / "a", LUNCH | amounts)
    case.add_statement(listed("2026-10-05,가람식당,33000,58210043,,,"))
    (said,) = [f.message for f in case.receipts()[0].findings if f.code == "confirmed"]
    assert ("부가세" in said or "공급가액" in said) == settled


def test_what_contradicts_is_an_error_and_what_is_missing_is_offered(tmp_path):
    case = filed(
        tmp_path / "a",
        LUNCH | {"business_number": number(8), "merchant": None},
        LUNCH | {"approval_number": "11112222", "total": "5000"},
    )
    case.add_statement(
        listed(f"2026-10-05,가람식당,33000,58210043,{NUMBER},,", f"2026-10-05,가람식당,50000,11112222,{NUMBER},,")
    )
    first, second = case.receipts()
    errors = {f.code: f for f in first.findings if f.severity == "error"}
    assert NUMBER in errors["statement-differs"].message
    assert first.value("merchant") is None
    assert ("merchant", "가람식당") in case.books.standing.offers(first.id)
    assert any(f.severity == "error" and "50,000원" in f.message for f in second.findings)


def test_vendors_and_approved_receipts_of_other_cases_confirm_and_offer(tmp_path):
    earlier = filed(tmp_path / "2025", LUNCH)
    earlier.approve(earlier.receipts()[0].id, by="kim")
    earlier.close()
    case = filed(tmp_path / "2026", LUNCH | {"confidence": 0.7}, LUNCH | {"merchant": None, "total": "100"})
    first, second = case.receipts()
    assert "승인한 영수증" in next(f.message for f in first.findings if f.code == "confirmed")
    assert ("merchant", "가람식당 본점") in case.books.standing.offers(second.id)
    other = filed(tmp_path / "b" / "c", LUNCH | {"business_number": None, "merchant": "누리문구"})
    found = other.add_vendors(
        (
            "거래처.csv",
            f"거래처코드,거래처명,사업자등록번호,대표자\n1,누리문구(주),{number(9)},김\n2,없음,,".encode("cp949"),
        )
    )
    assert len(found.vendors) == 1
    assert "1개" in found.notes[0]
    (receipt,) = other.receipts()
    assert ("business_number", number(9)) in other.books.standing.offers(receipt.id)


def test_pairs_by_hand_hold_against_the_machine_and_are_journalled(tmp_path):
    case = filed(tmp_path / "a", LUNCH, LUNCH | {"approval_number": "1", "total": "10000", "issued_at": "2026-10-09"})
    case.add_statement(listed("2026-10-05,가람식당,33000,58210043,,,", "2026-10-20,다른곳,10001,,,,"))
    first, second = (r.id for r in case.receipts())
    assert len(case.reconcile().matched) == 1
    case.unpair(first, row_of(case), by="lee", reason="다른 사람의 것")
    assert case.reconcile().matched.empty
    case.pair(second, row_of(case, 1), by="lee")
    match = case.reconcile()
    assert list(match.matched["receipt_id"]) == [second]
    assert list(match.matched["match"]) == ["직접 연결"]
    case.pair(first, row_of(case), row_of(case, 1), by="lee")  # one receipt to two rows, one row to two receipts
    assert len(case.reconcile().matched) == 3
    again = Case.open(tmp_path / "a")
    assert len(again.reconcile().matched) == 3
    assert [e.action for e in again.entries() if e.by == "lee"] == ["unpair", "pair", "pair", "pair"]
    assert unbroken(case)
    with pytest.raises(CaseError, match="명세서에 없는 줄"):
        case.pair(first, ("nowhere", 3))


def test_a_new_receipt_finds_its_row_and_a_corrected_one_another(tmp_path):
    case = filed(tmp_path / "a")
    case.add_statement(listed("2026-10-05,가람식당,33000,58210043,,,", "2026-10-05,가람식당,44000,58210044,,,"))
    assert list(case.reconcile().ledger_only["reason"]) == ["같은 금액이 영수증에 없습니다"] * 2
    name = put(case, **LUNCH)
    assert case.receipt(name).statement_row == "카드.csv 2행"
    case.correct(name, "total", "44000", by="kim")
    case.correct(name, "approval_number", "58210044", by="kim")
    assert case.receipt(name).statement_row == "카드.csv 3행"


def test_an_approval_outlives_what_statements_say(tmp_path):
    case = filed(tmp_path / "a", LUNCH)
    (receipt,) = case.receipts()
    case.approve(receipt.id, by="kim", revision=receipt.revision)
    case.add_statement(listed("2026-10-05,가람식당,33000,58210043,,,"))
    assert case.receipt(receipt.id).status == "approved"
    case.unpair(receipt.id, row_of(case), by="lee")
    assert case.receipt(receipt.id).status == "approved"


def test_purchase_and_refund_go_to_their_own_rows(tmp_path):
    refund = LUNCH | {"kind": "cancelled"}  # printed without a minus
    rows = listed("2026-10-05,가람식당,33000,58210043,,,", "2026-10-05,가람식당,-33000,58210043,,,")
    alone = filed(tmp_path / "a" / "1", refund)
    alone.add_statement(rows)
    assert alone.receipts()[0].statement_row == "카드.csv 3행"
    both = filed(tmp_path / "b" / "1", LUNCH, refund)
    both.add_statement(rows)
    assert [r.statement_row for r in both.receipts()] == ["카드.csv 2행", "카드.csv 3행"]
    # A purchase and its cancellation without any receipt owe none.
    neither = filed(tmp_path / "c" / "1")
    neither.add_statement(rows)
    assert list(neither.reconcile().ledger_only["reason"]) == ["취소와 상쇄됨"] * 2


def test_foreign_rows_split_tender_and_sums(tmp_path):
    case = filed(
        tmp_path / "a",
        {"merchant": "SKY DUTY", "issued_at": "2026-10-05 10:00", "currency": "USD", "foreign_total": "105.00"},
        {"merchant": "가람식당", "issued_at": "2026-10-06 12:00", "total": "50000"},
        {"merchant": "누리문구", "issued_at": "2026-10-07 12:00", "total": "12000"},
        {"merchant": "누리문구", "issued_at": "2026-10-07 12:10", "total": "8500"},
    )
    data = (
        "이용일자,가맹점명,이용금액(US$),이용금액(원)\n2026-10-05,SKY DUTY FREE,105.0,145152\n"
        "2026-10-06,가람식당,,20000\n2026-10-06,가람식당,,30000\n2026-10-07,누리문구,,20500\n"
    )
    case.add_statement(("해외.csv", data.encode()))
    match = case.reconcile()
    assert list(match.matched["listed_row"]) == [2, 3, 4, 5, 5]
    assert set(match.matched["match"][1:]) == {"여러 건의 합"}
    assert match.ledger_only.empty


def test_columns_chosen_once_are_remembered_also_in_another_case(tmp_path):
    data = "승인일,쓴 날,곳,이용금액,낸 돈\n2026-10-01,2026-10-05,바다횟집,1,44000\n".encode()
    first = filed(tmp_path / "a")
    assert first.add_statement(("1.csv", data)).payments[0].amount == 1
    chosen = {"date": "쓴 날", "amount": "낸 돈", "merchant": "곳"}
    assert first.add_statement(("1.csv", data), columns=chosen).payments[0].amount == 44000
    second = filed(tmp_path / "b")
    assert second.add_statement(("2.csv", data.replace(b"44000", b"55000"))).payments[0].amount == 55000


def test_a_sample_is_checked_blind_and_its_outcome_said(tmp_path):
    case = filed(tmp_path / "a", *(LUNCH | {"total": str(n), "approval_number": str(10**7 + n)} for n in range(1, 31)))
    sample = case.sample(size=5, tolerable=0.5, seed=3, by="kim")
    assert sample.chosen == case.sample(size=5, tolerable=0.5, seed=3, by="lee").chosen
    for name in sample.chosen:
        case.check_sampled(
            name, {"total": case.receipt(name).value("total"), "issued_at": "2026-10-05"}, sample.id, by="lee"
        )
    result = case.sample_result(sample.id)
    assert (result.left, result.errors, result.accepted) == (0, 0, True)
    case.check_sampled(sample.chosen[0], {"total": "7"}, sample.id, by="lee")
    assert case.sample_result(sample.id).errors == 1
    assert unbroken(case)
    with pytest.raises(CaseError, match="뽑히지 않은"):
        case.check_sampled(next(r.id for r in case.receipts() if r.id not in sample.chosen), {"total": "1"}, sample.id)
    case.set_four_eyes(0, by="kim")
    case.approve(sample.chosen[1], by="lee")
    with pytest.raises(CaseError, match="다른 사람이"):
        case.check_sampled(sample.chosen[1], {"total": "1"}, sample.id, by="lee")
    with pytest.raises(CaseError, match="표본이 없습니다"):
        filed(tmp_path / "b").sample_result()


def test_drawn_lists_leave_open_what_they_cannot_tell_and_pair_nothing_wrongly():
    for layout in ledger.LAYOUTS:
        right, wrong, _, _ = ledger.judged(layout, drawn(200, 11), 11)
        assert (wrong, right > 50) == (0, True), (layout.__name__, right)


def test_what_is_settled_again_is_what_would_be_settled_afresh():
    from workbench.pipeline.ledger.readers import read_sheets
    from workbench.pipeline.ledger.understanding import understand

    purchases = drawn(60, 5)
    name, data = hometax_cash(purchases)
    statement, ours = understand(read_sheets(data, name), name), receipts(purchases, 5)
    live = Reconciler()
    for end in range(0, len(ours), 7):
        live.update(ours[:end], {"s": statement})
    afresh = Reconciler().update(ours, {"s": statement})
    assert live.update(ours, {"s": statement}).links == afresh.links


def test_missing_receipts_are_asked_for_and_the_answers_taken_back_in(tmp_path):
    case = filed(tmp_path / "a", LUNCH)
    case.add_statement(
        listed(
            "2026-10-05,가람식당,33000,58210043,,,",
            '2026-10-07,=1+1,"7,000",1,,9410-**,박둘',
            "2026-10-06,누리문구,5000,2,,9410-**,김하나",
            "2026-10-08,다솜카페,4500,3,,,", "2026-10-08,다솜카페,-4500,3,,,",
        )
    )  # fmt: skip
    missing = case.missing_receipts(tmp_path / "missing.xlsx")
    assert list(missing["person"]) == ["김하나", "박둘"]  # what was cancelled owes no receipt
    (receipt,) = case.receipts()
    asked = case.inquire(tmp_path / "ask.xlsx", {receipt.id: "누구와 드셨나요?"}, due="2026-12-05", by="kim")
    assert list(asked["상태"]) == ["요청"] * 3
    book = openpyxl.load_workbook(tmp_path / "ask.xlsx")
    sheet = book["소명 요청"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    assert sheet.cell(6, heads["가맹점"]).value == "=1+1"
    assert sheet.cell(6, heads["가맹점"]).data_type == "s"
    sheet.cell(5, heads["답변"]).value = "영수증을 잃어버렸습니다"
    sheet.cell(7, heads["답변"]).value = "거래처와 먹었습니다"
    book.save(tmp_path / "back.xlsx")
    assert case.take_answers(tmp_path / "back.xlsx", by="lee") == (2, [])
    assert list(case.inquiries()["상태"]) == ["답변", "요청", "답변"]
    assert case.take_answers(tmp_path / "back.xlsx", by="lee") == (0, [])
    case.inquire(tmp_path / "ask2.xlsx", due="2026-12-05", by="kim")
    assert list(case.inquiries()["답변"]) == ["영수증을 잃어버렸습니다", "", "거래처와 먹었습니다"]
    with pytest.raises(CaseError, match="답변이 없습니다"):
        case.take_answers(tmp_path / "missing.xlsx")
    with pytest.raises(CaseError, match="날짜로"):
        case.inquire(tmp_path / "x.xlsx", due="다음 주")
    assert unbroken(case)


def test_an_answer_file_that_says_something_else_is_told_and_only_its_answers_are_taken(tmp_path):
    case = filed(tmp_path / "a", LUNCH)
    case.add_statement(listed("2026-10-07,누리문구,7000,1,,,박둘", "2026-10-08,다솜카페,4500,2,,,박둘"))
    case.inquire(tmp_path / "ask.xlsx", due="2026-12-05", by="kim")
    book = openpyxl.load_workbook(tmp_path / "ask.xlsx")
    sheet = book["소명 요청"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    sheet.cell(5, heads["답변"]).value = "\ufeff법인카드\u202e로 샀습니다"
    sheet.cell(5, heads["금액"]).value = 700
    sheet.cell(5, heads["질문"]).value = "없음"
    sheet.cell(6, heads["답변"]).value = 12345.0
    sheet.cell(6, heads["상태"]).value = "종결"
    book.save(tmp_path / "back.xlsx")
    count, notes = case.take_answers(tmp_path / "back.xlsx", by="lee")
    assert (count, notes) == (2, ["5행: 금액·질문 칸을 바꾸어 돌려보냈습니다. 답변만 받았습니다."])
    asked = case.inquiries()
    assert list(asked["답변"]) == ["법인카드로 샀습니다", "12345"]
    assert list(asked["상태"]) == ["답변", "답변"]  # nobody but the auditor closes a question
    assert list(asked["금액"]) == [7000, 4500]
