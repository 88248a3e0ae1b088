import re
import shutil
import sys
import threading
import time
import unicodedata
from collections import Counter
from dataclasses import replace

import pytest

from tests.kit.parts import part, press, words
from tests.kit.pile import pile, reading
from workbench.case import Case
from workbench.domain.errors import CaseError, NotAllowed
from workbench.domain.model import Box, Geometry
from workbench.pipeline.storage.sqlite import Store
from workbench.review import filters, spoken, texts
from workbench.review.background_jobs import forget, open_case
from workbench.review.filters import Filter
from workbench.review.session import Session
from workbench.settings import Settings
from workbench.widgets.deleting import Deleting
from workbench.widgets.editor import Editor
from workbench.widgets.filters import FilterBar
from workbench.widgets.keys import Keys


@pytest.fixture
def session(tmp_path):
    case = pile(tmp_path / "case", 4, Settings(nts_url="http://127.0.0.1:9/none", jobs=1))
    yield Session(case, "kim")
    case.close()


def until(session, done, seconds=300.0):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "never happened"
        session.tick()
        time.sleep(0.02)


def test_it_opens_on_the_first_receipt_with_its_first_problem_in_hand(session):
    assert len(session.rows) == 4
    assert session.chosen == session.rows[0].id
    assert session.field in filters.problems(session.receipt)


def test_a_correction_is_kept_with_who_said_it_and_the_reading_stays(session):
    session.choose(session.chosen, "total")
    assert session.correct("11,000")
    field = session.receipt.field("total")
    assert (field.value, field.read, field.corrections[-1].by) == ("11000", "1000", "kim")
    assert session.case.receipt(session.chosen).value("total") == "11000"


def test_a_wrong_value_is_refused_beside_its_field_and_nothing_changes(session):
    session.choose_field("total")
    assert not session.correct("만천원")
    assert (session.refusal.field, session.refusal.text) == ("total", "만천원")
    assert session.refusal.why.endswith("'만천원'")
    assert session.receipt.value("total") == "1000"
    session.choose_field("vat")
    assert session.refusal is None


def test_what_was_typed_for_a_receipt_that_is_gone_is_told_and_harms_nothing(session):
    gone = session.chosen
    session.case.delete([gone])
    assert not session.correct("11,000", "total", gone)
    assert "없는 영수증" in session.notice.text


def test_undo_and_redo_walk_through_corrections(session):
    session.choose_field("total")
    session.correct("11000")
    session.correct("12000")
    session.undo()
    assert session.receipt.value("total") == "11000"
    session.undo()
    assert session.receipt.value("total") == "1000"
    assert not session.receipt.field("total").corrected
    session.undo()  # nothing left
    session.redo()
    session.redo()
    assert session.receipt.value("total") == "12000"
    assert session.steps[0]
    session.take_back()
    assert session.receipt.value("total") == "1000"
    session.undo()
    assert session.receipt.value("total") == "12000"


def test_hundreds_of_approvals_are_undone_and_done_again_beside_the_page_in_one_transaction(tmp_path, monkeypatch):
    """Each flushed by itself, and by the thread that serves everybody, they would keep all pages waiting."""
    case = pile(tmp_path / "case", 40)
    session, other = Session(case, "kim"), Case.open(case.folder, case.settings)
    approved = tuple(case.approve(r.id, by="kim").id for r in session.receipts)
    session.did(spoken.approve_together(case, "kim", approved))
    other.correct(approved[7], "total", "77", by="lee")  # stays said
    wrote: list[int] = []
    writing = Store.writing

    def watched(store):
        wrote.append(threading.get_ident())
        return writing(store)

    monkeypatch.setattr(Store, "writing", watched)
    session.undo()
    session.undo()  # a second press meanwhile does nothing, and says so
    assert session.notice.text.startswith("앞의 일을 아직 하고 있습니다")
    assert "40건" in session.notice.text
    until(session, lambda: not session.underway)
    assert len(wrote) == 1
    assert threading.get_ident() not in wrote
    statuses = Counter(r.status for r in session.receipts)
    assert statuses["approved"] == 0
    assert "lee" in session.notice.text
    assert case.receipt(approved[7]).value("total") == "77"
    monkeypatch.undo()
    assert case.verify() == []
    case.close()
    other.close()


def _approved_together(case, session):
    approved = tuple(case.approve(r.id, by="kim").id for r in session.receipts)
    session.tick()
    session.did(spoken.approve_together(case, "kim", approved))
    return approved


