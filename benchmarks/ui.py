"""How quick the screen is: `python -m benchmarks.ui [--rows 2000] [--times 20]`, a real server and a real browser.

Prints, as median and worst: from opening the address to rows on screen (target 1.5 s), sorting by a column (0.3 s), the
help and export dialogs (0.3 s), the summary (0.6 s), from a reading being stored to its row on screen (0.3 s), from the
click on a row to its picture of 1,600 px in the browser (0.3 s), and, with that many rows, from Enter in the editor to
the word being stored (0.2 s). No OCR runs beside it; the machine's load is printed with the figures.
"""

import argparse
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, expect, sync_playwright

from tests.kit.browser import CHROMIUM, Server
from tests.kit.pile import pile, reading
from tests.kit.screen import Screen
from workbench.case import Case
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings

TIMES = 12
SIDE = 1600
URL_OF = "() => Bokeh.documents[0].get_model_by_name('rw-picture').renderers[0].data_source.data.url[0] || ''"
ARRIVED = """async (before) => {
  const source = Bokeh.documents[0].get_model_by_name("rw-picture").renderers[0].data_source
  while ((source.data.url[0] || "") === before) { await new Promise(requestAnimationFrame) }
  const image = new Image()
  image.src = source.data.url[0]
  await image.decode()
  await new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(ok)))
}"""


def large_picture(number: int) -> bytes:
    """A picture of 1,600 x 1,600 px with a paper's grain, as large as a photo's preview becomes."""
    grain = np.random.default_rng(number).normal(225, 9, (SIDE, SIDE, 3)).clip(0, 255).astype(np.uint8)
    target = io.BytesIO()
    Image.fromarray(grain).save(target, "JPEG", quality=82)
    return target.getvalue()


def until(done: Callable[[], bool], seconds: float = 30.0) -> None:
    """Waits for something that another process does, looking every 5 ms."""
    end = time.perf_counter() + seconds
    while not done():
        if time.perf_counter() > end:
            raise TimeoutError
        time.sleep(0.005)


def seen(what: Locator) -> None:
    """Waits until it is on screen: Playwright's own waiting looks twice a second after the first few tries."""
    until(what.first.is_visible, 120.0)


def rows_arrive(screen: Screen, folder: Path) -> list[float]:
    """From a reading being stored to its row on screen."""
    case, store, took = Case.open(folder, Settings()), Store(folder), []
    # At the table's top: of 2,000 rows only those that are seen are drawn.
    waiting = [receipt.id for receipt in case.receipts()[1 : TIMES + 1]]
    case.read_again(waiting)
    time.sleep(2)
    for number, name in enumerate(waiting, start=90_001):
        total = f"{11_000 + 11 * number:,}"
        store.put_page(name, (reading(number),))
        began = time.perf_counter()
        seen(screen.row(total))
        took.append(time.perf_counter() - began)
        time.sleep(0.3)
    store.close()
    case.close()
    return took


def pictures_come(screen: Screen) -> list[float]:
    """From the click on a row to its picture."""
    took = []
    for number in range(1, TIMES + 1):
        cell = screen.rows.nth(number).locator("[tabulator-field=state]")
        before = screen.page.evaluate(URL_OF)
        began = time.perf_counter()
        cell.click()
        screen.page.evaluate(ARRIVED, before)
        took.append(time.perf_counter() - began)
        time.sleep(0.3)
    return took


def words_are_kept(screen: Screen, folder: Path) -> list[float]:
    """From Enter in the editor to the word being in the case, seen by another process."""
    case, took = Case.open(folder, Settings()), []
    for number in range(TIMES):
        box = screen.take_field("merchant")
        name = f"고친 상호 {number}"
        box.fill(name)
        began = time.perf_counter()
        box.press("Enter")
        until(lambda name=name: any(entry.value == name for entry in case.journal()))  # type: ignore[misc]
        took.append(time.perf_counter() - began)
        time.sleep(0.5)
    case.close()
    return took


def pages_open(context: BrowserContext, url: str, times: int) -> list[float]:
    """From the address being opened to the first row with words in it."""
    took = []
    for _ in range(times):
        page = context.new_page()
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        seen(page.locator(".tabulator-row .state"))
        took.append(time.perf_counter() - began)
        page.close()
    return took


def columns_sort(screen: Screen, times: int) -> list[float]:
    """From the click on a heading to other rows on top: to the largest total, and back to the pile's order.

    The totals grow down the pile, so that the first of three clicks changes no row; it is not counted.
    """
    heading = screen.page.locator(".tabulator-col[tabulator-field=total]")
    took: list[float] = []
    while len(took) < times:
        heading.click()
        expect(heading).to_have_attribute("aria-sort", "ascending")
        for _ in range(2):
            time.sleep(0.5)  # the server has heard of the click before
            before = screen.rows.first.inner_text()
            began = time.perf_counter()
            heading.click()
            until(lambda before=before: screen.rows.first.inner_text() != before)  # type: ignore[misc]
            took.append(time.perf_counter() - began)
    return took


def parts_show(screen: Screen, press: str, shown: str, times: int, back: str) -> list[float]:
    """From the click on a button to what it shows; `back` is what is pressed then, a key or another button."""
    took, page = [], screen.page
    for _ in range(times):
        began = time.perf_counter()
        page.get_by_role("button", name=press).first.click()
        seen(page.get_by_text(shown))
        took.append(time.perf_counter() - began)
        if back == "Escape":
            page.keyboard.press(back)
            page.get_by_text(shown).first.wait_for(state="hidden")
        else:
            page.get_by_role("button", name=back, exact=True).first.click()
        time.sleep(0.5)
    return took


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--times", type=int, default=20, help="of what does not change the case")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place) / "case"
        case = pile(folder, given.rows)
        for number, receipt in enumerate(case.receipts()[: TIMES + 2]):
            drawn = large_picture(number)
            (folder / "pictures" / f"{receipt.id}.jpg").write_bytes(drawn)
            case.store.put_picture(receipt.id, drawn)
        case.close()
        server = Server(folder, Path(place) / "server.log")
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            began = time.perf_counter()
            screen = Screen(browser.new_context(viewport={"width": 1440, "height": 900}), server.url).open()
            print(
                f"{given.rows:,} rows; load {os.getloadavg()[0]:.1f}; page open in {time.perf_counter() - began:.1f} s"
            )
            figures = [
                ("address opened to rows on screen", 1.5, pages_open(screen.context, server.url, given.times)),
                ("click on a heading to sorted rows", 0.3, columns_sort(screen, given.times)),
                ("help", 0.3, parts_show(screen, "도움말", "다음 영수증", given.times, "Escape")),
                ("export dialog", 0.3, parts_show(screen, "내보내기", "만들어 내려받기", given.times, "Escape")),
                ("summary", 0.6, parts_show(screen, "요약", "월별 합계", given.times, "검토")),
                ("click on a row to its picture, 1,600 px", 0.3, pictures_come(screen)),
                ("Enter to the word being stored", 0.2, words_are_kept(screen, folder)),
                ("reading stored to its row on screen", 0.3, rows_arrive(screen, folder)),
            ]
            for what, target, took in figures:
                middle, worst = statistics.median(took), max(took)
                print(f"{what:<42} median {middle:.2f} s, worst {worst:.2f} s (target {target} s)")
            browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
