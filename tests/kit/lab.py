"""JupyterLab as a process of its own, with a notebook whose one cell opens the workbench on a case."""

import json
import secrets
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from playwright.sync_api import Page, expect

from tests.kit.processes import environment, free_port, stop, wait_for
from tests.kit.screen import PATIENCE

CELL = """
from workbench import Case
from workbench.app import Workbench, start
start()
case = Case.open({case!r})
bench = Workbench(case, height=700)
bench
"""
OFFLINE = (
    "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)  # fmt: skip


class Lab:
    """Up when entered, gone when left; `url` is the notebook's. Works in `folder`, writes no settings elsewhere."""

    def __init__(self, folder: Path, case: Path, cell: str = CELL) -> None:
        self.port, token = free_port(), secrets.token_hex(8)
        self.url = f"http://127.0.0.1:{self.port}/lab/tree/screen.ipynb?token={token}&reset"
        source = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": []}
        notebook = {
            "cells": [{**source, "source": cell.format(case=str(case))}],
            "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (folder / "screen.ipynb").write_text(json.dumps(notebook), "utf-8")
        places = {"CONFIG_DIR": "JUPYTER_CONFIG_DIR", "DATA_DIR": "JUPYTER_DATA_DIR"}
        places |= {"SETTINGS": "JUPYTERLAB_SETTINGS_DIR", "WORKSPACES": "JUPYTERLAB_WORKSPACES_DIR"}
        own = {variable: str(folder / "home" / name) for name, variable in places.items()}
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={self.port}",
            "--port-retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}", *OFFLINE,
        ]  # fmt: skip
        self._log = folder / "lab.log"
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=folder, env=environment(**own), stdout=output, stderr=subprocess.STDOUT
            )

    def __enter__(self) -> "Lab":
        wait_for(self._process, self.port, self._log)
        return self

    def run_first_cell(self, page: Page) -> None:
        """Opens the notebook and runs its first cell, again where it was not taken; back as soon as it is.

        Before it has a kernel, JupyterLab calls it idle and lets whatever is run go lost, without a word.
        """
        page.goto(self.url)
        cell = page.locator(".jp-Notebook .jp-CodeCell").first
        for attempt in range(12):
            cell.locator(".cm-content").click(timeout=2 * PATIENCE)
            page.keyboard.press("Control+Enter")
            try:
                expect(cell.locator(".jp-InputPrompt")).not_to_have_text("[ ]:", timeout=5_000)
                return
            except AssertionError:
                if attempt == 11:
                    raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        stop(self._process)