def test_what_is_done_while_many_approvals_are_undone_keeps_its_place_in_the_history(tmp_path, monkeypatch):
    case = pile(tmp_path / "case", 4)
    session = Session(case, "kim")
    approved = _approved_together(case, session)
    go, reopen = threading.Event(), Case.reopen_all
    monkeypatch.setattr(Case, "reopen_all", lambda *given, **named: go.wait(300) and reopen(*given, **named))
    session.undo()
    corrected = session.correct("다른상회", "merchant", approved[0])
    go.set()
    until(session, lambda: not session.underway)
    assert corrected
    assert "다른상회" in session.steps[0]
    session.undo()
    assert session.receipts[0].value("merchant") != "다른상회"
    assert session.steps[0] == ""  # the approvals were undone: they are not there to be undone a second time
    case.close()


def test_an_undo_while_many_are_being_approved_undoes_nothing_older_and_says_so(tmp_path, monkeypatch):
    case = pile(tmp_path / "case", 4)
    session = Session(case, "kim")
    assert session.correct("다른상회", "merchant")
    go, clean = threading.Event(), Case.approve_clean
    monkeypatch.setattr(Case, "approve_clean", lambda *given, **named: go.wait(300) and clean(*given, **named))
    session.approve_clean()
    session.undo()
    assert session.notice.text.startswith("앞의 일을 아직 하고 있습니다")
    assert session.receipt.value("merchant") == "다른상회"
    go.set()
    until(session, lambda: not session.underway)
    assert session.receipt.value("merchant") == "다른상회"
    case.close()


def test_one_that_goes_for_good_while_all_are_approved_stops_neither_the_others_nor_their_undo(tmp_path, monkeypatch):
    case = pile(tmp_path / "case", 4)
    session, other = Session(case, "kim"), Case.open(case.folder, case.settings)
    for receipt in session.receipts:
        for field in ("issued_at", "approval_number", "total"):
            case.correct(receipt.id, field, receipt.value(field), by="kim")
    session.tick()
    gone, *left = [receipt.id for receipt in session.receipts if not receipt.open_findings]
    approve = Case.approve_clean

    def approved_and_one_gone(*given, **named):
        done = approve(*given, **named)
        other.delete((gone,), by="lee")
        return done

    monkeypatch.setattr(Case, "approve_clean", approved_and_one_gone)
    session.approve_clean()
    until(session, lambda: not session.underway)
    assert [case.receipt(one).status for one in left] == ["approved"] * len(left) != []
    session.undo()
    until(session, lambda: not session.underway)
    assert [case.receipt(one).status for one in left] == ["read"] * len(left)
    case.close()
    other.close()


def test_approvals_are_undone_together_although_one_of_the_receipts_is_gone_for_good(tmp_path):
    case = pile(tmp_path / "case", 4)
    session, other = Session(case, "kim"), Case.open(case.folder, case.settings)
    approved = _approved_together(case, session)
    other.delete(approved[:1], by="lee")
    session.tick()
    session.undo()
    until(session, lambda: not session.underway)
    assert [case.receipt(one).status for one in approved[1:]] == ["read"] * 3
    case.close()
    other.close()


def test_an_act_on_what_is_gone_for_good_does_not_stand_in_the_way_of_undoing_those_before(tmp_path):
    case = pile(tmp_path / "case", 3)
    session, other = Session(case, "kim"), Case.open(case.folder, case.settings)
    kept, going = session.receipts[:2]
    assert session.correct("다른상회", "merchant", kept.id)
    assert session.correct("1", "total", going.id)
    other.delete([going.id], by="lee")
    session.tick()
    session.undo()
    assert going.id in session.notice.text
    session.undo()
    assert case.receipt(kept.id).value("merchant") == kept.value("merchant")
    case.close()
    other.close()


def test_who_approved_is_told_when_somebody_else_ends_that_approval_and_nobody_else_is(session):
    lee, park = Session(session.case, "lee"), Session(session.case, "park")
    name, other = session.rows[0].id, session.rows[1].id
    for approved in (name, other):
        session.case.approve(approved, by="kim")
    for one in (session, lee, park):
        one.tick()
        one.notice = None
    assert lee.correct("12000", "total", name)
    for one in (session, park):
        one.tick()
    assert all(word in session.notice.text for word in ("lee", session.rows[0].file, "승인"))
    assert (park.notice, session.notice.kind) == (None, "warning")
    session.notice = None
    session.case.reopen(other, by="lee")
    session.tick()
    assert session.rows[1].file in session.notice.text
    session.case.approve(other, by="kim")
    session.tick()
    session.notice = None
    session.case.correct(other, "total", "7", by="kim")  # on another page of one's own
    session.tick()
    assert session.notice is None


