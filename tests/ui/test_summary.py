"""The summary in a real browser: its bars lead to the rows they stand for."""

from playwright.sync_api import expect

from tests.kit.pile import pile


def test_a_bar_leads_to_its_rows_and_back_to_all(serve, look, tmp_path):
    """The table's rows change while another place is on screen, and the table with them."""
    pile(tmp_path / "case", 14).close()
    screen = look(serve(tmp_path / "case"))
    screen.wait_rows(14)
    screen.page.get_by_role("button", name="요약").click()
    bar = screen.page.get_by_role("button", name="2026-03")
    bar.focus()
    bar.press("Enter")
    expect(screen.rows.first).to_be_visible()
    screen.wait_rows(2)
    screen.page.get_by_role("button", name="요약").click()
    screen.page.get_by_role("button", name="모형운수").click()
    expect(screen.rows.first).to_be_visible()
    screen.wait_rows(3)
