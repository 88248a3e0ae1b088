"""The whole life of a receipt on screen."""

import csv
import io
import re
import time

import pytest
from playwright.sync_api import expect

from tests.kit.pile import SIZE, pile
from tests.kit.pile import picture as drawn
from tests.kit.screen import until
from tests.kit.scripted import picture
from tests.kit.served import ServedWorkbench
from workbench.case import Case
from workbench.pipeline.tax.standin import KEY, StandIn
from workbench.settings import Settings


def exported(screen, what):
    """The bytes of a file got through the export dialog."""
    page = screen.page
    page.get_by_role("button", name="내보내기").click()
    page.get_by_label(what).check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="만들어 내려받기").click()
    page.get_by_role("button", name="닫기").last.click()
    with open(waiting.value.path(), "rb") as file:
        return file.read()


def test_from_drop_to_a_csv_with_the_corrected_value(serve, look):
    with StandIn() as service:
        server = serve(WORKBENCH_NTS_URL=service.url)
        screen = look(server)
        page = screen.page
        screen.drop(("카드.png", picture(shade=1)), ("카드.png", picture(shade=2)), ("메모.hwp", "안녕".encode()))
        screen.wait_rows(2, "대기")
        screen.told("1개 파일을 넣지 못했습니다")
        screen.start()
        screen.standing(r"영수증 2건")
        expect(page.locator(".standing")).to_be_visible()
        screen.wait_rows(2, "견본상회")
        # No key yet: said in the row, in a banner, and beside the receipt.
        screen.wait_rows(2, "키 없음")
        expect(page.get_by_role("status").filter(has_text="인증키가 없어")).to_be_visible()
        # Correct: the field is chosen, then the value typed.
        screen.choose("카드.png")
        screen.value("total", "11,000")
        screen.type_into("total", "12,345")
        screen.value("total", "12,345")
        # What makes no sense is refused beside the field.
        box = screen.take_field("vat")
        box.fill("천원")
        box.press("Enter")
        expect(page.locator(".refusal")).to_contain_text("숫자로 적어 주세요")
        box = page.locator(".field[data-field=vat] .input")
        expect(box).to_have_value("천원")
        expect(box).to_be_focused()  # typed in on: a figure is no key of the page
        box.press("Escape")
        screen.value("vat", "1,000")
        # A key of one's own, and asking again: the banner goes by itself, the answers are marked.
        page.get_by_role("button", name="설정").click()
        page.get_by_label("내 국세청 서비스 인증키").fill(KEY)
        page.get_by_role("button", name="이 키 쓰기").click()
        expect(page.get_by_text("내 키를 쓰는 중")).to_be_visible()
        screen.press("Escape")
        page.locator(".rw-banner").get_by_role("button", name="다시 조회").click()
        screen.wait_rows(2, " 모의")
        expect(page.get_by_role("status").filter(has_text="인증키가 없어")).to_be_hidden()
        expect(page.locator(".mock")).to_have_text("모의")
        # Approve with a key.
        page.locator(".sheet").click(position={"x": 5, "y": 5})
        page.get_by_role("button", name="승인", exact=True).click()
        expect(page.locator(".question")).to_contain_text("오류")  # 12,345 is not the sum of what stands beside it
        screen.press("y")
        screen.wait_rows(1, "승인")
        table = list(csv.DictReader(io.StringIO(exported(screen, "CSV").decode("utf-8-sig"))))
    assert sorted(row["합계"] for row in table) == ["11000", "12345"]
    corrected = next(row for row in table if row["합계"] == "12345")
    assert corrected["사업자번호"] == "111-11-11119"
    assert "모의" in corrected["과세유형"]
    assert KEY not in server.log.read_text("utf-8")
    case = Case.open(server.case, Settings())
    assert [r.status for r in case.receipts()].count("approved") == 1
    case.close()


def test_an_empty_page_says_in_the_middle_how_to_begin(serve, look):
    page = look(serve()).page
    expect(page.locator(".nothing li")).to_have_count(4)
    words = page.locator(".tabulator-placeholder-contents")
    expect(words).to_contain_text("아무 곳에나 놓거나")

    def beside() -> float:
        """px between the middle of the words and that of the table."""
        return words.evaluate(
            """(node) => { const range = document.createRange(); range.selectNodeContents(node)
            const middle = (box) => (box.left + box.right) / 2, table = node.closest(".tabulator-tableholder")
            return Math.abs(middle(range.getBoundingClientRect()) - middle(table.getBoundingClientRect())) }"""
        )

    until(page, lambda: beside() <= 8)


