"""An approval is bound to the errors its giver knew of: what comes to light later is told and approves nothing anew."""

from datetime import UTC, date, datetime

import pytest

from tests.kit.first_version import as_version_0_1_0
from tests.kit.pile import pile, reading
from workbench.case import Case
from workbench.domain.errors import Changed
from workbench.domain.model import Finding, TaxRecord
from workbench.pipeline.storage.sqlite import Store
from workbench.pipeline.validation.known import marks
from workbench.review.session import Session
from workbench.settings import Settings


@pytest.fixture
def case(tmp_path):
    case = pile(tmp_path / "case", 4)
    yield case
    case.close()


def statement(case, amount="9,000", name="카드.csv"):
    """A card company's list that says another amount for the approval number of receipt 1."""
    rows = f'이용일시,가맹점명,이용금액,승인번호\n2026-02-02 12:33,견본식당,"{amount}",12345679\n'
    return case.add_statement((name, rows.encode()), by="park")


def closed_down(case):
    """The tax service's answer that the business of receipt 1 closed before the purchase."""
    store = Store(case.folder)
    number = case.receipts()[1].value("business_number")
    answer = TaxRecord(
        number, "폐업자", "부가가치세 일반과세자", "GENERAL", datetime.now(UTC), closed_on=date(2020, 1, 1)
    )
    store.put_tax({number: answer})
    store.close()


def policy(case, severity="error"):
    rule = f'[restricted]\nwords = ["견본식당"]\nseverity = "{severity}"\nsay = "쓸 수 없는 곳입니다: {{word}}."\n'
    case.policy(("규정.toml", rule.encode()), by="park")


def twin(case):
    """The same purchase, read off another file."""
    store = Store(case.folder)
    store.put_page(case.receipts()[3].id, (reading(1),))
    store.close()


LATER = {"statement": statement, "tax": closed_down, "policy": policy, "duplicate": twin}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_what_contradicts_an_approved_receipt_later_ends_its_approval_with_words(case, later):
    name = case.receipts()[1].id
    approved = case.approve(name, by="kim")
    assert (approved.status, approved.unseen) == ("approved", ())
    later(case)
    changed = case.receipt(name)
    assert (changed.status, changed.approved_by, changed.changed_values) == ("changed", "", ())
    assert changed.unseen
    assert set(changed.unseen) <= set(changed.findings) - set(approved.findings)
    assert [one.by for one in changed.approvals] == ["kim"]
    # Whoever settles it gives nobody's approval back; approving it anew knows of it.
    for finding in changed.unseen:
        case.settle(name, finding, by="lee")
    assert case.receipt(name).status == "changed"
    again = case.approve(name, by="lee", revision=changed.revision)
    assert (again.status, again.approved_by, again.unseen) == ("approved", "lee", ())
    assert [e.by for e in case.entries(name) if e.action == "approve"] == ["kim", "lee"]
    assert case.verify() == []


@pytest.mark.parametrize("later", [statement, closed_down, policy, twin])
def test_what_was_known_at_the_approval_does_not_end_it(case, later):
    name = case.receipts()[1].id
    later(case)
    assert case.approve(name, by="kim").status == "approved"
    fresh = Case.open(case.folder, Settings())
    assert fresh.receipt(name).status == "approved"
    fresh.close()


def test_an_approval_stands_again_when_what_came_later_is_gone(case):
    name, _, other = (r.id for r in case.receipts()[1:])
    case.approve(name, by="kim")
    twin(case)
    assert case.receipt(name).status == "changed"
    case.clear([other], by="lee")
    assert (case.receipt(name).status, case.receipt(name).approved_by) == ("approved", "kim")


def test_warnings_and_other_numbers_in_a_known_error_do_not_end_an_approval(case):
    name = case.receipts()[1].id
    statement(case)
    case.approve(name, by="kim")
    case.books.lists.remove(next(iter(case.books.standing.statements)), "park")
    assert case.receipt(name).status == "approved"
    statement(case, "8,000")
    assert case.receipt(name).status == "approved"  # the approver knew that a statement says otherwise
    assert any(f.severity == "error" and "8,000" in f.message for f in case.receipt(name).findings)
    policy(case, "warning")
    assert "policy-restricted" in {f.code for f in case.receipt(name).findings}
    assert case.receipt(name).status == "approved"


