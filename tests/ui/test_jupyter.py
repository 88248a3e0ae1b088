"""The same page in a JupyterLab cell: an edit made after rows have arrived reaches Python and the CSV."""

import csv
import threading
import time

import pytest
from playwright.sync_api import expect

from tests.kit.lab import Lab
from tests.kit.pile import pile, reading
from tests.kit.screen import PATIENCE, Screen
from workbench.case import Case
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings


@pytest.fixture
def lab(tmp_path):
    pytest.importorskip("jupyterlab")
    with Lab(tmp_path, tmp_path / "case") as started:
        yield started


@pytest.fixture
def screen(lab, browser):
    screen = Screen(browser.new_context(viewport={"width": 1500, "height": 1000}), f"http://127.0.0.1:{lab.port}")
    yield screen
    screen.close()


def arrive(case, store):
    for number, receipt in enumerate(case.receipts()):
        if receipt.status == "waiting":
            store.put_page(receipt.id, (reading(number),))
            time.sleep(0.12)


def test_an_edit_after_rows_have_arrived_reaches_python_and_the_csv(lab, screen, tmp_path):
    folder = tmp_path / "case"
    case = pile(folder, 14, read=2)
    page = screen.page
    lab.run_first_cell(page)
    screen.rows.first.wait_for(timeout=3 * PATIENCE)
    screen.wait_rows(14)
    # Rows arrive while the page is open, as from a reading, and while somebody types into a cell.
    store = Store(folder)
    arriving = threading.Thread(target=arrive, args=(case, store))
    arriving.start()
    screen.open_cell("11,011", "total")
    page.keyboard.type("200000", delay=200)
    page.keyboard.press("Enter")
    arriving.join()
    expect(screen.row("200,000")).to_have_count(1)
    screen.wait_rows(0, "대기")
    expect(screen.row("200,000")).to_have_attribute("aria-current", "true")  # the row in hand stays lit
    # An edit in the table, of a row that has just come, and one in the editor.
    screen.open_cell("11,033", "total")
    page.keyboard.type("4321", delay=50)
    page.keyboard.press("Enter")
    expect(screen.row("4,321")).to_have_attribute("aria-current", "true")
    expect(page.locator(".tabulator-row[aria-current=true]")).to_have_count(1)
    screen.row("영수증 2.jpg").first.locator("[tabulator-field=state]").click()  # and the sheet takes the table's place
    expect(page.locator(".title .name")).to_have_text("영수증 2.jpg")  # else it is typed into the sheet before
    screen.type_into("merchant", "고친상회")
    screen.value("merchant", "고친상회")
    wide, _ = screen.extent()
    page.get_by_role("button", name="확대").click()
    screen.shows(lambda now, _: now < wide)
    # JupyterLab's theme is the page's, whenever it changes; there is no second switch.
    expect(page.get_by_role("button", name="밝게/어둡게")).to_have_count(0)
    value, root = screen.field("merchant").locator(".line .value"), page.locator(".rw-root")
    expect(value).to_have_css("color", "rgb(27, 34, 48)")
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    expect(root).to_have_css("color-scheme", "dark")
    expect(value).to_have_css("color", "rgb(232, 235, 240)")
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    expect(root).to_have_css("color-scheme", "light")
    end = time.monotonic() + 60
    while sum(r.corrected for r in case.receipts()) < 3 and time.monotonic() < end:
        time.sleep(0.1)
    # In the notebook's own Python, and in the file it writes.
    page.locator(".jp-Notebook .cm-content").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f"case.export({str(tmp_path / 'out.csv')!r})")
    page.keyboard.press("Shift+Enter")
    while not (tmp_path / "out.csv").exists() and time.monotonic() < end + 60:
        time.sleep(0.2)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        table = {row["파일명"]: row for row in csv.DictReader(file)}
    assert table["영수증 3.jpg"]["합계"] == "4321"
    assert table["영수증 2.jpg"]["상호"] == "고친상회"
    assert table["영수증 1.jpg"]["합계"] == "200000"
    assert [row["수정여부"] for row in table.values()].count(table["영수증 3.jpg"]["수정여부"]) == 3
    case.close()
    store.close()
    assert Case.open(folder, Settings()).receipts()[3].value("total") == "4321"
    assert not screen.foreign, "the notebook asked of other hosts: " + " ".join(screen.foreign)