def test_plots_and_dialogs_have_the_colours_of_the_page(serve, look, tmp_path):
    pile(tmp_path / "case", 3).close()
    page = look(serve()).page
    page.get_by_role("button", name="밝게/어둡게").click()
    page.wait_for_function(
        """() => {
          const picture = Bokeh.documents.map((d) => d.get_model_by_name("rw-picture")).find((m) => m)
          return picture.background_fill_color === null && picture.border_fill_color === null
        }"""
    )
    page.get_by_role("button", name="내보내기").click()
    button = page.get_by_role("button", name="만들어 내려받기")
    expect(button).to_have_css("background-color", "rgb(110, 163, 255)")


def test_a_tap_on_the_picture_puts_its_text_into_the_field(serve, look, tmp_path):
    pile(tmp_path / "case", 2).close()
    screen = look(serve())
    screen.take_field("total")
    screen.press("Escape")
    screen.value("total", "1,000")
    screen.tap(200, 410)  # the line "합계: 11,000"
    screen.value("total", "11,000")
    screen.press("Control+z")
    screen.value("total", "1,000")
    screen.press("1")  # the first candidate
    screen.value("total", "11,000")


def test_a_rectangle_drawn_on_the_picture_is_read_afresh_into_the_field(serve, look):
    screen = look(serve())
    screen.drop(("카드.png", picture()))
    screen.wait_rows(1, "대기")
    screen.start()
    screen.wait_rows(1, "견본상회")
    screen.choose("견본상회")
    screen.type_into("total", "12,345")
    screen.value("total", "12,345")
    screen.take_field("total")
    screen.press("Escape")
    before = screen.frame()
    screen.press("d")
    expect(screen.page.locator("div.hint")).to_contain_text("끌어 사각형을 그리면")
    screen.drag((20, 210), (200, 250))
    screen.value("total", "11,000")
    assert screen.frame() == before, "the drag moved the picture"
    # Without that mode, which ends a moment after the value came, the same drag moves the picture and reads nothing.
    expect(screen.page.locator("div.hint")).not_to_contain_text("끌어 사각형을 그리면")
    for _ in range(12):
        screen.drag((20, 210), (200, 250))
        if screen.frame() != before:
            break
    assert screen.frame() != before


def test_the_buttons_above_the_picture_bring_it_nearer_turn_it_and_fit_it(serve, look, tmp_path):
    pile(tmp_path / "case", 1).close()
    screen = look(serve())
    page = screen.page
    page.get_by_role("button", name="맞춤").click()
    screen.shows(lambda wide, high: wide >= SIZE[0] and high >= SIZE[1])
    for name, nearer in (("확대", True), ("축소", False)):
        wide, _ = screen.extent()
        page.get_by_role("button", name=name).click()
        screen.shows(lambda now, _, was=wide, near=nearer: (now < was) == near and now != was)
    page.get_by_role("button", name="돌리기").click()
    screen.shows(lambda wide, high: wide >= SIZE[1] and high >= SIZE[0])


def test_a_row_under_the_mouse_stays_readable_in_light_and_dark(serve, look, tmp_path):
    pile(tmp_path / "case", 3).close()
    screen = look(serve())
    cell = screen.rows.nth(2).locator("[tabulator-field=merchant]")
    for light, colour in (("light", "rgb(27, 34, 48)"), ("dark", "rgb(232, 235, 240)")):
        expect(screen.page.locator(".rw-root")).to_have_css("color-scheme", light)
        screen.page.mouse.move(5, 5)
        expect(cell).to_have_css("color", colour)
        cell.hover()
        assert cell.evaluate("(cell) => cell.matches(':hover')")
        expect(cell).to_have_css("color", colour)
        screen.page.get_by_role("button", name="밝게/어둡게").click()


def test_hangul_is_not_committed_while_it_is_composed(serve, look, tmp_path):
    pile(tmp_path / "case", 1).close()
    screen = look(serve())
    box = screen.take_field("merchant")
    box.fill("")
    client = screen.context.new_cdp_session(screen.page)
    for part in ("ㄱ", "가", "간", "가나", "가남"):
        client.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
    # Enter ends a syllable while it is composed (Chromium sends key code 229): it must not keep half a name.
    box.dispatch_event(
        "keydown", {"key": "Enter", "code": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True}
    )
    screen.page.wait_for_timeout(600)
    expect(box).to_be_focused()
    case = Case.open(tmp_path / "case", Settings())
    assert not case.receipts()[0].corrected
    client.send("Input.insertText", {"text": "가나다상사"})
    expect(box).to_have_value("가나다상사")
    box.press("Enter")
    screen.value("merchant", "가나다상사")
    assert case.receipts()[0].value("merchant") == "가나다상사"
    case.close()


