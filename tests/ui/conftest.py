"""A real server in a process of its own and a real browser: what a reviewer meets."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # what all tests share lies there

from processes import free_port, stop, wait_for

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("WORKBENCH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        missing = "No Chromium found: install Debian's `chromium`, or name one in WORKBENCH_CHROMIUM."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        launched = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


class Server:
    """`workbench serve` as a subprocess; its engine is a scripted one, so that the pages under test come quickly."""

    def __init__(self, case: Path, log: Path, **environment: str) -> None:
        self.port = free_port()
        self.case, self.log = case, log
        self.url = f"http://127.0.0.1:{self.port}/"
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
        given = {
            "WORKBENCH_ENGINE": "fakes:ScriptedEngine",
            "WORKBENCH_JOBS": "1",
            "WORKBENCH_HOME": str(case.parent),
            "PYTHONPATH": path,
            **environment,
        }
        command = [sys.executable, "-m", "workbench", "serve", "--case", str(case), "--port", str(self.port)]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=case.parent, env=os.environ | given, stdout=output, stderr=subprocess.STDOUT
            )

    def wait(self) -> None:
        """Until it takes connections."""
        wait_for(self.process, self.port, self.log)

    def stop(self) -> None:
        """Ends the process, and its workers with it."""
        stop(self.process)


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
    from screen import Screen

    screens = []

    def open_page(server, width=1440, height=900):
        screen = Screen(browser.new_context(viewport={"width": width, "height": height}), server.url)
        screens.append(screen)
        return screen.open()

    yield open_page
    for screen in screens:
        screen.close()
        assert screen.foreign == [], "the page asked something of another host"
        assert screen.errors == [], "the page's scripts failed"