def test_approvals_that_ended_together_are_told_in_one_sentence_also_to_who_confirmed(session):
    park, (name, other) = Session(session.case, "park"), [receipt.id for receipt in session.rows[:2]]
    for who in ("kim", "park"):
        for approved in (name, other):
            session.case.approve(approved, by=who)
    assert {session.case.receipt(one).status for one in (name, other)} == {"confirmed"}
    for one in (session, park):
        one.tick()
        one.notice = None
    session.case.correct(name, "total", "8", by="kim")
    session.case.reopen(other, by="lee")
    for one in (session, park):
        one.tick()
    assert session.notice.text.startswith(f"{session.rows[1].file}: ")  # the first is kim's own doing
    assert all(word in park.notice.text for word in (f"{session.rows[0].file} 외 1건: ", "(kim)"))


def test_undoing_a_correction_brings_the_approval_back(session):
    session.choose_field("total")
    first = session.chosen
    session.correct("11000")
    session.approve(sure=[f.message for f in session.receipt.open_findings])
    session.choose(first, "total")
    assert session.receipt.status == "approved"
    session.correct("12000")
    assert session.receipt.status == "read"
    session.undo()
    assert (session.receipt.status, session.receipt.value("total")) == ("approved", "11000")


def test_a_tapped_line_costs_one_press_and_goes_into_the_field_in_hand(session):
    session.choose_field("total")
    assert session.correct_from("합계: 11,000")
    assert session.receipt.value("total") == "11000"
    assert not session.correct_from("감사합니다")
    assert "합계" in session.refusal.why


def test_the_right_value_stands_among_the_picks(session):
    session.choose_field("total")
    assert "11000" in session.picks()
    assert session.pick(session.picks().index("11000") + 1)
    assert session.receipt.value("total") == "11000"
    assert not session.pick(9)


def test_next_problem_stays_on_the_receipt_until_it_is_approved_and_then_the_next_comes(session):
    first = session.chosen
    for _ in range(10):
        if not filters.points(session.receipt):
            break
        assert session.accept() or session.finding
        session.next_problem()
    else:
        pytest.fail("problems never ended")
    assert session.chosen == first
    assert session.notice.text == texts.ALL_SEEN
    assert not session.next_problem()
    assert (session.chosen, session.receipt.status) == (first, "read")
    session.approve()
    assert session.chosen != first
    assert session.case.receipt(first).status == "approved"


def test_an_error_that_nobody_judged_is_asked_about_before_the_approval(session):
    first = session.chosen
    session.approve()
    assert (session.case.receipt(first).status, session.question.receipt) == ("read", first)
    assert "금액이 맞지 않습니다" in session.question.text
    session.answer(False)
    assert session.case.receipt(first).status == "read"
    session.approve()
    session.answer(True)
    assert session.case.receipt(first).approved_by == "kim"


def asked_of(session, folder):
    """A question with a typed value in it."""
    other = Case.open(folder, Settings())
    other.correct(session.chosen, "total", "7,000", by="lee")  # not on this screen yet
    assert not session.correct("8,000", "total")
    other.close()


@pytest.mark.parametrize("verb", ["yes", "escape"])
@pytest.mark.parametrize("part", ["Keys", "Editor"])
def test_nobody_answers_a_question_that_their_page_did_not_show_yet(session, tmp_path, verb, part):
    """A key that was on its way answered what came up meanwhile: a typed value went, or took another's place."""
    keys, editor = Keys(session, {"escape": lambda: None}), Editor(session, print, print)

    def answer(hand):
        if part == "Keys":
            keys.heard({"verb": verb, "id": session.chosen, "hand": hand})
        else:
            editor.heard({"verb": "answer", "id": session.chosen, "yes": verb == "yes", "hand": hand})

    before = keys.hand
    asked_of(session, tmp_path / "case")
    assert keys.hand == editor.view["hand"] != before
    answer(before)
    assert session.question is not None
    assert session.receipt.value("total") == "7000"
    answer(keys.hand)
    assert session.question is None
    assert session.receipt.value("total") == ("8000" if verb == "yes" else "7000")