def test_two_persons_have_to_know_of_it(case):
    case.set_four_eyes(0, by="chief")
    name = case.receipts()[1].id
    case.approve(name, by="kim")
    assert case.approve(name, by="lee").status == "confirmed"
    statement(case)
    assert (case.receipt(name).status, case.receipt(name).confirmed_by) == ("changed", "")
    assert case.approve(name, by="lee").status == "approved"
    assert case.approve(name, by="kim").status == "confirmed"


def test_what_only_one_of_two_persons_knew_of_ends_their_approval_when_it_comes_back(case):
    case.set_four_eyes(0, by="chief")
    name = case.receipts()[1].id
    statement(case)
    case.approve(name, by="kim")
    (kept,) = case.books.lists.kept("statement")
    case.books.lists.remove(kept.id, "park")
    assert case.approve(name, by="lee").status == "confirmed"
    statement(case)
    assert case.receipt(name).status == "changed"


def test_an_approval_of_a_screen_that_did_not_show_the_error_is_refused(case):
    receipt = case.receipts()[1]
    statement(case)
    with pytest.raises(Changed, match="9,000"):
        case.approve(receipt.id, by="kim", revision=receipt.revision, known=receipt.findings)
    assert case.receipt(receipt.id).status == "read"
    assert case.entries(receipt.id)[-1].action == "read"


def test_redoing_an_approval_does_not_approve_what_has_come_since(case):
    session = Session(case, "kim")
    name = case.receipts()[1].id
    session.approve(name)
    session.undo()
    statement(case)
    session.redo()
    assert case.receipt(name).status == "read"
    assert session.notice.kind == "error"


def test_the_key_for_approval_asks_about_what_came_after_the_approval(case):
    session = Session(case, "kim")
    name = case.receipts()[1].id
    session.approve(name)
    twin(case)
    session.tick()
    session.approve(name)
    assert "같은 거래" in session.question.text
    session.answer(True)
    assert case.receipt(name).status == "approved"


def test_an_approval_of_an_earlier_program_says_nothing_of_what_was_known_and_stands(tmp_path):
    folder = tmp_path / "case"
    pile(folder, 3).close()
    ids = as_version_0_1_0(folder)
    case = Case.open(folder, Settings())
    rows = "이용일시,가맹점명,이용금액,승인번호\n2026-01-01 12:33,가나다상회,9000,12345678\n"
    case.add_statement(("카드.csv", rows.encode()), by="park")
    assert any(f.severity == "error" for f in case.receipt(ids[0]).findings)
    assert case.receipt(ids[0]).status == "approved"
    assert case.verify() == []
    case.close()


def finding(severity="error", message="11,000원을 넘습니다.", fields=(), code="policy-limit", links=()):
    return Finding(severity, message, fields, code, links)


def test_a_mark_is_the_same_for_other_numbers_and_another_for_another_rule_field_or_paper():
    assert marks([finding()]) == marks([finding(message="9,500원을 넘습니다.")])
    assert marks([finding(fields=("total",))]) == marks([finding("error", "다른 말", ("total",))])
    apart = [
        finding(), finding(message="한 달 11,000원을 넘습니다."), finding("warning"), finding(code="kind"),
        finding(fields=("total",)), finding(fields=("vat",)), finding(links=("a",)), finding(links=("b",)),
    ]  # fmt: skip
    assert len(marks(apart)) == len(apart)
    assert marks([finding(links=("b", "a"))]) == tuple(sorted(marks(apart[-2:])))
    assert marks([finding("info")]) == ()


def test_a_second_error_of_the_same_kind_is_not_known_with_the_first(case):
    name = case.receipts()[1].id
    rule = '[restricted]\nwords = ["{}"]\nseverity = "error"\nsay = "{}조에 따라 쓸 수 없습니다."\n'
    one, other = (rule.replace("[restricted]", "[[restricted]]").format("견본식당", n) for n in (1, 2))
    case.policy(("규정.toml", one.encode()), by="park")
    case.approve(name, by="kim")
    case.policy(("규정.toml", (one + other).encode()), by="park")
    changed = case.receipt(name)
    assert changed.status == "changed"
    assert [f.message for f in changed.unseen] == ["2조에 따라 쓸 수 없습니다."]
    assert case.approve(name, by="kim").status == "approved"
