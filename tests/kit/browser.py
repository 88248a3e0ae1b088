"""A workbench served for one case, and where a browser is to look at it."""

import os
import shutil
from pathlib import Path

from tests.kit.processes import Workbench, environment, free_port, printed_address, stop, wait_for

NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
"""The first without what stands around a page: an address bar nobody sees took as long as the page under test."""
CHROMIUM = os.environ.get("WORKBENCH_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Server:
    """`workbench serve` as a process of its own, with a scripted engine, so that the pages under test come quickly."""

    def __init__(self, case: Path, log: Path, **settings: str) -> None:
        self.port = int(settings.pop("PORT", 0)) or free_port()
        self.case, self.log = case, log
        self.url = f"http://127.0.0.1:{self.port}/"
        given = {
            "WORKBENCH_ENGINE": "tests.kit.fakes:ScriptedEngine",
            "WORKBENCH_JOBS": "1",
            "WORKBENCH_HOME": str(case.parent),
            **settings,
        }
        arguments = ["serve", "--case", str(case), "--port", str(self.port)]
        self.process = Workbench(arguments, environment(**given), case.parent, log)

    def wait(self) -> None:
        """Until it takes connections; its address is the one it prints, with the token."""
        wait_for(self.process, self.port, self.log)
        self.url = printed_address(self.log)

    def stop(self) -> None:
        """Ends the process, and its workers with it."""
        stop(self.process)
