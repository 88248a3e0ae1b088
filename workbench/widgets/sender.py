"""Sends a file to the browser in pieces, through the page's own connection."""

import shutil
from pathlib import Path
from typing import IO, Any

import param

from workbench.widgets.markup import Scripted, asset

PIECE = 1 << 20
TYPES = {
    ".csv": "text/csv;charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".zip": "application/zip",
}


class Sender(Scripted):
    """Sends one file to the browser at a time, a piece whenever the last one has been taken."""

    sent = param.Number(0.0, doc="How much of the file has gone, 0..1.")

    _esm = asset("download.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)
        self._file: IO[bytes] | None = None
        self._name, self._size, self._number = "", 0, 0
        self._folder: Path | None = None

    def send(self, path: Path, name: str) -> None:
        """Sends the file under `name` and deletes it when it has gone."""
        self.end()
        self._name, self._size, self._number = name, path.stat().st_size, 0
        self._file = path.open("rb")
        self._folder = path.parent
        # The bytes stay as long as the handle is open, so nothing is left behind whatever happens; only Windows waits.
        shutil.rmtree(self._folder, ignore_errors=True)
        self._piece()

    def _piece(self) -> None:
        if self._file is None:
            return
        data = self._file.read(PIECE)
        last = self._file.tell() >= self._size
        message = {
            "number": self._number,
            "data": data,
            "last": last,
            "name": self._name,
            "type": TYPES.get(Path(self._name).suffix, "application/octet-stream"),
        }
        self.sent = self._file.tell() / self._size if self._size else 1.0
        if last:
            self.end()
        self._send_msg(message)
        self._number += 1

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        self._piece()

    def end(self) -> None:
        """Lets go of what is being sent."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
