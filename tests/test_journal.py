"""What a person said stays said: approvals bound to what was seen, a chained journal, cases of an earlier program."""

import sqlite3
from dataclasses import replace

import pytest

from tests.kit.first_version import as_version_0_1_0
from tests.kit.pile import pile, reading
from workbench.case import Case
from workbench.domain.errors import CaseError, Changed, Gone, NotAllowed
from workbench.domain.model import Box, Finding, Geometry
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.migrations import VERSION
from workbench.pipeline.storage.sqlite import Store
from workbench.review import spoken
from workbench.settings import Settings


@pytest.fixture
def case(tmp_path):
    case = pile(tmp_path / "case", 3)
    yield case
    case.close()


def read_anew(case, name, number=0, **wrong):
    store = Store(case.folder)
    store.put_page(name, (reading(number, **wrong),))
    store.close()
    case.refresh()


def test_a_case_of_the_first_version_opens_with_all_it_held_and_gets_a_chain(tmp_path):
    folder = tmp_path / "case"
    case = pile(folder, 3)
    store = Store(folder)
    store.put_page(case.receipts()[2].id, (replace(reading(2), geometry=Geometry(90, size=(400, 600))),))
    store.close()
    case.close()
    ids = as_version_0_1_0(folder)
    for _ in range(2):  # the second opening finds nothing more to do
        case = Case.open(folder, Settings())
        assert [r.id for r in case.receipts()] == ids
        assert [r.status for r in case.receipts()] == ["approved", "read", "read"]
        assert case.receipt(ids[0]).value("total") == "11000"
        assert case.receipt(ids[1]).value("merchant") == "새 이름"
        assert case.receipt(ids[2]).geometry.orientation == 90
        assert [(e.action, e.by) for e in case.journal()] == [
            ("correct", "kim"), ("approve", "kim"), ("approve", "kim"), ("correct", "lee")
        ]  # fmt: skip
        assert case.verify() == []
        assert case.vouched_since() == next(e.at for e in case.entries() if e.action == "take-over")
        case.close()
    # From now on its approvals are bound, too.
    case = Case.open(folder, Settings())
    read_anew(case, ids[0], vat="999")
    assert case.receipt(ids[0]).status == "changed"
    case.close()
    db = sqlite3.connect(folder / "case.sqlite")
    assert db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone() == (VERSION,)
    db.close()


def test_a_case_whose_migration_was_interrupted_is_as_it_was(tmp_path, monkeypatch):
    folder = tmp_path / "case"
    pile(folder, 2).close()
    as_version_0_1_0(folder)
    monkeypatch.setattr("workbench.pipeline.storage.journal.chain", lambda db: db.execute("SELECT * FROM nowhere"))
    with pytest.raises(CaseError):
        Case.open(folder, Settings())
    monkeypatch.undo()
    case = Case.open(folder, Settings())
    assert [r.status for r in case.receipts()] == ["approved", "read"]
    assert case.verify() == []
    case.close()


def test_an_approval_ends_when_another_reading_finds_something_else(case):
    name = case.receipts()[1].id
    approved = case.approve(name, by="kim")
    assert (approved.status, approved.approved_by) == ("approved", "kim")
    read_anew(case, name, 1)
    assert case.receipt(name).status == "approved"  # the same was found
    read_anew(case, name, 1, total="55000")
    changed = case.receipt(name)
    assert (changed.status, changed.approved_by) == ("changed", "")
    assert changed.changed_values == (("total", "11011", "55000"),)
    assert changed.approvals[0].by == "kim"
    entry = case.entries(name)[-1]
    assert (entry.action, entry.before, entry.value) == ("read", '{"total": "11011"}', '{"total": "55000"}')
    assert [r.fields[0].name for r in case.earlier_readings(name)]
    assert case.approve(name, by="lee").approved_by == "lee"
    read_anew(case, name, 1)
    assert case.receipt(name).status == "changed"


def test_a_correction_taken_back_before_an_approval_does_not_hide_what_is_read_otherwise_after_it(case):
    name = case.receipts()[1].id
    case.correct(name, "total", "5", by="kim")
    case.correct(name, "total", None, by="kim")
    case.approve(name, by="kim")
    read_anew(case, name, 1, total="55000")
    assert case.receipt(name).status == "changed"


def test_nobody_confirms_a_receipt_whose_values_they_corrected_however_it_came_into_the_journal(case):
    name = case.receipts()[1].id
    case.correct(name, "total", "5", by="lee")
    case.approve(name, by="kim")
    for by, status in (("kim", "approved"), ("lee", "approved"), ("park", "confirmed")):
        case.append(Word("confirm", by, name))
        assert case.receipt(name).status == status


