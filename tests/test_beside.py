"""A finding that names another receipt: both side by side, kept as one purchase or told apart."""

from dataclasses import replace

from tests.kit.filed import filed
from workbench.domain.model import Box, Geometry
from workbench.page import Workbench
from workbench.review import beside, cells, spoken
from workbench.review.session import Session
from workbench.widgets.beside import Pair

PAPER = {
    "merchant": "견본상회",
    "business_number": "123-45-67891",
    "total": "12000",
    "issued_at": "2026-11-02 12:10:00",
}


def bench_of(folder, count):
    case = filed(folder, *({**PAPER, "approval_number": "30120001"} for _ in range(count)))
    bench = Workbench(case, "kim")
    session = bench.session
    session.choose(session.rows[0].id)
    place = next(n for n, f in enumerate(session.receipt.open_findings) if f.links)
    session.finding = session.receipt.open_findings[place]
    bench.dialogs.beside.open()
    assert bench.dialogs.beside.dialog.open
    return bench, session, [r.id for r in session.receipts]


def test_what_differs_is_marked(tmp_path):
    case = filed(tmp_path, PAPER, {**PAPER, "total": "13000", "approval_number": "30120001"})
    found = {row.label: (row.this, row.that, row.differs) for row in beside.rows(*case.receipts())}
    assert found["합계"] == ("12,000", "13,000", True)
    assert found["승인번호"] == ("", "30120001", True)
    assert found["상호"][2] is False
    assert "면세" not in found
    case.close()


def test_one_purchase_keeps_one_and_the_journal_names_it_and_undo_brings_it_back(tmp_path):
    bench, session, (first, second) = bench_of(tmp_path, 2)
    bench.dialogs.beside.pair.heard({"verb": "keep_that"})
    assert [r.id for r in session.receipts] == [second]
    assert not bench.dialogs.beside.dialog.open
    (entry,) = [e for e in session.case.entries(first) if e.action == "put-aside"]
    assert (entry.by, entry.detail) == ("kim", {"same_as": second})
    assert not any(f.links for f in session.receipts[0].open_findings)
    assert all("원본 파일" in one for one in session.case.verify())  # which such a case never had
    bench.dialogs.past.open()
    session.undo()
    assert [r.id for r in session.receipts] == [first, second]
    session.case.close()


def test_two_persons_who_keep_one_each_do_not_put_both_aside(tmp_path):
    case = filed(tmp_path, *({**PAPER, "approval_number": "30120001"} for _ in range(2)))
    one, other = case.receipts()
    kim, lee = Session(case, "kim"), Session(case, "lee")
    kim.same_purchase(one, other)
    lee.same_purchase(other, one)  # from a page that showed both a moment ago
    assert "그 사이" in lee.notice.text
    assert [r.id for r in case.receipts()] == [one.id]
    kim.undo()
    lee.same_purchase(other, one)
    kim.redo()
    assert [r.id for r in case.receipts()] == [other.id]
    case.close()


def test_two_purchases_settle_the_finding_for_both(tmp_path):
    bench, session, _ = bench_of(tmp_path, 2)
    assert "1.jpg" in bench.dialogs.beside.pair.view["files"]
    bench.dialogs.beside.pair.heard({"verb": "apart"})
    assert not any(f.links for r in session.receipts for f in r.open_findings)
    assert ["2.jpg" in r.settled[0].reason or "1.jpg" in r.settled[0].reason for r in session.receipts] == [True, True]
    session.case.close()


def test_what_nobody_has_looked_at_stays_open(tmp_path):
    bench, session, (first, second, third) = bench_of(tmp_path, 3)
    pair = bench.dialogs.beside.pair
    assert pair.view["place"] == "1 / 2"
    pair.heard({"verb": "apart"})
    assert pair.view["place"] == "2 / 2"
    assert any(f.links for f in session.case.receipt(first).open_findings)
    pair.heard({"verb": "apart"})
    assert not any(f.links for f in session.case.receipt(first).open_findings)
    assert all(any(f.links for f in session.case.receipt(name).open_findings) for name in (second, third))
    session.case.close()


