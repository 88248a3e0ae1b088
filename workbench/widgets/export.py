"""The export dialog: what, of which rows; made on disk, then sent in pieces through the page's own connection."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import panel as pn
import panel_material_ui as pmui
import param

from workbench.domain.model import TaxRecord
from workbench.pipeline.export.writers import steps, write_zip_originals, write_zip_pictures
from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.markup import ASSETS, Markup, Scripted, styles

PIECE = 1 << 20
TYPES = {
    ".csv": "text/csv;charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".zip": "application/zip",
}


ONE_LINE = {"white-space": "nowrap", "& button": {"white-space": "nowrap"}}
FOOT = {"margin": (8, 10), "styles": {"gap": "8px"}, "sizing_mode": "stretch_width"}


class Sender(Scripted):
    """Sends one file to the browser at a time, a piece whenever the last one has been taken."""

    sent = param.Number(0.0, doc="How much of the file has gone, 0..1.")

    _esm = ASSETS / "download.js"

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
            "type": TYPES[Path(self._name).suffix],
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


class Export(pn.viewable.Viewer):
    """Choosing what to leave with; a large ZIP shows how far it is."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._busy = self._gone = False
        self._what = pmui.RadioBoxGroup(
            options={text: what for what, text in texts.EXPORT_WHAT.items()}, value="csv", margin=(0, 10)
        )
        self._scope = pmui.RadioButtonGroup(options={"": "all"}, value="all")
        self._scopes = pn.Row(margin=(4, 10))
        self._note = Markup("", stylesheets=styles("sheet"), sizing_mode="stretch_width", margin=(2, 10))
        self._bar = pmui.LinearProgress(value=0, visible=False, sizing_mode="stretch_width", margin=(4, 10))
        self._go = pmui.Button(
            label=texts.EXPORT_GO, icon="file_download", color="primary", margin=0, disable_elevation=True
        )
        self._go.on_click(lambda _: self._start())
        self._sender = Sender()
        self._sender.param.watch(self._sending, "sent")
        close = pmui.Button(label=texts.CLOSE, variant="text", margin=0)
        close.on_click(lambda _: self.close())
        self._dialog = pmui.Dialog(
            pn.Column(
                self._scopes, self._what, self._note, self._bar,
                pn.Row(pn.layout.HSpacer(), close, self._go, **FOOT),
                sizing_mode="stretch_width",
            ),
            title=texts.EXPORT, close_on_click=True, width_option="sm",
        )  # fmt: skip

    def open(self) -> None:
        """Asks what to export."""
        session = self._session
        counts = {"all": len(session.receipts), "shown": len(session.rows), "marked": len(session.marked)}
        scopes = {texts.EXPORT_SCOPE[name].format(count=count): name for name, count in counts.items() if count}
        if not scopes:
            session.say("info", texts.EXPORT_NOTHING)
            return
        wanted = "shown" if session.filter.active and "shown" in scopes.values() else "all"
        # A new widget each time: with new options but the same value the browser shows none as chosen.
        self._scope = pmui.RadioButtonGroup(options=scopes, value=wanted, size="small", margin=0, sx=ONE_LINE)
        self._scopes[:] = [self._scope]
        mock = any(isinstance(r.tax, TaxRecord) and r.tax.source != "nts" for r in session.receipts)
        self._note.object = f'<p class="warn">△ {texts.EXPORT_MOCK}</p>' if mock else ""
        self._dialog.open = True

    def close(self) -> None:
        """Puts the dialog away; what is being made goes on."""
        self._dialog.open = False

    def _start(self) -> None:
        session, what = self._session, str(self._what.value)
        if self._busy:
            return
        chosen = {"all": session.receipts, "shown": session.rows}.get(str(self._scope.value))
        if chosen is None:
            marked = set(session.marked)
            chosen = tuple(receipt for receipt in session.receipts if receipt.id in marked)
        self._busy, self._go.disabled, self._bar.visible = True, True, True
        suffix = f".{what}" if f".{what}" in TYPES else ".zip"
        label = f"_{what}" if suffix == ".zip" else ""
        name = f"{session.case.folder.name}{label}_{datetime.now():%Y%m%d_%H%M}{suffix}"

        def make() -> Path:
            # Not in the case: what a crash leaves behind goes with the system's temporary files.
            path = Path(tempfile.mkdtemp(prefix="workbench-export-")) / f"export{suffix}"
            writers = {"originals": write_zip_originals, "pictures": write_zip_pictures}
            parts: Iterator[Any] = writers.get(what, steps)(chosen, path, session.case)
            for step in parts:
                if self._gone:
                    break
                session.tell_from_background(lambda step=step: self._making(step.done, step.total))  # type: ignore[misc]  # bound at once
            if self._gone:  # nobody is left to take it
                parts.close()  # type: ignore[attr-defined]  # a generator
                shutil.rmtree(path.parent, ignore_errors=True)
            return path

        session.run_in_background(make, lambda path: self._made(path, name), self._over)

    def end(self) -> None:
        """Its page is gone: what is made or sent for it goes, too."""
        self._gone = True
        self._sender.end()

    def _making(self, done: int, total: int) -> None:
        self._bar.value = round(100 * done / max(1, total))
        self._note.object = f"<p>{texts.EXPORT_MAKING.format(done=done, total=total)}</p>"

    def _made(self, path: Path, name: str) -> None:
        self._sender.send(path, name)
        self._session.say("success", texts.EXPORT_DONE.format(name=name))
        self._over()

    def _sending(self, event: Any) -> None:
        self._bar.value = round(100 * event.new)
        self._note.object = (
            f"<p>{texts.EXPORT_SENDING.format(percent=round(100 * event.new))}</p>" if event.new < 1 else ""
        )

    def _over(self) -> None:
        self._busy, self._go.disabled, self._bar.visible = False, False, False

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Row(self._dialog, self._sender, width=0, height=0, margin=0)
