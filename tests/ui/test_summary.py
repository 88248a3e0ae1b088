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


def test_the_progress_is_of_now_though_no_sum_has_changed(serve, look, tmp_path):
    case = pile(tmp_path / "case", 3)
    page = look(serve(tmp_path / "case")).page
    page.get_by_role("button", name="요약", exact=True).click()
    expect(page.get_by_text("0 / 3건")).to_be_visible()
    case.approve(case.receipts()[1].id, by="lee")
    expect(page.get_by_text("1 / 3건")).to_be_visible()
    case.close()
