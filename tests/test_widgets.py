"""The parts of the page without a browser: what they show of a session, and what they make it do."""

import re
import tempfile
import threading
import time
from dataclasses import replace

import panel as pn
import pytest
from bokeh.core.validation.check import check_integrity
from bokeh.document import Document
from bokeh.models.widgets.tables import TableColumn
from panel.models.esm import ReactiveESM
from panel.models.tabulator import DataTabulator

from tests.kit.parts import part, press, words
from tests.kit.pile import picture, pile
from workbench.app import Workbench
from workbench.domain import schema
from workbench.domain.errors import ExportFailed
from workbench.domain.model import Box, Geometry
from workbench.page import start
from workbench.pipeline.export.papers import Progress
from workbench.review import columns, texts
from workbench.review.filters import Filter
from workbench.review.preview import Picture, turned
from workbench.review.totals import summed
from workbench.settings import Settings
from workbench.widgets.dialog import Dialog
from workbench.widgets.drop import Drop
from workbench.widgets.offline import Plain


@pytest.fixture
def bench(tmp_path):
    case = pile(tmp_path / "case", 5, Settings(nts_url="http://127.0.0.1:9/none", jobs=1, max_file_mb=1))
    yield Workbench(case, "kim")
    case.close()


def edit(bench, receipt_id, field, text):
    """What the browser tells of an edited cell: what stood there, and what was typed."""
    kept = schema.render(field, bench.session.case.receipt(receipt_id).value(field))
    bench.cell_editor.heard({"id": receipt_id, "field": field, "text": text, "kept": kept})


def test_bokeh_has_nothing_to_say_of_the_page(bench):
    """Each page that is opened would write its warnings into the log; whatever is asked for in the export, too."""
    choice = part(bench.dialogs.export, texts.EXPORT)
    for what in choice.options.values():
        choice.value = what
        document = Document()
        pn.panel(bench).server_doc(document)
        found = check_integrity(document.models)
        assert [str(issue) for issue in (*found.error, *found.warning)] == []


def test_parts_of_a_notebooks_own_keep_their_look_beside_a_workbench(bench):
    """What the workbench leaves out for its own parts is left out for no others, also after a dialog was opened."""
    start()
    beside = Workbench(bench.case)
    beside.dialogs.ask("export")
    part(beside.dialogs.export, texts.EXPORT).value = "layout"
    beside.dialogs.ask("settings")
    theirs = pn.Row(pn.widgets.Button(label="own"), beside)
    assert [one.design for one in (theirs, theirs[0])] == [None, None]
    assert {one.design for one in pn.panel(beside).select()} == {Plain}


def test_a_workbench_made_dark_has_dark_dialogs(bench):
    """As `Workbench(folder, dark=True)` in a notebook: they lie inside the page, whose colours hold for them."""
    dark = Workbench(bench.case, dark=True)
    dark.dialogs.ask("help", "toggle")
    assert pn.panel(dark).styles["color-scheme"] == "dark"
    assert len(pn.panel(dark).select(Dialog)) == 1


def test_the_table_has_a_column_for_every_field_of_the_schema(bench):
    frame = bench.table.tabulator.value
    assert {spec.name for spec in schema.FIELDS} <= set(frame.columns)
    assert list(frame.index) == list(range(5))


def test_an_edit_goes_to_its_receipt_whatever_the_order(bench):
    session = bench.session
    session.sort = ("total", True)
    last = session.rows[-1]
    edit(bench, last.id, "total", "4,321원")
    assert session.case.receipt(last.id).value("total") == "4321"
    assert sum(r.corrected for r in session.case.receipts()) == 1


def test_a_refused_edit_is_told_and_the_cell_shows_again_what_is_kept(bench):
    session, first = bench.session, bench.session.rows[0]
    edit(bench, first.id, "business_number", "12")
    assert "10자리" in session.notice.text
    assert not session.case.receipt(first.id).corrected
    shown = bench.table.tabulator.value.set_index("receipt_id")["business_number"]
    assert shown[first.id] == first.value("business_number")


def test_rows_stay_as_they_are_while_a_cell_is_open(bench):
    session = bench.session
    before = bench.table.tabulator.value
    session.editing = True
    session.case.correct(session.rows[1].id, "merchant", "다른 이름", by="lee")
    session.tick()
    assert bench.table.tabulator.value is before
    session.editing = False
    assert "다른 이름" in set(bench.table.tabulator.value["merchant"])


