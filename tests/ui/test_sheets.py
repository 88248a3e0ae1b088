"""The sheets of crops: a column checked at a glance and typed in place, clean receipts approved together."""

from playwright.sync_api import expect

from tests.kit.filed import file_totals


def test_a_column_is_walked_over_and_typed_in_place(serve, look, tmp_path):
    file_totals(tmp_path / "case", "12000", "9000", "35000", "800")
    screen = look(serve(tmp_path / "case"))
    page = screen.page
    page.keyboard.press("s")
    grid = page.get_by_role("listbox", name="합계 모아 보기")
    expect(grid.get_by_role("option")).to_have_count(4)
    page.get_by_role("button", name="값 순").click()
    expect(grid.get_by_role("option").first).to_contain_text("800")
    # Keys of the table do not leak out of the sheet: A approves nothing, digits pick nothing.
    page.keyboard.press("a")
    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type("9,100")
    page.keyboard.press("Enter")
    expect(grid.get_by_role("option").nth(1)).to_contain_text("9,100")
    expect(grid.get_by_role("option").nth(1)).to_contain_text("고침")
    # The cell stays in its place, and the next one is in hand; what is no amount is told in the cell and kept out.
    page.keyboard.press("Enter")
    page.keyboard.type("만원")
    page.keyboard.press("Enter")
    expect(grid.get_by_role("option").nth(2)).to_contain_text("금액은")
    page.get_by_role("tab", name="사업자번호").click()
    expect(page.get_by_role("listbox", name="사업자번호 모아 보기").get_by_role("option").first).to_contain_text(
        "123-45-67891"
    )
    page.keyboard.press("o")
    expect(page.get_by_label("영수증의 모든 글에서 찾기")).to_be_visible()


def test_clean_receipts_are_approved_together_but_for_those_taken_out_and_all_come_back(serve, look, tmp_path):
    file_totals(tmp_path / "case", "12000", "9000", "35000")
    screen = look(serve(tmp_path / "case"))
    page = screen.page
    page.keyboard.press("s")
    page.get_by_role("tab", name="모아 승인").click()
    cards = page.get_by_role("listbox", name="모아 승인 모아 보기").get_by_role("option")
    expect(cards).to_have_count(3)
    cards.filter(has_text="9,000").click()
    expect(cards.filter(has_text="9,000")).to_contain_text("뺌")
    page.get_by_role("button", name="2건 승인").click()
    expect(cards).to_have_count(1)
    screen.standing("승인 2")
    page.keyboard.press("Control+z")
    expect(cards).to_have_count(3)
    screen.standing("승인 0")
