"""Fields that people fill in, on the screen: typed with what the case knows, filled down over marked rows."""

from playwright.sync_api import expect

from tests.kit.filed import filed

PAPER = {"merchant": "견본상회", "business_number": "123-45-67891", "total": "1000"}


def test_a_value_is_completed_from_the_case_and_filled_down(serve, look, tmp_path):
    case = filed(tmp_path / "case", *({**PAPER, "issued_at": f"2026-11-0{n + 1}"} for n in range(3)))
    case.correct(case.receipts()[2].id, "account", "접대비", by="kim")
    case.close()
    screen = look(serve(tmp_path / "case"))
    page = screen.page
    expect(page.locator(".foot").last).to_contain_text("3,000원")
    page.get_by_role("button", name="모두 선택").click()
    screen.choose("1.jpg")
    group = page.get_by_role("group", name="직접 채우는 항목")
    expect(group.locator(".field")).to_have_count(4)
    box = screen.take_field("account")
    expect(page.locator("datalist#used option")).to_have_attribute("value", "접대비")
    box.fill("회의비")
    page.get_by_role("button", name="선택한 3건의 빈칸에 채우기").click()
    screen.told("2건에 채웠습니다")
    screen.value("account", "회의비")
    screen.choose("3.jpg")
    screen.value("account", "접대비")
    # In the table's own cells as well.
    screen.press("c")
    menu = page.get_by_role("dialog", name="표에 보일 열 고르기")
    menu.get_by_label("계정과목").check()
    screen.press("Escape")
    screen.open_cell("접대비", "account")
    cell = page.get_by_role("combobox", name="계정과목", exact=True).last
    expect(cell).to_be_focused()
    offered = page.locator("datalist#rw-cell-used option")
    expect(offered.first).to_have_attribute("value", "회의비")
    expect(offered).to_have_count(2)