def test_an_open_cell_takes_its_receipt_in_hand(bench):
    session = bench.session
    other = session.rows[3].id
    bench.cell_editor.heard({"editing": True, "id": other, "field": "vat"})
    assert (session.chosen, session.field, session.editing) == (other, "vat", True)
    bench.cell_editor.heard({"editing": False})
    assert (session.chosen, session.editing) == (other, False)


def test_every_column_of_the_table_but_mark_and_state_can_be_chosen(bench):
    table, offered = bench.table.tabulator, [name for name, *_ in bench.filters.view["columns"]]
    assert [name for name in table.value.columns if name in offered] == offered
    assert set(table.value.columns) - set(offered) == {"mark", "state", "receipt_id"}
    assert [name for name, _, on in bench.filters.view["columns"] if on] == list(columns.SHOWN)
    assert all(re.search("[가-힣]", label) for _, label, _ in bench.filters.view["columns"])


def test_table_and_menu_follow_the_columns_chosen_and_the_last_one_stays(bench):
    session, table, menu = bench.session, bench.table.tabulator, bench.filters
    menu.heard({"column": "card_issuer", "shown": True})
    menu.heard({"column": "tax", "shown": False})
    menu.heard({"column": "receipt_id", "shown": True})  # no column to choose
    assert set(session.columns) == {*columns.SHOWN, "card_issuer"} - {"tax"}
    assert session.columns == columns.in_order(session.columns)
    assert set(table.hidden_columns) == {"receipt_id", *columns.choosable()} - set(session.columns)
    assert {name for name, _, on in menu.view["columns"] if on} == set(session.columns)
    for name in columns.choosable():
        menu.heard({"column": name, "shown": False})
    assert session.columns == ("file",)
    assert "file" not in table.hidden_columns


def test_columns_wait_for_an_open_cell_and_leave_rows_sort_and_marks_alone(bench):
    session, table = bench.session, bench.table.tabulator
    session.sort = ("total", True)
    session.mark(session.rows[1].id)
    before, hidden, rows, marked = table.value, list(table.hidden_columns), session.rows, session.marked
    session.editing = True
    session.show_column("card_issuer", True)
    assert table.hidden_columns == hidden
    session.editing = False
    assert "card_issuer" in hidden
    assert "card_issuer" not in table.hidden_columns
    assert table.value is before
    assert session.rows is rows
    assert (session.sort, session.marked) == (("total", True), marked)


def test_the_editor_shows_reading_word_confidence_and_picture(bench):
    session = bench.session
    session.choose(session.rows[1].id, "total")
    machine = bench.editor.view["crop"]
    session.correct("5000")
    view = bench.editor.view
    total = next(field for field in view["fields"] if field["name"] == "total")
    assert (total["value"], total["read"], total["corrected"]) == ("5,000", "11,011", True)
    assert total["who"].startswith("kim")
    assert machine.startswith("data:image/jpeg;base64,")
    assert (view["crop"], view["machine_crop"], total["by_hand"]) == ("", machine, True)  # typed: from nowhere
    assert view["active"] == "total"
    session.correct_from("공급가액: 10,010", Box(20, 250, 380, 290))
    assert bench.editor.view["crop"] not in ("", machine)
    assert bench.editor.view["machine_crop"] == machine


def boxes_drawn(bench):
    data = bench.viewer.plot.field_boxes.data
    return {(left, top): color for left, top, color in zip(data["left"], data["top"], data["color"], strict=True)}


def test_the_picture_shows_where_a_corrected_value_came_from_and_the_machines_place_only_when_asked(bench):
    session = bench.session
    session.choose(session.rows[1].id, "total")
    box = session.receipt.field("total").box
    place = (box.left, box.top)
    assert place in boxes_drawn(bench)
    session.correct("5000")
    assert place not in boxes_drawn(bench)  # typed: it stands nowhere on the paper
    bench.editor.heard({"verb": "machine", "id": session.chosen, "shown": True})
    assert place in boxes_drawn(bench)
    session.choose_field("vat")
    assert place not in boxes_drawn(bench)
    session.choose_field("total")
    session.correct_from("공급가액: 10,010", Box(21, 251, 380, 290))
    assert (21, 251) in boxes_drawn(bench)
    session.take_back()
    assert place in boxes_drawn(bench)


