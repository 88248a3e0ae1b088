"""Little room: table and receipt take turns; on a phone receipts are photographed."""

from PIL import Image, ImageFilter
from playwright.sync_api import expect

from tests.kit import ROOT
from tests.kit.filed import file_totals
from tests.kit.screen import PATIENCE


def test_at_twice_the_size_eight_rows_are_seen_and_a_row_opens_its_receipt(serve, look, tmp_path):
    file_totals(tmp_path / "case", *(str(1000 * n) for n in range(1, 13)))
    screen = look(serve(tmp_path / "case"), 720, 450)  # 1440 x 900 at 200 %
    page = screen.page
    page.get_by_role("button", name="이 이름으로").click()  # asked once, below the table
    expect(page.get_by_text("누가 검토하십니까")).to_be_hidden()
    screen.wait_rows(12)
    for _ in range(600):  # the page's style sheets move the table while it is being drawn
        foot = page.locator(".tabulator-tableholder").bounding_box()
        ends = [row["y"] + row["height"] for row in (row.bounding_box() for row in screen.rows.all()) if row]
        if (seen := sum(end <= foot["y"] + foot["height"] for end in ends)) >= 8:
            break
        page.wait_for_timeout(100)
    assert seen >= 8
    expect(page.locator(".title .name")).to_be_hidden()
    screen.rows.nth(2).locator("[tabulator-field=state]").click()
    expect(page.locator(".title .name")).to_be_visible()
    expect(page.get_by_role("tab", name="영수증", exact=True)).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="목록").click()
    expect(screen.rows.first).to_be_visible()


def test_a_phone_photographs_and_is_told_at_once_what_cannot_be_read(serve, browser, tmp_path):
    good = ROOT / "data" / "sample" / "card_slip.jpg"
    with Image.open(good) as paper:
        paper.filter(ImageFilter.GaussianBlur(5)).save(tmp_path / "blurred.jpg")
    server = serve(tmp_path / "case")
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(server.url)
    expect(page.get_by_role("button", name="영수증 찍기")).to_be_visible()
    expect(page.get_by_label("영수증의 모든 글에서 찾기")).to_be_hidden()
    page.wait_for_selector("html[data-rw-ready]", state="attached")
    camera = page.locator("input[capture]")
    camera.set_input_files(tmp_path / "blurred.jpg")
    expect(page.locator(".shot.bad")).to_contain_text("흐립니다")
    assert page.locator(".rows li").count() == 0
    camera.set_input_files(good)
    expect(page.locator(".rows li")).to_have_count(1)
    expect(page.locator(".rows li")).not_to_contain_text("대기")  # read without another press
    assert page.locator(".rows li").count() == 1  # the blurred one was sent by nobody meanwhile
    page.get_by_role("button", name="그대로 넣기").click()
    expect(page.locator(".rows li")).to_have_count(2)
    page.get_by_role("button", name="작업대 열기").click()
    expect(page.get_by_label("영수증의 모든 글에서 찾기")).to_be_visible()
    context.close()