def test_a_cell_edited_in_place_is_kept_for_its_own_receipt_although_the_table_is_sorted(serve, look, tmp_path):
    pile(tmp_path / "case", 6).close()
    screen = look(serve())
    page = screen.page
    head = page.locator(".tabulator-col[tabulator-field=total]")
    for order in ("ascending", "descending"):
        head.locator(".tabulator-col-title").click()
        expect(head).to_have_attribute("aria-sort", order)
    expect(screen.rows.first).to_contain_text("11,055")
    # Other columns are chosen in between: the rows stay sorted, and the row in hand stays lit.
    chosen = page.locator(".tabulator-row[aria-current=true]").get_attribute("data-id")
    screen.press("c")
    menu = page.get_by_role("dialog", name="표에 보일 열 고르기")
    expect(menu.get_by_label("의견")).to_be_focused()
    menu.get_by_label("카드사").focus()
    screen.press("Space")
    screen.press("ArrowUp")  # 봉사료
    screen.press("Space")
    for name in ("card_issuer", "service_charge"):
        expect(page.locator(f".tabulator-col[tabulator-field={name}]")).to_be_visible()
    menu.get_by_label("과세유형").uncheck()
    expect(page.locator(".tabulator-col[tabulator-field=tax]")).to_be_hidden()
    screen.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator(".tabulator-row[aria-current=true]")).to_have_attribute("data-id", chosen)
    expect(screen.rows.first).to_contain_text("11,055")
    screen.open_cell("11,055", "total")  # 영수증 5, the largest
    expect(page.get_by_role("textbox", name="합계", exact=True)).to_be_focused()  # the first click chose the row, too
    page.keyboard.type("7531")
    page.keyboard.press("Enter")
    expect(screen.rows.first).to_contain_text("7,531")  # where it was, for it is in hand
    screen.choose("영수증 0.jpg")
    expect(screen.row("7,531")).to_have_count(1)
    expect(screen.rows.first).not_to_contain_text("7,531")
    case = Case.open(tmp_path / "case", Settings())
    end = time.monotonic() + 60  # the table shows at once what was typed; the case has it a moment later
    while not any(r.corrected for r in case.receipts()) and time.monotonic() < end:
        time.sleep(0.05)
    assert {r.file: r.value("total") for r in case.receipts() if r.corrected} == {"영수증 5.jpg": "7531"}
    case.close()


def test_keys_stay_in_an_open_dialog_after_one_of_its_buttons_was_pressed(serve, look, tmp_path):
    pile(tmp_path / "case", 2).close()
    screen = look(serve())
    page = screen.page
    screen.choose("영수증 0.jpg")
    page.get_by_role("button", name="내보내기").click()
    dialog = page.get_by_role("dialog", name="내보내기")
    with page.expect_download():
        dialog.get_by_role("button", name="만들어 내려받기").click()
    for key in ("x", "a"):  # would mark and approve the receipt behind
        screen.press(key)
    page.wait_for_timeout(500)
    assert page.locator(".mark.on").count() == 0
    screen.standing("승인 0")
    screen.press("Escape")
    expect(dialog).to_be_hidden()
    screen.press("x")
    expect(page.locator(".mark.on")).to_have_count(1)


def test_clearing_asks_first_and_can_be_undone(serve, look, tmp_path):
    case = pile(tmp_path / "case", 3)
    case.correct(case.receipts()[0].id, "total", "11000", by="kim")
    case.close()
    screen = look(serve())
    page = screen.page
    page.get_by_role("button", name="새 묶음").click()
    expect(page.get_by_role("dialog")).to_contain_text(re.compile("사람이 고치거나 승인한 1건"))
    page.get_by_role("button", name="지금 것을 치우고 시작").click()
    screen.wait_rows(0)
    expect(page.get_by_role("dialog")).to_be_hidden()
    screen.press("Control+z")
    screen.wait_rows(3)