def test_a_word_of_what_was_put_aside_is_kept_and_not_told_as_refused(case):
    name = case.receipts()[1].id
    given = spoken.approve(case, "kim", case.receipt(name), case.receipt(name).revision)
    case.clear([name], by="kim")
    given.back()  # the approval is taken back, wherever the receipt has gone since
    assert case.correct(name, "total", "77", by="kim").value("total") == "77"
    assert not case.settle(name, Finding("odd", "warning", ("total",), "이상"), by="kim").approvals
    head = case.chain_head()
    with pytest.raises(Gone):
        case.approve(name, by="kim")
    assert case.chain_head() == head
    case.restore([name], by="lee")
    assert (case.receipt(name).status, case.receipt(name).value("total")) == ("read", "77")


def test_approving_what_is_no_more_as_it_was_seen_is_refused_with_who_and_what(case):
    name = case.receipts()[1].id
    seen = case.receipt(name).revision
    case.correct(name, "total", "12,345", by="lee")
    with pytest.raises(Changed, match=r"lee.*합계.*11,011 → 12,345") as caught:
        case.approve(name, by="kim", revision=seen)
    assert (caught.value.by, caught.value.field, caught.value.seen, caught.value.current) == (
        "lee", "total", "11011", "12345"
    )  # fmt: skip
    assert case.receipt(name).status == "read"
    read_anew(case, name, 1, vat="77")
    with pytest.raises(Changed, match=r"기계.*부가세.*77"):
        case.approve(name, by="kim", revision=replace(case.receipt(name), fields=()).revision)
    assert case.approve(name, by="kim", revision=case.receipt(name).revision).status == "approved"


def test_a_correction_of_what_another_has_corrected_meanwhile_is_refused(case):
    name = case.receipts()[1].id
    case.correct(name, "total", "12,345", by="lee", expected="11,011")
    with pytest.raises(Changed) as caught:
        case.correct(name, "total", "99", by="kim", expected="11011")
    error = caught.value
    assert (error.by, error.seen, error.current, error.at is not None) == ("lee", "11011", "12345", True)
    assert case.receipt(name).value("total") == "12345"
    assert case.correct(name, "total", "99", by="kim", expected="12345").value("total") == "99"
    assert case.correct(name, "exempt", "5", by="kim", expected=None).value("exempt") == "5"
    with pytest.raises(Changed):
        case.correct(name, "exempt", "6", by="lee", expected="")


def test_an_approval_stands_again_when_exactly_what_it_approved_holds_again_and_in_no_other_name(case):
    name = case.receipts()[1].id
    case.approve(name, by="kim")
    case.correct(name, "total", "1", by="lee")
    assert case.receipt(name).status == "read"
    case.correct(name, "total", None, by="lee")
    assert (case.receipt(name).status, case.receipt(name).approved_by) == ("approved", "kim")
    assert [e.by for e in case.entries(name) if e.action == "approve"] == ["kim"]
    case.correct(name, "total", "1", by="lee")
    case.approve(name, by="lee")
    case.correct(name, "total", None, by="lee")
    assert case.receipt(name).status == "read"  # lee's approval was the last, and of something else


def test_two_persons_where_the_case_asks_for_them(case):
    first, second, third = (r.id for r in case.receipts())
    case.set_four_eyes(11_015, by="chief")
    assert not case.needs_second(case.receipt(first))  # read as 1,000
    assert case.needs_second(case.receipt(third))  # 11,022
    assert case.approve(third, by="kim").status == "approved"
    with pytest.raises(NotAllowed, match="두 사람"):
        case.approve(third, by="kim")
    confirmed = case.approve(third, by="lee")
    assert (confirmed.status, confirmed.approved_by, confirmed.confirmed_by) == ("confirmed", "kim", "lee")
    case.set_four_eyes(0, by="chief")
    case.correct(second, "merchant", "이름", by="lee")
    case.approve(second, by="kim")
    with pytest.raises(NotAllowed):
        case.approve(second, by="lee")  # lee has corrected it
    assert case.approve(second, by="park").confirmed_by == "park"
    case.correct(second, "merchant", "다른 이름", by="park")
    assert case.receipt(second).status == "read"
    settings = [(e.field, e.before, e.value, e.by) for e in case.entries() if e.action == "setting"]
    assert settings == [("four-eyes", None, "11015", "chief"), ("four-eyes", "11015", "0", "chief")]


