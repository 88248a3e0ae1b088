"""The dialogs in a real browser: of an export what is unsure is said first, files come whole; words lie above."""

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.kit.pile import pile
from tests.kit.screen import until
from workbench.__main__ import main


def download(page, folder: Path) -> Path:
    with page.expect_download(timeout=120_000) as waiting:
        page.get_by_role("button", name="만들어 내려받기").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_workpaper_upload_and_package_leave_through_the_dialog(serve, look, tmp_path):
    pile(tmp_path / "case", 4).close()
    page = look(serve(tmp_path / "case")).page
    page.get_by_role("button", name="내보내기").click()
    page.get_by_label("PDF 조서").check()
    expect(page.get_by_label("그림도 넣기")).to_be_visible()
    assert download(page, tmp_path).read_bytes().startswith(b"%PDF")
    page.get_by_label("회계 프로그램에 올릴 파일").check()
    expect(page.get_by_text("공식 양식이 아닙니다. 올리기 전에 자리를 확인해 주세요.")).to_be_visible()
    expect(page.get_by_role("button", name="만들어 내려받기")).to_be_disabled()  # nothing is a candidate yet
    page.get_by_label("양식", exact=True).select_option("더존 일반전표")
    expect(page.get_by_text("4건이 대상")).to_be_visible()
    upload = download(page, tmp_path)
    assert "douzone-journal" in upload.name
    assert upload.read_bytes().startswith(b"PK")
    page.get_by_label("꾸러미 ZIP").check()
    expect(page.get_by_label("양식", exact=True)).to_be_hidden()  # else the button moves away under the press
    assert main(["verify", str(download(page, tmp_path))]) == 0


def test_what_is_said_lies_above_the_dialog_in_which_it_was_caused(serve, look, tmp_path):
    pile(tmp_path / "case", 1).close()
    page = look(serve(tmp_path / "case")).page
    page.get_by_role("button", name="설정").click()
    page.get_by_label("이 금액부터").check()
    page.get_by_role("dialog").get_by_role("button", name="저장").click()
    toast = page.locator(".toast.error")
    expect(toast).to_be_visible()
    colour = re.findall(r"\d+", toast.evaluate("(node) => getComputedStyle(node).borderLeftColor"))

    def seen() -> list[str]:
        box = toast.bounding_box()
        clip = {"x": box["x"], "y": box["y"] + box["height"] / 2, "width": 4, "height": 1}
        return [
            str(part) for part in Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB").getpixel((2, 0))
        ]

    until(page, lambda: seen() == colour[:3])
    close = toast.get_by_role("button").bounding_box()
    page.mouse.click(close["x"] + close["width"] / 2, close["y"] + close["height"] / 2)
    expect(toast).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    for shown in (1, 0):  # the key that opens the help closes it
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_have_count(shown)
