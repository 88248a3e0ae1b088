"""A fresh page without a mouse: every button that is there is reached by keys, and nothing keeps the focus."""

from playwright.sync_api import expect

from tests.kit.filed import filed
from tests.kit.screen import until

DEEP = """() => {
  let node = document.activeElement
  while (node && node.shadowRoot && node.shadowRoot.activeElement) { node = node.shadowRoot.activeElement }
  return node === document.body ? "" : node.getAttribute("aria-label") || node.textContent.trim() || node.className
}"""
THERE = """() => {
  const found = []
  const walk = (parent) => {
    for (const node of parent.children) {
      const pressed = node.matches("button:not(:disabled)") && node.tabIndex >= 0
      if (pressed && node.checkVisibility({ visibilityProperty: true })) {
        found.push(node.getAttribute("aria-label") || node.textContent.trim() || node.className)
      }
      if (node.shadowRoot) { walk(node.shadowRoot) }
      walk(node)
    }
  }
  walk(document.body)
  return found
}"""


def test_every_button_of_a_fresh_page_is_reached_with_keys_alone(serve, look, tmp_path):
    filed(tmp_path / "case", {"merchant": "견본상회", "total": "1000"}, {"total": "2000"}).close()
    screen = look(serve(tmp_path / "case"))
    page = screen.page
    screen.wait_rows(2)
    expect(page.locator(".field").first).to_be_visible()
    until(page, lambda: {"검토", "내보내기", "설정", "확대", "승인", "열 ▾"} <= {*page.evaluate(THERE)})
    wanted, reached = set(page.evaluate(THERE)), []
    screen.press("F6")
    reached.append(page.evaluate(DEEP))
    assert reached == ["검토"]
    while len(reached) < 4 * len(wanted) and not wanted <= set(reached):
        screen.press("Tab")
        reached.append(page.evaluate(DEEP))
    assert wanted <= set(reached), (wanted - set(reached), reached)
    areas = []
    for _ in range(5):
        screen.press("F6")
        areas.append(page.evaluate(DEEP))
    assert len(set(areas)) == 4  # bar, list, picture, sheet, and round again


def test_an_open_menu_keeps_the_focus_while_its_counts_change(serve, look, tmp_path):
    case = filed(tmp_path / "case", {"business_number": "1112233335"}, {"total": "2000"})
    screen = look(serve(tmp_path / "case"))
    screen.wait_rows(2)
    menu = screen.page.get_by_role("button", name="과세유형 조회")
    menu.press("Enter")
    first = screen.page.get_by_role("menuitem").first
    expect(first).to_be_focused()
    screen.rows.first.locator(".state").evaluate("(node) => { window.drawn = node }")
    case.correct(case.receipts()[1].id, "business_number", "1234567891", by="lee")
    expect(first).to_contain_text("(2)")
    expect(first).to_be_focused()
    expect(screen.rows.nth(1)).to_contain_text("123-45-67891")
    assert screen.page.evaluate("drawn.isConnected")  # of the table only the row that changed is drawn anew
    case.close()


def test_a_button_that_greys_when_it_is_pressed_keeps_the_focus_and_does_nothing(serve, look, tmp_path):
    filed(tmp_path / "case", {"total": "1000"}, {"total": "2000"}).close()
    screen = look(serve(tmp_path / "case"))
    screen.wait_rows(2)
    screen.type_into("total", "3000")
    screen.value("total", "3,000")
    undo = screen.page.get_by_role("button", name="실행 취소")
    expect(undo).to_be_enabled()
    undo.press("Enter")
    screen.value("total", "1,000")
    expect(undo).to_be_disabled()
    expect(undo).to_be_focused()
    screen.press("Enter")
    screen.press("Tab")
    expect(screen.page.get_by_role("button", name="다시 실행")).to_be_focused()
    expect(undo).to_have_attribute("disabled", "")