def test_every_act_is_told_with_who_and_what_stood_before(case):
    first, second, third = (r.id for r in case.receipts())
    case.correct(first, "total", "11,000", by="kim", box=Box(1, 2, 3, 4))
    case.approve(first, by="kim")
    case.reopen(first, by="lee")
    case.settle(second, Finding("warning", "두 장이 같습니다.", code="twin"), by="kim", reason="다른 날 산 것")
    case.clear([second], by="kim")
    assert [r.id for r in case.put_aside()] == [second]
    case.restore([second], by="lee")
    case.read_again([third], by="kim")
    case.delete([second], by="kim")
    table = case.history()
    told = [tuple(row) for row in table[["action", "by", "field", "before", "value"]].fillna("").to_numpy().tolist()]
    for expected in (
        ("correct", "kim", "total", "1000", "11000"),
        ("reopen", "lee", "", "approved", ""),
        ("reread", "kim", "", "", ""),
        ("delete", "kim", "", "", second),
        ("erased", "", "", "", ""),
    ):
        assert expected in told
    assert "settle" not in set(table.action)  # its words went with the receipt
    assert list(case.history(first).action) == ["add", "read", "correct", "approve", "reopen"]
    assert case.receipt(first).field("total").corrections[-1].box == Box(1, 2, 3, 4)
    assert case.verify() == []


def test_a_settled_finding_is_open_no_more_while_it_says_the_same(case):
    name = case.receipts()[0].id
    finding = next(f for f in case.receipt(name).findings if f.severity == "error")
    assert finding in case.receipt(name).open_findings
    receipt = case.settle(name, finding, by="kim", reason="영수증에 그렇게 적힘")
    assert finding not in receipt.open_findings
    assert (receipt.settled[0].by, receipt.settled[0].reason) == ("kim", "영수증에 그렇게 적힘")


def test_all_without_an_open_finding_are_approved_under_a_rule(case):
    judged = case.receipts()[1]
    for field in ("issued_at", "approval_number"):
        case.correct(judged.id, field, judged.value(field), by="lee")
    done = case.approve_clean(by="kim")
    assert set(done) == {r.id for r in case.receipts() if not r.open_findings} != set()
    assert {case.receipt(name).approved_by for name in done} == {"kim"}
    assert case.receipts()[0].status == "read"
    rule = next(e for e in case.entries() if e.action == "approve-clean")
    assert rule.value.startswith("오류와 주의가")
    assert {e.detail["rule"] for e in case.entries() if e.action == "approve"} == {rule.seq}
    assert case.approve_clean(by="kim") == ()


def test_what_changed_since_it_was_seen_is_not_approved_together(case):
    name = case.receipts()[1].id
    for field in ("issued_at", "approval_number"):
        case.correct(name, field, case.receipt(name).value(field), by="lee")
    seen = {name: case.receipt(name).revision}
    case.correct(name, "merchant", "다른 이름", by="lee")
    assert not case.receipt(name).open_findings
    assert case.approve_clean("kim", seen) == ()
    assert case.approve_clean("kim", {name: case.receipt(name).revision}) == (name,)


@pytest.fixture
def clean(case):
    """Receipts of the case that need nothing."""
    for receipt in case.receipts():
        for field in ("issued_at", "approval_number", "total"):
            case.correct(receipt.id, field, receipt.value(field), by="lee")
    found = [receipt for receipt in case.receipts() if not receipt.open_findings]
    assert len(found) > 1
    return found


def test_one_that_goes_for_good_while_all_are_approved_is_left_out_and_its_brothers_are_approved(
    case, clean, monkeypatch
):
    other, note = Case.open(case.folder, case.settings), Store.note

    def gone_meanwhile(store, word):
        monkeypatch.undo()
        other.delete((clean[0].id,), by="lee")
        return note(store, word)

    monkeypatch.setattr(Store, "note", gone_meanwhile)
    assert set(case.approve_clean(by="kim")) == {one.id for one in clean[1:]}
    assert case.verify() == []
    other.close()


def test_approvals_given_again_tell_of_each_that_was_not_and_give_its_brothers(case, clean):
    gone, *left = clean
    case.delete((gone.id,), by="lee")
    kept = case.approve_again(clean, by="kim")
    assert [type(entry).__name__ for entry in kept] == ["Gone"] + ["int"] * len(left)
    assert kept[0].receipt == gone.id
    assert {case.receipt(one.id).approved_by for one in left} == {"kim"}
    again = case.approve_again(left, by="park")  # approved by now
    assert {type(entry) for entry in again} == {Changed}
    assert {entry.receipt for entry in again} == {one.id for one in left}
