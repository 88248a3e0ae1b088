"""A purchase filed again in another case: found, told with case and day, without keeping what stood on it."""

import sqlite3

from tests.kit.filed import filed, put
from workbench.pipeline.storage.fingerprints import NAME

LUNCH = {
    "merchant": "가람식당", "business_number": "123-45-67891", "issued_at": "2025-03-02 12:30", "total": "33000",
    "approval_number": "58210043",
}  # fmt: skip


def told(case, receipt_id=None):
    receipt = case.receipt(receipt_id) if receipt_id else case.receipts()[0]
    return [f.message for f in receipt.findings if f.code == "duplicate-elsewhere"]


def approved(folder, *receipts):
    case = filed(folder, *receipts)
    for receipt in case.receipts():
        case.approve(receipt.id, by="kim")
    case.receipts()
    return case


def test_last_years_receipt_filed_again_is_told_of_with_case_and_day(tmp_path):
    approved(tmp_path / "2025년", LUNCH).close()
    (message,) = told(filed(tmp_path / "2026년", LUNCH | {"merchant": None, "business_number": None}))
    assert all(part in message for part in ("2025년", "2025-03-02", "승인번호와 금액"))
    (message,) = told(filed(tmp_path / "by time", LUNCH | {"approval_number": None}))
    assert "사업자번호·금액·시각" in message
    assert (
        told(filed(tmp_path / "other", LUNCH | {"approval_number": "11112222", "issued_at": "2026-03-02 12:30"})) == []
    )


def test_the_picture_tells_only_where_amount_and_day_agree(tmp_path):
    paper = {"issued_at": "2025-03-02", "total": "7000", "picture": "f0f0a5a53c3c9669"}
    approved(tmp_path / "a", paper).close()
    assert "그림" in told(filed(tmp_path / "b", paper | {"picture": "f0f0a5a53c3c966a"}))[0]
    assert told(filed(tmp_path / "c", paper | {"total": "8000"})) == []
    assert told(filed(tmp_path / "d", paper | {"picture": "0f0f5a5ac3c36996"})) == []


def test_only_what_was_approved_was_filed_and_reopening_takes_it_back(tmp_path):
    first = filed(tmp_path / "a", LUNCH)
    second = filed(tmp_path / "b", LUNCH)
    assert told(second) == []
    first.approve(first.receipts()[0].id, by="kim")
    first.receipts()
    name = put(second, **LUNCH | {"merchant": "다시"})
    assert len(told(second, name)) == 1
    first.reopen(first.receipts()[0].id, by="kim")
    first.receipts()
    assert told(filed(tmp_path / "c", LUNCH)) == []


def test_it_survives_deletion_and_holds_nothing_that_stood_on_the_paper(tmp_path):
    first = approved(tmp_path / "a", LUNCH)
    first.delete([first.receipts()[0].id], by="kim")
    first.receipts()
    first.close()
    assert len(told(filed(tmp_path / "b", LUNCH))) == 1
    data = (tmp_path / NAME).read_bytes() + (tmp_path / f"{NAME}-wal").read_bytes()
    for secret in ("가람식당", "123-45-67891", "1234567891", "58210043", "33000"):
        assert secret.encode() not in data
    with sqlite3.connect(tmp_path / NAME) as db:
        assert db.execute("SELECT count(*) FROM entries").fetchone() == (1,)


def test_nobody_elses_cases_are_asked_and_a_folder_without_rights_stops_nothing(tmp_path):
    approved(tmp_path / "kim" / "a", LUNCH).close()
    assert told(filed(tmp_path / "lee" / "a", LUNCH)) == []
    (tmp_path / "bad" / "a").mkdir(parents=True)
    (tmp_path / "bad" / NAME).write_bytes(b"no database at all, but long enough to be read as one" * 40)
    case = approved(tmp_path / "bad" / "a", LUNCH)
    assert case.receipts()[0].status == "approved"