def test_what_the_editor_sends_becomes_verbs(bench):
    session = bench.session
    session.choose_field("total")
    name = session.chosen
    bench.editor.heard({"verb": "commit", "id": name, "field": "total", "text": "만원", "next": True})
    assert bench.editor.view["refusal"]["text"] == "만원"
    bench.editor.heard({"verb": "commit", "id": name, "field": "total", "text": "11,000", "next": False})
    assert session.receipt.value("total") == "11000"
    bench.editor.heard({"verb": "take_back", "id": name})
    assert session.receipt.value("total") == "1000"
    # What was typed before another receipt was chosen still goes to the receipt it was typed for.
    session.choose(session.rows[2].id)
    bench.editor.heard({"verb": "commit", "id": name, "field": "merchant", "text": "늦은 글", "next": False})
    assert session.case.receipt(name).value("merchant") == "늦은 글"


@pytest.mark.parametrize("verb", ["next", "field_next", "next_problem", "accept", "approve", "undo", "mark", "pick1"])
def test_keys_become_verbs(bench, verb):
    def state():
        session = bench.session
        return session.chosen, session.field, session.marked, session.case.journal(), session.question

    before = state()
    if verb == "undo":
        bench.session.correct("1")
    bench.keys.heard({"verb": verb})
    assert state() != before


