"""A real server in a process of its own and a real browser: what a reviewer meets."""

import contextlib
import os

import pytest

from tests.kit.browser import CHROMIUM, Server
from tests.kit.screen import PATIENCE, Screen


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Whatever fails says what its browser showed: nobody was there to look."""
    report = yield
    if report.when == "call" and report.failed and "browser" in item.funcargs:
        for page in (page for context in item.funcargs["browser"].contexts for page in context.pages):
            with contextlib.suppress(Exception):  # gone or busy: the failure itself is told in any case
                report.sections.append(
                    (f"Shown by {page.url}", page.locator("body").aria_snapshot(timeout=5000)[:3000])
                )
    return report


@pytest.fixture(scope="module")  # its event loop runs as long as it does, and other modules have loops of their own
def browser():
    if CHROMIUM is None:
        missing = "No Chromium found: install Debian's `chromium-headless-shell`, or name one in WORKBENCH_CHROMIUM."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=PATIENCE)
    with playwright.sync_playwright() as started:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        launched = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def serve(tmp_path):
    servers = []

    def start(case=None, **environment):
        server = Server(case or tmp_path / "case", tmp_path / f"server{len(servers)}.log", **environment)
        servers.append(server)
        server.wait()
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def look(browser):
    """Opens the page in a browser of its own; asserts in the end that nothing else was asked of any network."""
    screens = []

    def open_page(server, width=1440, height=900):
        still = "reduce"  # what moves on the page costs half of a core while it is looked at
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion=still)
        screen = Screen(context, server.url)
        screens.append(screen)
        return screen.open()

    yield open_page
    for screen in screens:
        screen.close()
        assert screen.foreign == [], "the page asked something of another host"
        assert screen.errors == [], "the page's scripts failed"
