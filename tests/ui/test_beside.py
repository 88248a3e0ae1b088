"""Two receipts of one purchase, on the screen and by keys."""

from playwright.sync_api import expect

from tests.kit.filed import filed

PAPER = {"merchant": "견본상회", "business_number": "123-45-67891", "issued_at": "2026-11-02 12:10:00"}


def test_twins_are_looked_at_side_by_side_and_one_is_put_aside_by_keys(serve, look, tmp_path):
    same = {**PAPER, "total": "12000", "approval_number": "30120001"}
    filed(tmp_path / "case", same, {**same, "card_issuer": "견본카드"}).close()
    screen = look(serve(tmp_path / "case"))
    page = screen.page
    screen.choose("1.jpg")
    page.locator(".paper button.finding").first.click()
    expect(page.get_by_role("button", name="나란히 보기")).to_be_visible()
    screen.press("w")
    expect(page.locator(".pair figure img")).to_have_count(2)
    expect(page.locator(".pair tr.differs")).to_contain_text("견본카드")
    screen.press("1")
    screen.told("같은 거래로 보아 치웠습니다")
    screen.wait_rows(1)
    expect(page.get_by_role("dialog")).to_have_count(0)
