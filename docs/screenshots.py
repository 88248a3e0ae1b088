"""The pictures of README: `python -m docs.screenshots [FOLDER]`, by default docs/images.

Reads the drawn samples with the bundled engine, then looks at the page in Chromium, light and dark, and in a JupyterLab
cell: workbench-light.png, workbench-dark.png, notebook.png. A minute on two cores; asks nothing of the internet.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.kit import ROOT
from tests.kit.browser import CHROMIUM, Server
from tests.kit.lab import Lab
from tests.kit.screen import PATIENCE, Screen
from workbench.case import Case
from workbench.pipeline.tax.standin import KEY, StandIn
from workbench.settings import Settings

SIZE = {"width": 1440, "height": 900}
CHOSEN = "pos_items.jpg"
NAME = "견본 2026-11"
CELL = """from workbench import Case

case = Case.open({case!r})
case.review()
"""


def introduce(screen: Screen) -> None:
    """Says who is reviewing, where the page asks."""
    asked = screen.page.get_by_role("button", name="이 이름으로")
    if asked.is_visible():
        screen.page.get_by_placeholder("이름").or_(asked.locator("xpath=preceding-sibling::input")).first.fill("김검토")
        asked.click()


def read_samples(folder: Path) -> None:
    """A case of the samples, read, with the stand-in's answers and one correction."""
    sample = ROOT / "data" / "sample"
    with StandIn() as service:
        case = Case.open(folder, Settings(nts_url=service.url, nts_key=KEY))
        case.add(*sorted(path for path in sample.iterdir() if path.suffix in (".jpg", ".png", ".pdf")))
        case.read().wait(progress=False)
        case.look_up_tax()
        case.close()


def page(browser: Browser, server: Server, target: Path, scheme: str) -> None:
    """The served page with a receipt in hand."""
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
    screen = Screen(context, server.url).open()
    introduce(screen)
    screen.choose(CHOSEN)
    expect(screen.page.locator(".title .name")).to_have_text(CHOSEN)
    screen.page.wait_for_timeout(1500)  # the picture and its boxes have come
    screen.page.screenshot(path=target)
    screen.close()


def notebook(browser: Browser, folder: Path, case: Path, target: Path) -> None:
    """The same page in a cell of JupyterLab."""
    with Lab(folder, Path(case.name), CELL) as lab:
        screen = Screen(browser.new_context(viewport=SIZE), f"http://127.0.0.1:{lab.port}")
        shown = screen.page
        lab.run_first_cell(shown)
        screen.rows.first.wait_for(timeout=12 * PATIENCE)
        shown.get_by_role("button", name="No", exact=True).click()  # to news
        shown.keyboard.press("Control+b")  # no list of files beside it
        introduce(screen)
        screen.choose(CHOSEN)
        shown.wait_for_timeout(1500)
        shown.screenshot(path=target)
        screen.close()


def main(target: Path) -> None:
    """Makes all three."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as started:
        folder = Path(name)
        read_samples(folder / NAME)
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        server = Server(folder / NAME, folder / "server.log")
        server.wait()
        for scheme in ("light", "dark"):
            page(browser, server, target / f"workbench-{scheme}.png", scheme)
        server.stop()
        notebook(browser, folder, folder / NAME, target / "notebook.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("images"))