def test_a_question_that_is_asked_again_stands_on_and_can_be_answered_all_the_while(session):
    """It went and came back: what was pressed between the two was an answer to nothing, and told so."""
    keys = Keys(session, {})
    session.approve()
    shown = []
    keys.param.watch(lambda event: shown.append(event.new), "hand")
    session.approve()
    assert shown == []
    keys.heard({"verb": "yes", "id": session.chosen, "hand": keys.hand})
    assert session.question is None


def test_a_finding_of_a_field_is_seen_to_with_the_same_key_as_one_of_the_whole_paper(session):
    keys = Keys(session, {"escape": lambda: None})
    session.choose_field("total")
    assert "total" in filters.points(session.receipt)
    keys.heard({"verb": "settle", "id": session.chosen, "hand": keys.hand})
    assert session.receipt.field("total").corrected
    session.choose_field("merchant")
    keys.heard({"verb": "settle", "id": session.chosen, "hand": keys.hand})
    assert not session.receipt.field("merchant").corrected


def test_escape_lets_go_of_what_was_refused(session):
    keys = Keys(session, {"escape": lambda: None})
    assert not session.correct("천원", "vat")
    keys.heard({"verb": "escape", "hand": keys.hand})
    assert session.refusal is None


@pytest.mark.parametrize("deed", ["undo", "approve", "ask"])
def test_what_waits_for_an_answer_is_told_when_something_else_is_done(session, tmp_path, deed):
    if deed == "undo":
        session.correct("3", "vat")
    asked_of(session, tmp_path / "case")
    told = []
    session.param.watch(lambda event: told.append(event.new.text), "notice")
    if deed == "undo":
        session.undo()
    else:
        session.approve(sure=[f.message for f in session.receipt.open_findings] if deed == "approve" else ())
    assert session.question is None or "8,000" not in session.question.text
    assert [text for text in told if "8,000" in text]


def test_findings_of_the_whole_paper_are_problems_and_are_settled_with_a_reason(session):
    from workbench.domain.model import Finding

    name = session.receipts[1].id
    read = reading(1)
    odd = Finding("error", "취소된 거래로 보입니다.", code="cancelled")
    store = Store(session.case.folder)
    store.put_page(name, (replace(read, findings=(*read.findings, odd)),))
    store.close()
    session.tick()
    session.choose(name)
    assert session.finding == odd  # gravest first
    assert filters.state_of(session.receipt) == "open"
    session.settle("환불 뒤 다시 결제")
    assert odd not in filters.points(session.receipt)
    assert (session.receipt.settled[0].reason, session.receipt.settled[0].by) == ("환불 뒤 다시 결제", "kim")


def test_what_another_has_changed_meanwhile_is_shown_and_asked_about(session, tmp_path):
    name = session.chosen
    other = Case.open(tmp_path / "case", Settings())
    other.correct(name, "total", "7,000", by="lee")  # not on this screen yet
    assert not session.correct("8,000", "total")
    assert session.case.receipt(name).value("total") == "7000"
    assert re.search("lee.*1,000 → 7,000", session.question.text)
    session.answer(False)
    assert session.case.receipt(name).value("total") == "7000"
    session.correct("9,000", "total")
    other.correct(name, "total", "7,500", by="lee")
    assert not session.correct("9,500", "total")
    session.answer(True)
    assert session.case.receipt(name).value("total") == "9500"
    other.correct(name, "vat", "1", by="lee")
    revision = session.receipt.revision
    session.approve(name, revision, sure=[f.message for f in session.receipt.open_findings])
    assert session.case.receipt(name).status == "read"
    assert "lee" in session.question.text
    other.close()


def test_undo_refuses_where_another_has_spoken_since_and_gives_nobody_elses_approval_back(session, tmp_path):
    name = session.chosen
    other = Case.open(tmp_path / "case", Settings())
    session.correct("11,000", "total")
    assert re.search("영수증 0.jpg.*1,000 → 11,000", session.steps[0])
    other.correct(name, "total", "12,000", by="lee")
    session.undo()
    assert session.case.receipt(name).value("total") == "12000"
    assert "lee" in session.notice.text
    assert session.steps == ("", "")  # it would stand in the way for ever
    other.approve(name, by="lee")
    session.tick()
    session.approve(name)  # takes lee's approval back, after a question
    session.answer(True)
    assert session.case.receipt(name).status == "read"
    session.undo()
    assert session.case.receipt(name).status == "read"
    assert "준 사람만" in session.notice.text
    assert {e.by for e in session.case.entries(name) if e.action == "approve"} == {"lee"}
    other.close()