def test_a_cancellation_is_looked_at_beside_the_sale_it_takes_back(tmp_path):
    sale = {**PAPER, "approval_number": "30120001", "issued_at": "2026-11-01 12:10:00"}
    other, small = {**sale, "approval_number": "30129999"}, {**sale, "total": "900", "approval_number": "30128888"}
    back = {**PAPER, "total": "-12000", "approval_number": "30120001"}
    case = filed(tmp_path, other, sale, small, {**back, "kind": "cancelled"})
    bench = Workbench(case, "kim")
    session, (twin, sold, _, gone) = bench.session, [r.id for r in case.receipts()]
    session.choose(gone)
    finding = next(f for f in session.receipt.open_findings if f.code == "cancelled")
    # The same approval number first, then the same shop and amount; what was less than is given back never.
    assert beside.partners(session.receipt, finding, session.receipts) == (sold, twin)
    session.finding = finding
    bench.dialogs.beside.open()
    pair = bench.dialogs.beside.pair
    assert pair.view["words"]["keep_this"] == "짝이 맞음"
    pair.heard({"verb": "keep_that"})  # there is nothing to put aside
    assert len(session.receipts) == 4
    pair.heard({"verb": "apart"})
    assert pair.view["files"][1] == case.receipt(twin).file
    assert bench.dialogs.beside.dialog.open
    pair.heard({"verb": "keep_this"})
    assert not bench.dialogs.beside.dialog.open
    assert not any(f.code == "cancelled" for f in session.receipt.open_findings)
    (entry,) = [e for e in case.entries(gone) if e.action == "settle"]
    assert "1.jpg" in str(entry)
    case.close()


def test_two_purchases_said_by_a_slip_are_taken_back_for_both(tmp_path):
    bench, session, _ = bench_of(tmp_path, 2)
    assert session.correct("13000", "total")
    session.finding = next(f for f in session.receipt.open_findings if f.links)
    bench.dialogs.beside.open()
    bench.dialogs.beside.pair.heard({"verb": "apart"})
    session.undo()
    assert [any(f.links for f in r.open_findings) for r in session.receipts] == [True, True]
    assert session.receipt.value("total") == "13000"  # what was done before stands
    session.redo()
    assert not any(f.links for r in session.receipts for f in r.open_findings)
    session.case.close()


def test_a_finding_seen_to_by_a_slip_is_open_again_after_undo_unless_another_has_spoken_since(tmp_path):
    _, session, (first, _) = bench_of(tmp_path, 2)
    finding = session.finding
    assert session.settle("두 번 산 것")
    assert cells.cells_of(session.receipt)["findings"] == 0  # the list counts what is left to look at
    session.undo()
    assert finding in session.receipt.open_findings
    assert cells.cells_of(session.receipt)["findings"] == 1
    assert not session.receipt.settled
    session.redo()
    assert session.receipt.settled[0].reason == "두 번 산 것"
    session.case.approve(first, by="lee")
    session.undo()
    assert "lee" in session.notice.text
    assert session.receipt.settled
    assert session.case.receipt(first).status == "approved"
    session.case.close()


def test_the_key_finds_the_finding_that_names_another_and_says_where_there_is_none(tmp_path):
    bench, session, _ = bench_of(tmp_path, 2)
    bench.dialogs.beside.dialog.open = False
    session.choose_field("total")  # a field is in hand, as after each undo
    bench.dialogs.beside.open()
    assert bench.dialogs.beside.dialog.open
    bench.dialogs.beside.pair.heard({"verb": "apart"})
    bench.dialogs.beside.open()
    assert not bench.dialogs.beside.dialog.open
    assert "나란히" in session.notice.text
    session.case.close()


def test_what_was_worked_on_is_linked_to_what_its_page_was_read_as_anew(tmp_path):
    case = filed(tmp_path, {"total": "9000"}, {"total": "7000"})
    first, apart = (r.id for r in case.receipts())
    geometry = Geometry(region=Box(0, 0, 50, 90), size=(50, 90))
    parts = [replace(case.store.reading(first), geometry=geometry, fields=()) for _ in range(2)]
    parts[1] = replace(parts[1], geometry=replace(geometry, region=Box(60, 0, 110, 90)))
    left, right = case.store.put_page(first, tuple(parts))
    case.refresh()
    assert not any(f.links for r in case.receipts() for f in r.findings)  # beside each other
    case.correct(left, "total", "5000", by="kim")
    case.store.wait_again([left])
    case.store.put_page(first, (replace(parts[0], geometry=Geometry(size=(110, 90))),))
    case.refresh()
    links = {r.id: [f.links for f in r.open_findings if f.links] for r in case.receipts()}
    assert links == {left: [(right,)], right: [(left,)], apart: []}
    session = Session(case, "kim")
    session.choose(left)
    assert Pair(session).show()
    case.close()


def test_undo_of_what_two_settled_takes_back_ones_own_word_alone(tmp_path):
    case = filed(tmp_path, {"merchant": "견본상회", "total": "0"})
    receipt = case.receipts()[0]
    finding = receipt.open_findings[0]
    case.settle(receipt.id, finding, by="lee", reason="그림에서 보았습니다")
    step = spoken.settle(case, "kim", receipt, finding)  # of a screen that is old by now
    step.back()
    assert [(one.by, one.reason) for one in case.receipt(receipt.id).settled] == [("lee", "그림에서 보았습니다")]
    case.close()