def test_uploads_come_in_pieces_and_what_is_too_large_is_never_kept(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    drop = Drop(bench.session)
    data = picture(70)
    half = len(data) // 2
    sent = {"number": 0, "name": "a.jpg", "broken": False, "more": True}
    drop.heard({**sent, "last": False, "data": data[:half]})
    drop.heard({**sent, "last": True, "data": data[half:]})
    until(bench, lambda: len(bench.session.receipts) == 6)
    large = {"number": 1, "name": "큰.jpg", "broken": False, "more": False}
    for _ in range(3):
        drop.heard({**large, "last": False, "data": bytes(600_000)})
    (kept,) = tmp_path.glob("workbench-upload-*")
    assert kept.stat().st_size == 0
    drop.heard({**large, "last": True, "data": b"0"})
    assert "1 MB까지" in bench.session.notice.text
    assert len(bench.session.receipts) == 6


def test_an_upload_that_broke_off_is_not_the_beginning_of_the_next(bench):
    drop = Drop(bench.session)
    piece = {"number": 0, "broken": False, "more": False, "first": True}
    drop.heard({**piece, "name": "a.jpg", "last": False, "data": picture(70)[:300]})
    drop.heard({**piece, "name": "b.jpg", "last": True, "data": picture(71)})
    until(bench, lambda: len(bench.session.receipts) == 6)
    assert bench.session.receipts[-1].file == "b.jpg"
    assert "a.jpg" in bench.session.notice.text


def until(bench, done):
    """What goes on beside the page comes with its ticks."""
    end = time.monotonic() + 300
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
        bench.session.tick()
    assert done()


@pytest.mark.parametrize("gone", [True, False], ids=["gone", "failed"])
def test_an_export_that_comes_to_nothing_is_told_and_can_be_asked_for_again(bench, monkeypatch, gone):
    """Failed while it was made, or taken away by who tidies the temporary files before it was sent."""

    def steps(ids, path, options, by):
        yield Progress(1, 2)
        if not gone:
            raise ExportFailed("가득 찼습니다.")

    monkeypatch.setattr(bench.session.case, "export_steps", steps)
    bench.dialogs.export.open()
    press(bench.dialogs.export, texts.EXPORT_GO)
    until(bench, lambda: bench.session.notice is not None and bench.session.notice.kind == "error")
    assert bench.session.notice.text == (texts.EXPORT_LOST if gone else "가득 찼습니다.")
    until(bench, lambda: not part(bench.dialogs.export, texts.EXPORT_GO).disabled)


@pytest.mark.parametrize("ready", [True, False], ids=["ready", "failed"])
def test_a_file_that_is_made_goes_with_its_tab(bench, tmp_path, monkeypatch, ready):
    """Made when the tab had gone, or half made when the disk was full: it stayed until the server's next start."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    done = threading.Event()

    def steps(ids, path, options, by):
        path.write_bytes(b"receipts")
        yield Progress(1, 2)
        if not ready:
            raise ExportFailed("가득 찼습니다.")
        done.set()

    monkeypatch.setattr(bench.session.case, "export_steps", steps)
    bench.dialogs.export.open()
    press(bench.dialogs.export, texts.EXPORT_GO)
    if ready:
        assert done.wait(300)
        bench.close()  # no tick comes any more
    end = time.monotonic() + 300
    while list(tmp_path.glob("workbench-export-*")):
        time.sleep(0.02)
        assert time.monotonic() < end


def test_a_bar_of_the_summary_filters_the_table(bench):
    session = bench.session
    session.place = "summary"
    merchants = summed(session.receipts).by_merchant
    bench.places["summary"].heard({"facet": "merchant", "key": merchants[0].key})
    assert session.place == "review"
    assert session.filter == Filter(merchant=merchants[0].key)
    assert len(session.rows) == merchants[0].count


def test_sums_are_exact(bench):
    sums = summed(bench.session.receipts)
    assert sums.total == sum(int(r.value("total")) for r in bench.session.receipts)
    assert sum(total.won for total in sums.by_month) == sums.total
    assert sum(sums.states.values()) == 5


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turning_there_and_back_leaves_a_box_where_it_was(turn):
    box = Box(10, 20, 60, 50)
    size = (400, 620)
    there = turned(box, size, turn)
    shape = size if turn % 180 == 0 else size[::-1]
    assert turned(there, shape, -turn % 360) == box
    assert there.right <= shape[0]
    assert there.bottom <= shape[1]


def test_a_crop_beyond_the_picture_is_nothing_and_no_error():
    paper = Picture(picture(1), (400, 620))
    assert paper.crop(Box(900, 900, 950, 950)) == ""
    assert paper.crop(Box(-20, -20, 60, 40)).startswith("data:")


def test_every_text_of_the_screen_is_korean_and_no_key_is_ever_shown(bench):
    for name, text in vars(texts).items():
        if name.isupper() and isinstance(text, str) and re.search("[A-Za-z]{4}", re.sub("{.*?}", "", text)):
            assert re.search("[가-힣]", text) or name == "DROP_TYPES", name
    bench.session.use_key("a-very-secret-key")
    shown = repr(bench.session) + repr(pn.panel(bench.dialogs.settings)) + words(bench.dialogs.settings)
    assert "secret" not in shown


def test_two_persons_approve_on_their_own_pages_and_the_first_cannot_be_the_second(bench):
    kim, settings = bench.session, bench.dialogs.settings
    part(settings, texts.FOUR_EYES).value, part(settings, texts.FOUR_EYES_AMOUNT).value = "above", ""
    press(settings, texts.FOUR_EYES_SET)
    assert (kim.case.four_eyes, kim.notice.kind) == (None, "error")  # 0 would mean always
    part(settings, texts.FOUR_EYES_AMOUNT).value = "11,020"
    press(settings, texts.FOUR_EYES_SET)
    assert kim.case.four_eyes == 11_020
    lee = Workbench(kim.case, "lee")
    name, below = kim.rows[2].id, kim.rows[1].id  # 11,022 and 11,011

    def verb(page, receipt):
        page.session.tick()
        page.session.choose(receipt, "total")
        return page.editor.view["words"]["approve"], bool(page.editor.view["waits"])

    kim.approve(below)
    assert verb(bench, below) == ("승인 취소", False)  # one is enough
    kim.approve(name)
    assert verb(bench, name) == ("승인 취소", True)
    assert verb(lee, name) == ("확정", True)
    lee.editor.heard({"verb": "approve", "id": name, "revision": lee.editor.view["revision"]})
    assert kim.case.receipt(name).confirmed_by == "lee"
    assert verb(bench, name) == ("승인 취소", False)
    # Whoever corrected it cannot confirm it: the key asks to take the approval back, and nothing is confirmed.
    lee.session.tick()
    other = kim.rows[3].id
    lee.session.correct("11,034", "total", other)
    kim.tick()
    kim.approve(other, sure=[f.message for f in kim.case.receipt(other).findings])
    assert verb(lee, other) == ("승인 취소", True)
    lee.session.approve(other)
    assert kim.case.receipt(other).status == "approved"
    assert lee.session.question is not None


def test_a_bill_of_several_pages_is_leafed_through_and_says_where_one_is(bench):
    session, viewer = bench.session, bench.viewer
    first = session.receipts[0]
    session.choose(first.id, "total")
    assert viewer.paging.items()[0]["hidden"]
    long = replace(first, geometry=Geometry(size=(400, 1200), pages=3, page_height=400), read_at=None)
    session.receipts = (long, *session.receipts[1:])
    assert not viewer.paging.items()[0]["hidden"]
    assert viewer.paging.place(Box(10, 900, 50, 920)) == " · 3/3쪽"
    viewer.paging.leaf(1)
    assert viewer.paging.said == "2/3쪽"
    assert (viewer.plot.aim.data["t"], viewer.plot.aim.data["b"]) == ([400], [800])
    viewer.paging.leaf(1)
    viewer.paging.leaf(1)
    assert viewer.paging.said == "3/3쪽"
    viewer.paging.leaf(-5)
    assert viewer.paging.said == "1/3쪽"


def test_a_key_pressed_while_something_else_came_into_hand_says_nothing_of_it(bench):
    session, keys = bench.session, bench.keys
    first = session.rows[1].id
    session.choose(first, "total")
    pressed = {"id": first, "revision": keys.revision, "hand": keys.hand}
    keys.heard({"verb": "approve", **pressed})
    assert session.case.receipt(first).approved_by == "kim"
    moved_to = session.chosen
    keys.heard({"verb": "approve", **pressed})  # pressed twice: the page still showed the first
    assert session.case.receipt(first).approved_by == "kim"
    assert session.case.receipt(moved_to).status == "read"
    keys.heard({"verb": "accept", **pressed})
    assert not session.case.receipt(moved_to).corrected
    # The same field with another value is not what was shown.
    session.choose(moved_to, "total")
    shown = {"id": moved_to, "revision": keys.revision, "hand": bench.editor.view["hand"]}
    session.case.correct(moved_to, "total", "7", by="lee")
    session.tick()
    for verb in ({"verb": "accept"}, {"verb": "take_back"}, {"verb": "pick", "number": 1}):
        bench.editor.heard({**shown, **verb})
    assert [c.by for c in session.receipt.field("total").corrections] == ["lee"]
    bench.editor.heard({"verb": "take_back", "id": moved_to, "hand": bench.editor.view["hand"]})
    assert not session.receipt.field("total").corrected


def test_a_fresh_page_has_no_dialog_and_one_is_made_once_when_it_is_wanted(bench):
    def dialogs():
        return list(pn.panel(bench).select(Dialog))

    assert dialogs() == []
    bench.dialogs.ask("help", "toggle")
    first = dialogs()
    assert [one.open for one in first] == [True]
    bench.dialogs.escape()
    assert not first[0].open
    bench.dialogs.ask("help", "toggle")
    assert dialogs() == first
    assert first[0].open
    bench.dialogs.ask("clearing", "ask")
    assert len(dialogs()) == 2


def test_a_script_is_sent_as_it_is_to_run(bench):
    """Without a word to know it by, the browser would translate it from TypeScript once for each part that has it."""
    document = Document()
    pn.panel(bench).server_doc(document)
    scripts = {model.esm: model.bundle for model in document.models if isinstance(model, ReactiveESM)}
    assert len(scripts) > 10
    assert all(scripts.values())
    assert len(set(scripts.values())) == len(scripts)


def test_the_table_waits_for_no_style_sheet(bench):
    """It would be laid out once more for each that comes, and be seen only then."""
    document = Document()
    pn.panel(bench).server_doc(document)
    (table,) = (model for model in document.models if isinstance(model, DataTabulator))
    assert all(isinstance(sheet, str) for sheet in table.stylesheets)
    assert any(".tabulator-row" in sheet for sheet in table.stylesheets)
    default = TableColumn(field="any").width
    assert [column.field for column in table.columns if column.width == default] == []  # else they would be measured


def test_where_nothing_has_been_read_no_box_is_to_be_tapped(bench):
    bench.session.choose(bench.session.rows[0].id)
    assert "글상자를 누르면" in bench.viewer._hint.object
    bench.session.case.read_again([bench.session.chosen], by="kim")
    bench.session.tick()
    assert "글상자를 누르면" not in bench.viewer._hint.object