def test_chosen_receipts_are_deleted_for_good_after_a_confirmation(serve, look, tmp_path):
    pile(tmp_path / "case", 3).close()
    screen = look(serve())
    page = screen.page
    for name in ("영수증 0.jpg", "영수증 2.jpg"):
        screen.choose(name)
        screen.press("x")
    page.get_by_role("button", name="완전히 지우기").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2건을 완전히 지울까요?")
    expect(dialog).to_contain_text("되돌릴 수 없습니다")
    sure = dialog.get_by_role("button", name="2건 지우기")
    expect(sure).to_be_disabled()
    dialog.get_by_role("checkbox").check()
    sure.click()
    screen.told("2건을 완전히 지웠습니다")  # first: words go by themselves
    screen.wait_rows(1)
    screen.press("Control+z")
    screen.wait_rows(1)
    left = b"".join(path.read_bytes() for path in (tmp_path / "case").rglob("*") if path.is_file())
    assert drawn(1) in left
    for number in (0, 2):
        assert drawn(number) not in left
        assert f"영수증 {number}.jpg".encode() not in left


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 800), (1152, 720)])
def test_it_fits_one_screen_in_both_lights(serve, look, tmp_path, width, height):
    pile(tmp_path / "case", 3).close()
    screen = look(serve(), width, height)
    sizes = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    until(screen.page, lambda: screen.page.evaluate(sizes) == [width, height])
    expect(screen.page.get_by_role("button", name="승인", exact=True)).to_be_in_viewport()
    expect(screen.page.get_by_role("button", name="도움말")).to_be_in_viewport()


def test_columns_chosen_quickly_one_after_another_stay_chosen(serve, look, tmp_path):
    pile(tmp_path / "case", 2).close()
    screen = look(serve())
    screen.press("c")
    menu = screen.page.get_by_role("dialog", name="표에 보일 열 고르기")
    expect(menu.get_by_label("의견")).to_be_focused()
    # The answer to the first arrives before the second is heard: it must not take the second back, not for a moment.
    flickered = menu.evaluate(
        """async (menu) => {
            const boxes = ["card_issuer", "service_charge", "card_number"].map((n) => menu.querySelector(`[name=${n}]`))
            let back = 0
            for (const box of boxes) { box.click(); await new Promise((done) => setTimeout(done, 30)) }
            for (const end = performance.now() + 1500; performance.now() < end;) {
                await new Promise(requestAnimationFrame)
                back += boxes.some((box) => !box.checked)
            }
            return back
        }"""
    )
    assert flickered == 0
    for name in ("card_issuer", "service_charge", "card_number"):
        expect(screen.page.locator(f".tabulator-col[tabulator-field={name}]")).to_have_count(1)


def test_cases_are_named_shared_and_taken_back_on_screen(look, tmp_path, monkeypatch):
    with ServedWorkbench(tmp_path / "home", jobs=1, ENGINE="tests.kit.fakes:ScriptedEngine") as office:
        owner, guest = look(office), look(office)
        owner.drop(("카드.png", picture()))
        owner.wait_rows(1)
        owner.page.get_by_role("button", name="사건").click()
        dialog = owner.page.get_by_role("dialog", name="사건")
        dialog.get_by_label("사건 이름").fill("십일월 감사")
        dialog.get_by_label("사건 이름").press("Tab")
        expect(owner.page.locator(".case")).to_contain_text("십일월 감사")
        dialog.get_by_role("button", name="동료를 위한 초대 코드 만들기").click()
        code = dialog.locator("code").inner_text()
        guest.wait_rows(0)
        guest.page.get_by_role("button", name="사건").click()
        guest.page.get_by_label("받은 초대 코드").fill(code)
        guest.page.get_by_role("button", name="들어가기").click()
        expect(guest.page).to_have_title(re.compile("십일월 감사"))
        guest.wait_rows(1)
        # Taken back: the address leads nowhere any more, but to one's own.
        owner.press("Escape")
        expect(dialog).to_be_hidden()
        owner.page.get_by_role("button", name="사건").click()
        dialog.get_by_role("button", name="공유 끝내기").click()
        expect(dialog.get_by_role("button", name="공유 끝내기")).to_be_hidden()
        expect(guest.page).to_have_title("영수증 검토 작업대")  # its line is cut, and it loads itself anew
        guest.page.get_by_role("link", name="내 사건 열기").click()
        expect(guest.page.locator(".case")).to_contain_text("첫 사건")
        guest.wait_rows(0)


def test_what_is_being_typed_is_kept_when_another_receipt_comes_into_hand(serve, look, tmp_path):
    pile(tmp_path / "case", 3).close()
    screen = look(serve())
    screen.choose("영수증 0.jpg")
    expect(screen.page.locator(".title .name")).to_have_text("영수증 0.jpg")
    screen.take_field("merchant").fill("치던상회")
    # The focus stays in the field: no blur keeps what stands there.
    screen.row("영수증 2.jpg").locator("[tabulator-field=state]").evaluate("cell => cell.click()")
    expect(screen.page.locator(".title .name")).to_have_text("영수증 2.jpg")
    expect(screen.row("치던상회")).to_have_count(1)
    screen.choose("치던상회")
    screen.value("merchant", "치던상회")
    expect(screen.page.locator(".title .name")).to_have_text("영수증 0.jpg")