def test_what_another_said_of_a_receipt_since_stands_against_undo_and_redo_of_putting_it_aside(session, tmp_path):
    first, second = (r.id for r in session.receipts[:2])
    other = Case.open(tmp_path / "case", Settings())
    session.clear([first, second])
    other.restore([first], by="lee")
    other.clear([first], by="lee")  # for a reason of their own
    session.undo()
    assert [r.id for r in session.case.put_aside()] == [first]
    assert "lee" in session.notice.text
    session.clear([second])
    session.undo()
    other.correct(second, "total", "12,000", by="lee")
    session.redo()
    assert [r.id for r in session.case.put_aside()] == [first]
    assert "lee" in session.notice.text
    session.clear([first])  # lies there already, by another's word
    session.undo()
    assert [r.id for r in session.case.put_aside()] == [first]
    other.close()


def test_putting_aside_counts_what_it_moved_and_not_what_another_had_put_aside_a_moment_before(session, tmp_path):
    first, second = (r.id for r in session.receipts[:2])
    other = Case.open(tmp_path / "case", Settings())
    other.clear([first], by="lee")
    session.clear([first, second])
    assert session.notice.text.startswith("1건")
    assert session.steps[0].startswith("1건")
    steps = session.steps
    session.clear([first])
    assert "이미" in session.notice.text
    assert session.steps == steps
    other.close()


def test_words_on_what_was_put_aside_and_its_reading_keep_nobody_from_undoing_that(session, tmp_path):
    name = session.chosen
    session.clear([name])
    session.case.correct(name, "total", "12,000", by="lee")
    session.case.store.put_page(name, (reading(3),))
    session.undo()
    assert session.case.put_aside() == ()


def test_an_approval_that_came_a_moment_ago_is_not_taken_back_with_ones_own(session, tmp_path):
    name = session.chosen
    other = Case.open(tmp_path / "case", Settings())
    other.set_four_eyes(0)
    session.case.approve(name, by="kim")
    session.tick()
    other.approve(name, by="lee")
    session.approve(name)  # the page still shows kim's approval alone, which kim takes back
    assert session.case.receipt(name).status == "confirmed"
    assert "lee" in session.notice.text
    other.close()


def test_undoing_a_confirmation_leaves_the_approval_of_the_first(session):
    name = session.chosen
    session.case.set_four_eyes(0)
    session.case.approve(name, by="lee")
    session.tick()
    session.approve(name)
    session.answer(True)  # its errors are asked about
    assert session.case.receipt(name).status == "confirmed"
    session.undo()
    now = session.case.receipt(name)
    assert (now.status, now.approved_by, now.confirmed_by) == ("approved", "lee", "")
    session.redo()
    assert session.case.receipt(name).confirmed_by == "kim"


def test_redoing_what_took_an_approval_back_leaves_what_another_approved_since(session, tmp_path):
    name = session.chosen
    other = Case.open(tmp_path / "case", Settings())
    other.set_four_eyes(0)
    session.case.approve(name, by="kim")
    session.tick()
    session.approve(name)
    session.undo()
    other.approve(name, by="lee")
    session.redo()
    assert session.case.receipt(name).status == "confirmed"
    assert "lee" in session.notice.text
    other.close()


def test_undoing_an_approval_that_another_gave_first_takes_nothing_back(session, tmp_path):
    seen = session.receipt
    session.case.approve(seen.id, by="lee")
    session.case.correct(seen.id, "note", "다과", by="kim")
    session.case.correct(seen.id, "note", None, by="kim")
    step = spoken.approve(session.case, "kim", seen, seen.revision)
    with pytest.raises(NotAllowed):
        step.back()
    assert session.case.receipt(seen.id).approved_by == "lee"


def test_undo_of_a_correction_is_refused_after_anothers_approval_of_it(session, tmp_path):
    name = session.chosen
    session.correct("11,000", "total")
    other = Case.open(tmp_path / "case", Settings())
    other.approve(name, by="lee")
    session.undo()
    assert session.case.receipt(name).value("total") == "11000"
    assert session.case.receipt(name).approved_by == "lee"
    other.close()


def test_what_was_put_aside_comes_back_after_a_reload(session):
    gone = session.chosen
    session.clear([gone])
    later = Session(session.case, "lee")
    assert later.aside == 1
    assert [r.id for r in later.case.put_aside()] == [gone]
    later.restore([gone])
    assert (later.aside, len(later.receipts)) == (0, 4)


