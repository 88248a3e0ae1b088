"""While a pile is being read: stopping, closing the tab, two browsers, a worker's death, large and bad files."""

import io
import os

from PIL import Image
from playwright.sync_api import expect

from tests.kit.scripted import picture


def test_stop_keeps_the_rest_and_a_closed_tab_stops_nothing(serve, look, tmp_path):
    leaves = tmp_path / "leaves"
    leaves.mkdir()

    def let(count: int) -> None:
        for leave in leaves.iterdir():
            leave.unlink()
        for number in range(count):
            (leaves / str(number)).touch()

    server = serve(WORKBENCH_ENGINE="tests.kit.fakes:HeldEngine", LEAVES=str(leaves))
    first = look(server)
    first.drop(*((f"{n}.png", picture(shade=n)) for n in range(8)), ("빨강.png", picture("red")))
    first.wait_rows(9, "대기")
    first.start()
    first.standing(r"처리 중 \(\d/9\)")
    let(2)
    expect(first.page.get_by_role("button", name="읽기 시작")).to_be_hidden()
    expect(first.row("견본상회").first).to_be_visible()
    first.stop()
    first.standing("멈추는 중")
    let(9)  # those that are under way
    expect(first.page.get_by_role("button", name="읽기 시작")).to_be_enabled()
    left = first.page.locator(".tabulator-row", has_text="대기").count()
    assert 0 < left < 9
    let(0)
    # Going on; a second browser sees the same, the first one leaves, and the batch ends all the same.
    first.start()
    first.standing("처리 중")
    second = look(server)
    second.standing("처리 중|영수증 9건")
    first.page.close()
    let(20)
    expect(second.page.locator(".tabulator-row", has_text="견본상회")).to_have_count(8)
    # The red one kills its worker, twice: set aside, named, and nothing else is lost.
    second.wait_rows(1, "읽기 실패")
    second.standing("실패 1")
    second.choose("빨강.png")
    expect(second.page.locator(".error[role=alert]")).to_contain_text("두 번 멈춰")
    # What one of two browsers says appears in the other.
    third = look(server)
    second.choose("0.png")
    second.type_into("merchant", "다른이름상회")
    expect(third.row("다른이름상회")).to_have_count(1)


def test_a_large_file_goes_through_and_bad_ones_say_why(serve, look):
    noise = Image.frombytes("RGB", (3000, 2900), os.urandom(3000 * 2900 * 3))
    large = io.BytesIO()
    noise.save(large, "PNG", compress_level=0)
    assert large.tell() > 25_000_000
    screen = look(serve())
    screen.drop(
        ("큰 사진.png", large.getvalue()),
        ("빈 파일.jpg", b""),
        ("<img src=x onerror=alert(1)>.svg", b"<svg onload='alert(1)'/>"),
        ("작은 것.png", picture(shade=9)),
    )
    screen.wait_rows(2, "대기")
    screen.told("빈 파일.jpg")
    screen.told("<img src=x onerror=alert(1)>.svg")
    assert screen.page.locator("img[src=x]").count() == 0


def test_dark_as_the_system_has_it_until_somebody_presses(serve, look):
    screen = look(serve())
    screen.drop(("a.png", picture(shade=1)))
    screen.wait_rows(1, "대기")
    screen.choose("a.png")
    expect(screen.page.get_by_text("아직 읽지 않았습니다")).to_be_visible()
    root = screen.page.locator(".rw-root")
    expect(root).to_have_css("color-scheme", "light")
    screen.page.emulate_media(color_scheme="dark")
    screen.open()
    expect(root).to_have_css("color-scheme", "dark")
    screen.page.get_by_role("button", name="밝게/어둡게").click()
    expect(root).to_have_css("color-scheme", "light")
    screen.open()  # the choice is the browser's own from now on
    screen.page.wait_for_timeout(1500)
    expect(root).to_have_css("color-scheme", "light")


def test_where_there_is_no_room_for_three_table_and_fields_take_turns_beside_the_picture(serve, look):
    page = look(serve(), width=970).page  # JupyterLab beside its file list, or half a screen

    def places():
        return [page.locator(f".rw-{name}").bounding_box() for name in ("list", "sight", "fields")]

    table, picture, fields = places()
    assert fields is None
    assert table["width"] > 500
    assert picture["x"] > table["x"] + table["width"]
    assert picture["width"] > 350
    page.get_by_role("tab", name="영수증", exact=True).click()
    expect(page.locator(".rw-list")).to_be_hidden()
    assert places()[2]["width"] == table["width"]
    last = page.get_by_role("button", name="도움말").bounding_box()
    assert last["x"] + last["width"] <= 970
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function("() => innerWidth === 1440")
    table, picture, fields = places()
    assert table["y"] == picture["y"] == fields["y"]
    assert table["height"] == picture["height"] == fields["height"]
    assert table["x"] + table["width"] < picture["x"] < picture["x"] + picture["width"] < fields["x"]
