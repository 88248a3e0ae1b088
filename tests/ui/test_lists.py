"""The whole way of a statement on screen: dropped, looked over, taken in, paired and parted, asked about, answered."""

import base64
import io
import time
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.kit.filed import filed
from workbench.review.list_texts import WORDS
from workbench.widgets.markup import script

HEADS = "이용일시,가맹점명,이용금액,승인번호,이용자\n"
LUNCH = {
    "merchant": "가람식당", "business_number": "111-11-11119", "issued_at": "2026-03-05 12:33", "total": "11000",
    "approval_number": "12345678",
}  # fmt: skip


def row(page, text):
    return page.locator(".row", has_text=text)


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def saved(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return Path(waiting.value.path()).read_bytes()


def test_a_statement_from_the_drop_to_the_answers(serve, look, tmp_path):
    case = filed(tmp_path / "case", LUNCH, LUNCH | {"merchant": "다솜카페", "total": "4500", "approval_number": None})
    case.close()
    screen = look(serve())
    page = screen.page
    lines = [
        "2026-03-05 12:33,가람식당,11000,12345678,김하나", "2026-03-06,누리문구,7000,222222,박둘",
        "2026-03-05,한들푸드,4500,333333,박둘",
    ]  # fmt: skip
    screen.drop(("카드.csv", (HEADS + "\n".join(lines)).encode("cp949")))
    expect(page.get_by_text("이렇게 이해했습니다: 카드.csv")).to_be_visible()
    expect(page.get_by_label("가맹점", exact=True)).to_have_value("가맹점명")
    page.get_by_role("combobox", name="사용자", exact=True).select_option("")
    expect(page.get_by_role("combobox", name="사용자", exact=True)).to_have_value("")
    page.get_by_role("combobox", name="사용자", exact=True).select_option("이용자")
    page.get_by_role("button", name="이대로 넣기").click()
    screen.told("카드.csv: 3건")
    expect(page.get_by_role("tab", name="맞음 1")).to_be_visible()
    expect(row(page, "금액·날짜·승인번호")).to_have_count(1)
    # What is not sure is left to a person, with its candidate first.
    tab(page, "영수증 없음 2")
    row(page, "한들푸드").click()
    expect(page.get_by_text("맞을 수 있는 것")).to_be_visible()
    page.get_by_role("button", name="2.jpg 잇기").click()
    expect(page.get_by_role("tab", name="맞음 2")).to_be_visible()
    page.get_by_role("button", name="카드.csv 더 잇기").first.click()  # one receipt to two rows, and back
    expect(page.get_by_role("tab", name="맞음 3")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("tab", name="맞음 2")).to_be_visible()
    tab(page, "맞음 2")
    row(page, "한들푸드").click()
    page.get_by_role("button", name="끊기").click()
    expect(page.get_by_role("tab", name="맞음 1")).to_be_visible()
    tab(page, "영수증 없음 2")
    page.get_by_placeholder("이름, 금액, 날짜, 승인번호로 찾기").fill("7,000")
    expect(page.locator(".row")).to_have_count(1)
    # The list of what is missing, and the questions; the answers come back by the same door.
    sheet = openpyxl.load_workbook(io.BytesIO(saved(page, "영수증 없음 목록"))).active
    assert {cell.value for cell in sheet["D"]} >= {"누리문구", "한들푸드"}
    book = openpyxl.load_workbook(io.BytesIO(saved(page, "소명 요청 만들기")))
    asked = book.active
    heads = {cell.value: cell.column for cell in asked[4]}
    asked.cell(5, heads["답변"]).value = "카드를 잘못 썼습니다"
    target = io.BytesIO()
    book.save(target)
    page.get_by_role("button", name="검토", exact=True).click()
    screen.drop(("답변.xlsx", target.getvalue()))
    screen.told("소명 답변 1건")
    page.get_by_role("button", name="대조", exact=True).click()
    page.get_by_placeholder("이름, 금액, 날짜, 승인번호로 찾기").fill("")
    expect(row(page, "답변: 카드를 잘못 썼습니다")).to_have_count(1)
    screen.drop(("아무것.csv", "안녕하세요\n오늘은".encode()))
    screen.told("제목 줄")


def test_ten_thousand_rows_scroll_and_filter(serve, look, tmp_path):
    case = filed(tmp_path / "case", LUNCH)
    lines = [f"2026-03-{1 + n % 28:02},가게{n},{1000 + n},{10_000_000 + n},김" for n in range(10_000)]
    case.add_statement(("많음.csv", (HEADS + "\n".join(lines)).encode()))
    case.close()
    screen = look(serve())
    page = screen.page
    page.get_by_role("button", name="대조", exact=True).click()
    tab(page, "영수증 없음 10,000")
    expect(row(page, "가게0").first).to_be_visible()
    began = time.perf_counter()
    page.get_by_role("listbox", name="명세서").evaluate("node => { node.scrollTop = 34 * 9000 }")
    expect(row(page, "가게9003").first).to_be_visible()
    scrolled = time.perf_counter()
    page.get_by_placeholder("이름, 금액, 날짜, 승인번호로 찾기").fill("가게7777")
    expect(page.locator(".row")).to_have_count(1)
    print(f"scrolled in {scrolled - began:.3f} s, filtered in {time.perf_counter() - scrolled:.3f} s")
    page.screenshot(path=str(tmp_path / "lists.png"))


def test_a_sample_is_checked_with_nothing_but_the_picture(serve, look, tmp_path):
    case = filed(tmp_path / "case", LUNCH, LUNCH | {"total": "4500"}, LUNCH | {"total": "7700"})
    case.close()
    screen = look(serve())
    page = screen.page
    page.get_by_role("button", name="표본", exact=True).click()
    page.get_by_label("크기").fill("2")
    page.get_by_label("허용 오류율 %").fill("90")
    page.get_by_role("button", name="표본 뽑기").click()
    expect(page.locator(".sampled")).to_have_count(2)
    side = page.locator(".side", has_text="그림만 보고")
    expect(side.get_by_text("그림만 보고 적어 주세요")).to_be_visible()
    assert not {"11,000", "4,500", "7,700", "가람식당"} & set(side.inner_text().split())
    side.get_by_label("합계").fill("천원")
    page.get_by_role("button", name="적고 다음으로").click()
    expect(side.get_by_role("alert")).to_contain_text("숫자로")
    for number in range(2):
        expect(page.locator(".sampled").nth(number)).to_have_attribute("aria-selected", "true")
        side.get_by_label("합계").fill("1")
        page.get_by_role("button", name="적고 다음으로").click()
    expect(page.locator(".about")).to_contain_text("오류 2건")
    expect(page.locator(".about .trouble").first).to_contain_text("확인한 값 1")
    # The company's rules: those that come along, then its own.
    page.get_by_role("button", name="기본 규정 쓰기").click()
    screen.told("이 규정으로 봅니다: 기본 규정")
    screen.drop(("우리.toml", 'name = "우리"\n[[restricted]]\nwords = ["가람"]\nsay = "안 됩니다: {word}"'.encode()))
    screen.told("이 규정으로 봅니다: 우리")
    page.get_by_role("button", name="검토", exact=True).click()
    screen.choose("가람식당")
    expect(page.get_by_text("안 됩니다: 가람").first).to_be_visible()


def test_the_buttons_of_a_pair_stay_when_its_picture_comes(browser):
    """The part by itself, told what Python tells it: a press that was under way went to a button that was gone."""
    page = browser.new_page()
    page.evaluate(
        """async ({ script, words }) => {
          const { render } = await import("data:text/javascript;base64," + script)
          const hears = {}, told = (name, value) => { model[name] = value; hears[name]() }
          const on = (name, work) => { hears[name] = work }
          const model = { words, lists: {}, side: {}, pending: {}, on, send_msg: () => {} }
          render({ model, el: document.body })
          const row = { key: "a:1", title: "", facts: [] }, receipt = { id: "r", title: "영수증", facts: [] }
          const pair = { row, receipt, linked: true }
          told("side", pair)
          window.button = document.querySelector("button.bad")
          told("side", { ...pair, picture: "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" })
          window.shown = [document.querySelectorAll("img").length, button.isConnected]
          told("side", { ...pair, linked: false })
        }""",
        {"script": base64.b64encode(script("reconciliation.js").encode()).decode(), "words": {**WORDS, "heads": []}},
    )
    assert page.evaluate("shown") == [1, True]
    assert page.evaluate("[document.querySelectorAll('img').length, button.isConnected]") == [0, False]  # another pair
    page.close()