def test_search_looks_at_all_text_that_was_read(session):
    session.filter = Filter(search="승인번호: 12345680")
    assert [r.file for r in session.rows] == ["영수증 2.jpg"]
    session.filter = Filter(search="111-11-11119")
    assert [r.file for r in session.rows] == ["영수증 0.jpg"]
    session.filter = Filter(search=unicodedata.normalize("NFD", "승인번호: 12345680"))  # as macOS and some PDFs give it
    assert [r.file for r in session.rows] == ["영수증 2.jpg"]
    session.filter = Filter(search="없는 글")
    assert session.rows == ()


def test_moving_follows_the_order_of_the_table(session):
    session.sort = ("total", True)
    ids = [r.id for r in session.rows]
    assert [r.file for r in session.rows][-1] == "영수증 0.jpg"
    session.choose(ids[0])
    session.move(1)
    assert session.chosen == ids[1]
    session.move(-5)
    assert session.chosen == ids[0]


def test_the_row_in_hand_keeps_its_place_until_another_is_chosen(session):
    session.sort = ("total", True)
    first, second, third, last = (r.id for r in session.rows)
    session.choose(first, "total")
    session.correct("1")
    assert [r.id for r in session.rows] == [first, second, third, last]
    assert session.rows[0].value("total") == "1"
    session.move(1)
    assert session.chosen == second
    assert [r.id for r in session.rows] == [second, third, last, first]
    session.correct("2", "total")
    session.sort = ("total", False)  # asked for, and with what holds now
    assert [r.id for r in session.rows] == [first, second, last, third]
    session.correct("99999999", "total")  # from here on its place is that
    assert [r.id for r in session.rows] == [first, second, last, third]


def test_the_row_in_hand_stays_in_a_filter_that_it_fulfils_no_more_until_another_is_chosen(session):
    ids = [r.id for r in session.rows]
    for name in ids:
        session.correct("한 가게", "merchant", name)
    session.filter = Filter(merchant="한 가게")
    assert [r.id for r in session.rows] == ids
    session.choose(ids[1], "merchant")
    session.correct("다른 가게")
    session.move(1)
    assert session.chosen == ids[2]
    assert [r.id for r in session.rows] == [ids[0], *ids[2:]]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move a folder whose files are open")
def test_a_page_says_once_that_its_case_is_another_by_now(session):
    folder = session.case.folder
    shutil.copytree(folder, folder.with_name("backup"))
    folder.rename(folder.with_name("moved"))
    folder.with_name("backup").rename(folder)
    said = []
    session.param.watch(lambda event: said.append(event.new.text), "notice", onlychanged=False)
    for _ in range(3):
        session.tick()
    assert len(said) == 1
    assert "다른 것으로 바뀌었거나" in said[0]
    assert len(session.rows) == 4
    with pytest.raises(CaseError):
        Session(session.case, "kim")
    folder.rename(folder.with_name("backup"))
    folder.with_name("moved").rename(folder)
    session.tick()
    folder.rename(folder.with_name("moved"))
    session.tick()
    assert len(said) == 2  # it was itself in between


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move a folder whose files are open")
def test_a_page_opened_after_its_case_was_replaced_shows_the_new_one(tmp_path):
    pile(tmp_path / "case", 2).close()
    pile(tmp_path / "backup", 3).close()
    before = open_case(tmp_path / "case", Settings(jobs=1))
    assert open_case(tmp_path / "case") is before
    (tmp_path / "case").rename(tmp_path / "moved")
    assert open_case(tmp_path / "case") is before  # nothing is there: no new case is made in its place
    (tmp_path / "backup").rename(tmp_path / "case")
    after = open_case(tmp_path / "case", Settings(jobs=1))
    assert len(Session(after, "kim").rows) == 3
    forget(tmp_path / "case")
    before.close()
    after.close()


def test_words_of_others_appear_without_asking(session, tmp_path):
    from workbench.case import Case

    other = Case.open(tmp_path / "case", Settings())
    other.correct(session.chosen, "merchant", "새 이름", by="lee")
    before = session.rows
    session.tick()
    assert session.receipt.value("merchant") == "새 이름"
    assert [a is b for a, b in zip(before, session.rows, strict=True)].count(False) == 1
    other.close()


