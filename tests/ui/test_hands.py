"""Hands that slip: fast keys, rows that arrive, a server that goes, two people at one receipt."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.kit.pile import pile, reading
from workbench.case import Case
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "case"


def read_rest(folder, every=0.15):
    """Rows arrive one after the other, as from a reading."""
    case = Case.open(folder, Settings())
    store = Store(folder)
    for number, receipt in enumerate(case.receipts()):
        if receipt.status == "waiting":
            store.put_page(receipt.id, (reading(number),))
            time.sleep(every)
    store.close()
    case.close()


def kept(folder, file, field, value, seconds=60):
    """Waits until the case says so: what is on screen is there a moment earlier."""
    case = Case.open(folder, Settings())
    end = time.monotonic() + seconds
    try:
        while (found := {r.file: r.value(field) for r in case.receipts()}[file]) != value:
            assert time.monotonic() < end, f"{file} {field}: {found}"
            time.sleep(0.05)
        return next(r for r in case.receipts() if r.file == file)
    finally:
        case.close()


def test_what_is_typed_into_a_cell_while_rows_arrive_is_what_is_kept(serve, look, folder):
    pile(folder, 44, read=4).close()
    screen = look(serve())
    rest = threading.Thread(target=read_rest, args=(folder,))
    rest.start()
    for number, typed, pause in ((1, "200000", 0.5), (2, "123,450", 0.1), (3, "31210", 0.2)):
        box = screen.open_cell(f"영수증 {number}.jpg", "total")
        screen.page.keyboard.type(typed, delay=1000 * pause)
        expect(box).to_have_value(typed)
        screen.press("Enter")
    rest.join()
    for number, value in ((1, "200000"), (2, "123450"), (3, "31210")):
        kept(folder, f"영수증 {number}.jpg", "total", value)
    case = Case.open(folder, Settings())
    assert [(e.value, e.action) for e in case.journal()] == [
        ("200000", "correct"), ("123450", "correct"), ("31210", "correct")
    ]  # fmt: skip
    case.close()


def test_a_cell_never_counts_and_reads_as_the_sheet_does(serve, look, folder):
    pile(folder, 3).close()
    screen = look(serve())
    box = screen.open_cell("영수증 1.jpg", "total")
    for _ in range(2):
        screen.press("ArrowDown")
        screen.page.mouse.wheel(0, 120)
    expect(box).to_have_value("11,011")
    screen.press("Enter")
    screen.open_cell("영수증 1.jpg", "total")
    box.fill("12.500")
    box.press("Enter")
    assert kept(folder, "영수증 1.jpg", "total", "12500")
    screen.open_cell("영수증 1.jpg", "total")
    box.fill("열두개")
    box.press("Enter")
    expect(screen.page.locator(".refusal")).to_contain_text("숫자로 적어 주세요")
    expect(screen.field("total").locator(".input")).to_have_value("열두개")


def test_a_key_pressed_after_a_field_was_clicked_is_a_command_and_no_letter(serve, look, folder):
    pile(folder, 3).close()
    screen = look(serve())
    screen.choose("영수증 1.jpg")
    screen.field("merchant").locator(".line").click()
    expect(screen.field("merchant").locator(".input")).to_be_visible()
    for key in ("d", "d"):
        screen.press(key)
    screen.press("a")
    receipt = kept(folder, "영수증 1.jpg", "merchant", "견본식당 본점")
    assert not receipt.corrected
    screen.standing("승인 1")
    screen.choose("영수증 2.jpg")
    screen.field("merchant").locator(".line").click()
    screen.press("e")  # opened by a key of its own
    screen.page.keyboard.type("ad")
    screen.press("Enter")
    kept(folder, "영수증 2.jpg", "merchant", "ad")


def test_enter_on_the_last_problem_stays_and_only_the_approval_moves_on(serve, look, folder):
    pile(folder, 3).close()
    screen = look(serve())
    screen.choose("영수증 1.jpg")
    name = screen.page.locator(".title .name")
    expect(name).to_have_text("영수증 1.jpg")
    for left, field in (("문제 2", "issued_at"), ("문제 1", "approval_number")):
        expect(screen.page.locator(".verbs .left")).to_have_text(left)
        expect(screen.page.locator(".field.active")).to_have_attribute("data-field", field)
        screen.press("Enter")
    expect(screen.page.locator(".offer")).to_contain_text("확인할 것이 남아 있지 않습니다")
    expect(name).to_have_text("영수증 1.jpg")
    screen.press("n")
    expect(name).to_have_text("영수증 1.jpg")
    screen.press("Enter")
    expect(name).not_to_have_text("영수증 1.jpg")
    screen.standing("승인 1")
    case = Case.open(folder, Settings())
    assert [r.file for r in case.receipts() if r.status == "approved"] == ["영수증 1.jpg"]
    case.close()


def test_findings_of_the_whole_paper_stand_at_the_top_are_counted_and_settled(serve, look, folder):
    case = pile(folder, 3)
    store = Store(folder)
    store.put_page(case.receipts()[2].id, (reading(1),))  # the same purchase once more
    store.close()
    case.close()
    screen = look(serve())
    screen.choose("영수증 2.jpg")
    expect(screen.page.locator(".title .name")).to_have_text("영수증 2.jpg")
    paper = screen.page.locator(".paper")
    expect(paper).to_have_count(1)
    expect(screen.page.locator(".verbs .left")).to_have_text("문제 3")
    places = "(both) => both.map((node) => node.getBoundingClientRect().y)"
    head, field = screen.page.locator(".paper, .field[data-field=merchant]").evaluate_all(places)
    assert head < field
    paper.locator("button.finding").click()
    paper.locator(".reason").fill("두 번 산 것")
    paper.locator(".reason").press("Enter")
    expect(paper).to_have_count(0)
    case = Case.open(folder, Settings())
    assert [(e.action, e.detail["reason"]) for e in case.journal()] == [("settle", "두 번 산 것")]
    case.close()


def test_the_second_of_two_persons_confirms_what_the_first_approved(serve, look, folder):
    case = pile(folder, 2)
    case.set_four_eyes(0, by="chief")
    case.approve(case.receipts()[1].id, by="kim")
    screen = look(serve())
    screen.choose("영수증 1.jpg")
    expect(screen.page.locator(".waits")).to_contain_text("kim")
    for text in ("확정", "승인 취소"):  # confirmed by this page's person, who can take that back
        expect(screen.page.locator(".verbs .primary")).to_have_text(text)
        if text == "확정":
            screen.press("a")
            screen.wait_rows(1, "확정")
            screen.choose("영수증 1.jpg")
    assert case.receipts()[1].approved_by == "kim"
    case.close()


def test_an_approval_with_open_errors_asks_first(serve, look, folder):
    pile(folder, 2).close()
    screen = look(serve())
    screen.choose("영수증 0.jpg")
    expect(screen.page.locator(".title .name")).to_have_text("영수증 0.jpg")
    for key in ("a", "a", "Enter"):
        screen.press(key)
    expect(screen.page.locator(".question")).to_contain_text("금액이 맞지 않습니다")
    screen.standing("승인 0")
    screen.press("Escape")
    expect(screen.page.locator(".question")).to_have_count(0)
    screen.press("a")
    expect(screen.page.locator(".question")).to_be_visible()  # nobody says yes to what is not asked yet
    screen.press("y")
    screen.standing("승인 1")


def test_a_corrected_value_shows_where_it_came_from(serve, look, folder):
    pile(folder, 2).close()
    screen = look(serve())
    screen.type_into("total", "11,000")
    screen.value("total", "11,000")
    screen.take_field("total")
    opened = screen.field("total").locator(".opened")
    expect(opened).to_contain_text("사람이 적음")
    screen.press("Escape")
    screen.tap(200, 340)  # "부가세: 1,000"
    screen.value("total", "1,000")
    expect(opened).to_contain_text("사람이 짚은 자리")
    expect(opened.locator(".crop img").first).to_be_visible()
    expect(screen.field("total").locator(".line .conf")).to_have_text("")


def test_what_was_put_aside_is_listed_and_comes_back_after_a_reload(serve, look, folder):
    pile(folder, 3).close()
    screen = look(serve())
    screen.page.get_by_role("button", name="새 묶음").click()
    screen.page.get_by_role("button", name="지금 것을 치우고 시작").click()
    screen.wait_rows(0)
    screen.open()
    screen.page.get_by_role("button", name="치운 영수증 3").click()
    dialog = screen.page.get_by_role("dialog", name="치운 영수증")
    dialog.get_by_role("button", name="되돌리기", exact=True).first.click()
    screen.wait_rows(1)
    dialog.get_by_role("button", name="모두 되돌리기").click()
    screen.wait_rows(3)


def test_the_page_asks_once_who_works_here_and_the_name_stands_beside_every_word(serve, look, folder):
    pile(folder, 2).close()
    server = serve()
    screen = look(server)
    bar = screen.page.locator("form.ask")
    bar.get_by_label("검토하는 사람").fill("김감사")
    bar.get_by_role("button", name="이 이름으로").click()
    expect(bar).to_be_hidden()
    screen.choose("영수증 1.jpg")
    screen.type_into("merchant", "고친상회")
    kept(folder, "영수증 1.jpg", "merchant", "고친상회")
    screen.open()
    expect(screen.page.get_by_role("button", name="검토하는 사람: 김감사")).to_be_visible()
    expect(bar).to_be_hidden()
    screen.choose("고친상회")
    screen.press("h")
    dialog = screen.page.get_by_role("dialog", name="이력")
    row = dialog.locator("tbody tr", has_text="고친상회")
    for text in ("김감사", "고침", "상호", "견본식당 본점"):
        expect(row).to_contain_text(text)
    dialog.get_by_role("button", name="사건 전체").click()
    dialog.get_by_placeholder("이력에서 찾기").fill("넣음")
    expect(dialog.locator("tbody tr")).to_have_count(2)
    with screen.page.expect_download() as download:
        dialog.get_by_role("button", name="CSV로 받기").click()
    assert "김감사" in Path(download.value.path()).read_text("utf-8-sig")


def test_another_persons_change_is_shown_with_both_values_and_asked_about(serve, look, folder):
    pile(folder, 2).close()
    screen = look(serve())
    screen.choose("영수증 1.jpg")
    box = screen.take_field("total")
    box.press("2")  # typing has begun
    case = Case.open(folder, Settings())
    name = case.receipts()[1].id
    case.correct(name, "total", "55,000", by="lee")
    expect(screen.field("total").locator(".line .value")).to_have_text("55,000")
    box.fill("20,000")
    box.press("Enter")
    question = screen.page.locator(".question")
    for text in ("lee", "11,011 → 55,000", "20,000"):
        expect(question).to_contain_text(text)
    assert case.receipt(name).value("total") == "55000"
    question.get_by_role("button", name="지금 값 그대로 두기").click()
    expect(question).to_have_count(0)
    assert case.receipt(name).value("total") == "55000"
    case.close()


def test_a_changed_receipt_shows_both_values_after_its_approval(serve, look, folder):
    case = pile(folder, 2)
    name = case.receipts()[1].id
    case.approve(name, by="kim")
    screen = look(serve())
    screen.standing("승인 1")
    store = Store(folder)
    store.put_page(name, (reading(1, total="55000"),))
    store.close()
    screen.wait_rows(1, "승인 뒤 바뀜")
    screen.choose("영수증 1.jpg")
    for text in ("kim", "11,011", "55,000"):
        expect(screen.page.locator(".since")).to_contain_text(text)
    case.close()


def test_a_lost_server_is_told_at_once_and_the_page_comes_back_where_it_was(serve, look, folder):
    pile(folder, 3).close()
    server = serve()
    screen = look(server)
    screen.choose("영수증 2.jpg")
    expect(screen.page.locator(".title .name")).to_have_text("영수증 2.jpg")
    screen.take_field("merchant").fill("치던상")
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    expect(screen.page.locator(".cover .bar")).to_be_visible()
    screen.press("a")
    screen.page.keyboard.type("b")
    again = type(server)(folder, folder.parent / "again.log", PORT=str(server.port))
    try:
        again.wait()
        expect(screen.page.locator(".cover .bar")).to_be_hidden()
        screen.page.wait_for_selector("html[data-rw-ready]", state="attached")
        expect(screen.page.locator(".title .name")).to_have_text("영수증 2.jpg")
        box = screen.field("merchant").locator(".input")
        expect(box).to_have_value("치던상")
        expect(box).to_be_focused()
        screen.page.keyboard.type("회")
        screen.press("Enter")
        assert kept(folder, "영수증 2.jpg", "merchant", "치던상회").status == "read"
    finally:
        again.stop()
    screen.errors.clear()


@pytest.mark.parametrize("place", ["sheet", "cell", "column"])
def test_a_page_with_something_typed_is_not_left_without_a_question(serve, look, folder, place):
    pile(folder, 3).close()
    screen = look(serve())
    page, asked = screen.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    screen.choose("영수증 2.jpg")
    if place == "sheet":
        screen.take_field("total").fill("12345")
    elif place == "cell":
        screen.open_cell("영수증 2.jpg", "total").fill("12345")
    else:
        screen.press("s")
        expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(3)
        page.locator(".at").click()
        page.get_by_role("listbox").locator("input").fill("12345")
    page.evaluate("setTimeout(() => location.reload())")
    end = time.monotonic() + 60
    while not asked:
        assert time.monotonic() < end, "nobody was asked"
        page.wait_for_timeout(50)
    page.keyboard.press("Enter")  # they stay, and what was typed is kept
    case = Case.open(folder, Settings())
    while not any(receipt.value("total") == "12345" for receipt in case.receipts()):
        assert time.monotonic() < end, "it is lost"
        page.wait_for_timeout(50)
    case.close()
    page.reload()  # with nothing typed nobody is asked
    assert asked == ["beforeunload"]


def test_a_frozen_server_is_told_and_the_page_goes_on_when_it_answers_again(serve, look, folder):
    pile(folder, 3).close()
    server = serve()
    screen = look(server)
    screen.choose("영수증 2.jpg")
    box = screen.take_field("merchant")
    box.fill("치던상")
    screen.page.evaluate("window.same = true; window.patience = 1")
    screen.page.evaluate("new Promise((heard) => addEventListener('rw-heard', () => heard(), { once: true }))")
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        expect(screen.page.locator(".cover .bar")).to_contain_text("서버가 답하지 않습니다")
        screen.page.mouse.click(300, 400)
        screen.page.keyboard.type("ab")
        screen.press("Enter")
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    expect(screen.page.locator(".cover")).to_be_hidden()
    screen.page.evaluate("window.patience = 10")
    expect(box).to_have_value("치던상")
    expect(box).to_be_focused()
    assert screen.page.evaluate("window.same")
    screen.page.keyboard.type("회")
    screen.press("Enter")
    kept(folder, "영수증 2.jpg", "merchant", "치던상회")
