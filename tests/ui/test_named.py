"""The page for everybody: its language, one heading at the top; axe-core finds nothing on any view, light or dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.kit.filed import filed

PAPER = {"merchant": "견본상회", "business_number": "123-45-67891", "issued_at": "2026-11-02", "total": "1000"}
DIALOGS = ("내보내기", "설정", "새 묶음", "도움말", "이력")


MOST_LETTERS = 131_000
"""In a box: a fuller one would end the page's line, see `server/page_words.py`."""


def boxes_have_an_end(page, where) -> None:
    boxes = page.locator("input:not([type=file], [type=radio], [type=checkbox], [type=date]), textarea")
    most = boxes.evaluate_all("(all) => all.map((one) => one.maxLength)")
    assert [length for length in most if not 0 < length < MOST_LETTERS] == [], where


def nothing_found(page, where) -> None:
    for _ in range(30):  # what still fades from one light into the other is pale
        found = Axe().run(page).response["violations"]
        told = [(one["id"], node["target"][-1], node["html"][:120]) for one in found for node in one["nodes"]]
        if not told:
            return
        page.wait_for_timeout(1000)
    raise AssertionError((where, told))


def test_the_page_is_korean_with_one_heading_and_axe_finds_nothing(serve, look, tmp_path):
    filed(tmp_path / "case", PAPER, {**PAPER, "total": "0"}, {**PAPER, "approval_number": "30120001"}).close()
    page = look(serve(tmp_path / "case")).page
    assert page.evaluate("document.documentElement.lang") == "ko"
    assert page.get_by_role("heading", level=1).count() == 1
    for light in ("light", "dark"):
        if light == "dark":
            page.get_by_role("button", name="밝게/어둡게").click()
        for tab in ("검토", "모아 보기", "대조", "표본", "요약"):
            page.get_by_role("button", name=tab, exact=True).first.click()
            page.wait_for_timeout(500)
            nothing_found(page, (light, tab))
            boxes_have_an_end(page, tab)
            if tab == "모아 보기":
                page.get_by_role("tab", name="모아 승인").click()
                page.wait_for_timeout(500)
                nothing_found(page, (light, "모아 승인"))
    page.get_by_role("button", name="검토", exact=True).first.click()
    for name in DIALOGS:
        page.get_by_role("button", name=name).first.click()
        expect(page.get_by_role("dialog").get_by_role("button").first).to_be_visible()  # made when it is first opened
        nothing_found(page, name)
        boxes_have_an_end(page, name)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    nothing_found(page, "phone")