def test_clearing_tells_what_would_be_lost_and_can_be_undone(session):
    session.choose_field("total")
    session.correct("11000")
    assert session.would_lose() == (4, 1)
    session.clear()
    assert (session.receipts, session.chosen) == ((), "")
    session.undo()
    assert len(session.receipts) == 4
    assert session.receipts[0].value("total") == "11000"


def test_what_is_deleted_is_gone_for_good_and_no_undo_speaks_of_it(session):
    first, second, *_ = (receipt.id for receipt in session.receipts)
    session.correct("가나다라마바사", "merchant", first)
    session.correct("11,000", "total", second)
    assert [receipt.id for receipt in session.would_delete([first])] == [first]
    session.delete([first])
    until(session, lambda: len(session.receipts) == 3)
    until(session, lambda: session.notice is not None and "완전히 지웠습니다" in session.notice.text)
    everything = b"".join(path.read_bytes() for path in session.case.folder.rglob("*") if path.is_file())
    assert "가나다라마바사".encode() not in everything
    assert first.encode() not in b"".join(str(path).encode() for path in session.case.folder.rglob("*"))
    assert session.chosen != first
    session.undo()
    assert session.case.receipt(second).value("total") == "11011"
    session.undo()
    assert session.notice.kind == "info"  # nothing more to take back, and no complaint
    assert session.steps[0] == ""


def test_a_file_goes_whole_and_that_is_told_before(session):

    first = session.receipts[0].id
    store = Store(session.case.folder)
    store.put_page(first, (reading(0), reading(1)))
    store.close()
    session.tick()
    both = session.would_delete([first])
    assert [receipt.region for receipt in both] == [1, 2]
    dialog = Deleting(session)
    dialog.ask((first,))
    assert "1건도 함께" in words(dialog)
    session.delete([first])
    until(session, lambda: len(session.receipts) == 3)


def test_a_guest_of_a_case_deletes_nothing(session):
    session.may_delete = False
    session.delete([session.chosen])
    time.sleep(0.2)
    session.tick()
    assert len(session.receipts) == 4
    bar = FilterBar(session, clear=print, delete=print)
    assert not bar.view["may_delete"]


def test_the_button_that_deletes_works_only_once_it_is_confirmed(session):
    dialog = Deleting(session)
    go = texts.DELETE_GO.format(count=1)
    dialog.ask((session.chosen,))
    assert part(dialog, go).disabled
    part(dialog, go).clicks += 1  # a press that was on its way
    assert len(session.case.receipts()) == 4
    dialog.ask((session.chosen,))
    part(dialog, texts.DELETE_SURE).value = True
    press(dialog, go)
    until(session, lambda: len(session.receipts) == 3)
    dialog.ask((session.chosen,))
    assert part(dialog, go).disabled  # asked afresh each time


def test_two_uploads_of_one_name_are_two_receipts(session):
    from tests.kit.pile import picture

    added = session.add(("a.jpg", picture(90)), ("a.jpg", picture(91)), ("b.txt", b"hello"))
    assert len(added.new) == 2
    assert added.refused[0][0] == "b.txt"
    assert len(session.rows) == 6


def test_failed_queries_show_what_is_in_the_way_and_a_later_answer_takes_it_away(session):
    session.look_up()
    until(session, lambda: not session.asking and session.tax_trouble())
    assert session.tax_trouble() == "no-key"
    assert all(filters.tax_failed(r) for r in session.receipts)


def test_an_own_key_is_used_by_this_session_only_and_shown_nowhere(session):
    from tests.kit.nts_server import KEY
    from workbench.pipeline.tax.standin import StandIn

    with StandIn(key=KEY) as service:
        object.__setattr__(session.case.settings, "nts_url", service.url)
        session.use_key(KEY)
        assert session.own_key
        session.look_up()
        until(session, lambda: not session.asking and all(r.tax for r in session.receipts))
    assert session.tax_trouble() == ""
    assert KEY not in repr(session) + str(session.param.values())
    for path in session.case.folder.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes()
    assert Session(session.case, "lee").service() is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CaseError("읽지 못했습니다."), "읽지 못했습니다."),
        (OSError(28, "/home/kim/1.jpg"), r"뜻밖의 오류.*\(OSError\)"),
    ],
)
def test_an_area_that_cannot_be_read_is_told_in_words(session, monkeypatch, error, said):
    def broken(*_):
        raise error

    monkeypatch.setattr(session.case, "read_area", broken)
    session.read_area(Box(0, 0, 50, 50))
    until(session, lambda: session.notice is not None and not session.busy_area)
    assert re.match(said, session.notice.text)
    assert "kim" not in session.notice.text


def test_an_area_read_afresh_goes_into_the_field_it_was_drawn_for(session, monkeypatch):
    monkeypatch.setattr(session.case, "read_area", lambda *_: "합계 11,000")
    session.choose_field("total")
    session.read_area(Box(0, 0, 50, 50))
    until(session, lambda: not session.busy_area)
    assert session.receipt.value("total") == "11000"


def test_an_area_read_afresh_asks_before_it_replaces_what_another_wrote_meanwhile(session, monkeypatch):
    target = session.chosen

    def meanwhile(*_):
        session.case.correct(target, "total", "777", by="lee")
        return "합계 11,000"

    monkeypatch.setattr(session.case, "read_area", meanwhile)
    session.choose_field("total")
    session.read_area(Box(0, 0, 50, 50))
    until(session, lambda: not session.busy_area)
    assert session.receipt.value("total") == "777"
    assert "lee" in session.question.text
    session.answer(True)
    assert session.receipt.value("total") == "11000"


def test_a_receipt_is_read_again_although_another_of_its_page_was_put_aside(session, monkeypatch):
    begun = []
    monkeypatch.setattr(session.jobs, "start", lambda **named: begun.append(session.case.store.waiting()))
    first = session.receipts[0].id
    parts = [replace(reading(n), geometry=Geometry(size=(9, 9), region=Box(9 * n, 0, 9 * n + 9, 9))) for n in (0, 1)]
    _, second = session.case.store.put_page(first, tuple(parts))
    session.tick()
    session.clear([first])
    session.read_again([second])
    assert [[name for name, *_ in waiting] for waiting in begun] == [[first]]


def test_marks_survive_as_long_as_their_receipts(session):
    session.mark_all()
    assert len(session.marked) == 4
    session.clear([session.marked[0]])
    assert len(session.marked) == 3
    session.mark(session.marked[0])
    assert len(session.marked) == 2


def test_a_yes_is_for_what_the_question_showed_and_for_nothing_later(tmp_path):
    folder = tmp_path / "case"
    case = pile(folder, 1)
    session = Session(case, "kim")
    name = session.chosen
    case.correct(name, "total", "2000", by="lee")
    assert not session.correct("3000", "total", name, seen="1000")
    assert session.question is not None
    case.correct(name, "total", "4000", by="lee")  # while the question is open
    session.answer(True)
    assert case.receipt(name).value("total") == "4000"
    assert session.question is not None
    session.answer(True)
    assert case.receipt(name).value("total") == "3000"


def test_anothers_approval_is_taken_back_only_after_a_question(tmp_path):
    case = pile(tmp_path / "case", 1)
    session = Session(case, "kim")
    case.approve(session.chosen, by="lee")
    session.tick()
    session.approve()
    assert case.receipt(session.chosen).approved_by == "lee"
    assert session.question is not None
    session.answer(True)
    assert case.receipt(session.chosen).status == "read"


def test_what_waits_for_an_answer_or_was_refused_is_not_dropped_without_a_word(session):
    first, second, third = (r.id for r in session.receipts[:3])
    session.choose(first, "total")
    session.case.correct(first, "total", "7000", by="lee")
    assert not session.correct("9,000", seen="1,000")
    assert session.question.typed == "9,000"
    session.choose(second)  # on to the next row, as hands do
    assert session.question is None
    assert "9,000" in session.notice.text
    assert "lee" in session.notice.text
    session.choose_field("total")
    assert not session.correct("만원")
    session.choose_field("vat")
    assert re.search("영수증 1.jpg.*합계.*숫자", session.notice.text)
    assert "만원" in session.notice.text
    # What arrives only when another receipt is in hand brings its own back, with the question or the reason.
    session.case.correct(third, "vat", "5", by="lee")
    session.choose(first)
    assert not session.correct("77", "vat", third, seen="1,002")
    assert (session.chosen, session.question.receipt) == (third, third)
    session.answer(False)
    assert not session.correct("엉뚱", "total", second)
    assert (session.chosen, session.field, session.refusal.text) == (second, "total", "엉뚱")
    assert session.case.receipt(third).value("vat") == "5"


def test_what_was_found_right_is_no_correction_in_the_words_of_undo(session):
    session.choose_field("merchant")
    value = session.receipt.value("merchant")
    assert session.accept()
    assert session.steps[0].endswith(f"맞음 ({value})")
