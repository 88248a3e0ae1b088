"""The export dialog: what, of which rows; made on disk, then sent in pieces through the page's own connection."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import panel as pn

from workbench.domain.korean import KST
from workbench.domain.model import Receipt, TaxRecord
from workbench.pipeline.export.encodings import ENCODINGS
from workbench.pipeline.export.layouts.layout import Layout
from workbench.review import texts
from workbench.review.export_choice import ExportChoice, layouts
from workbench.review.session import Session
from workbench.widgets.dialog import STRETCHED, Dialog, Tick, button, column, look, row
from workbench.widgets.markup import Markup, styles
from workbench.widgets.radios import Radios
from workbench.widgets.sender import Sender

PICTURED = ("pdf", "xlsx")
"""Choices that can hold pictures."""


def _title(name: str, layout: Layout) -> str:
    """A layout's name; one of somebody's own with its file's name behind, since a copy is named as its original."""
    return f"{layout.name} ({Path(name).stem})" if name.endswith(".toml") else layout.name


class Export(pn.viewable.Viewer):
    """Choosing what to leave with; what must be known of the file is said before it is made."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._busy = self._gone = False
        self._folder: Path | None = None
        self._complaints: list[str] = []
        self._what = Radios(texts.EXPORT, {text: what for what, text in texts.EXPORT_WHAT.items()}, "csv")
        encodings = {text: name for name, text in ENCODINGS.items()}
        self._encoding = Radios(texts.EXPORT_ENCODING, encodings, "utf-8-sig", inline=True)
        self._pictures = Tick(texts.EXPORT_PICTURES, visible=False)
        self._layout = pn.widgets.Select(label=texts.EXPORT_LAYOUT, visible=False, **look())
        self._asks: dict[str, Any] = {}
        self.cards = pn.widgets.TextAreaInput(
            label=texts.EXPORT_CARDS, placeholder=texts.EXPORT_CARDS_HINT, rows=2, max_length=100_000, **look()
        )
        self._more = pn.Column(pn.Spacer(height=0), visible=False, **STRETCHED)
        self._scope = Radios(texts.EXPORT_ROWS, {}, "all", inline=True)
        self._note = Markup("", stylesheets=styles("sheet"), **STRETCHED)
        self._bar = pn.indicators.Progress(value=0, max=100, active=False, visible=False, **look())
        self._go = button(texts.EXPORT_GO, self._start, "primary")
        self._sender = Sender()
        self._sender.param.watch(self._sending, "sent")
        self._what.param.watch(lambda _: self._ask(), "value")
        self._layout.param.watch(lambda _: self._ask(), "value")
        for widget in (self._scope, self._encoding, self._pictures, self.cards):
            widget.param.watch(lambda _: self._preview(), "value")
        self._dialog = self._laid_out()

    def _laid_out(self) -> Dialog:
        buttons = row(pn.layout.HSpacer(), button(texts.CLOSE, self.close), self._go)
        asked = (self._scope, self._what, self._encoding, self._pictures, self._layout, self._more)
        return Dialog(column(*asked, self._note, self._bar, buttons), texts.EXPORT)

    def open(self) -> None:
        """Asks what to export."""
        session = self._session
        counts = {"all": len(session.receipts), "shown": len(session.rows), "marked": len(session.marked)}
        scopes = {texts.EXPORT_SCOPE[name].format(count=count): name for name, count in counts.items() if count}
        if not scopes:
            session.notify("info", texts.EXPORT_NOTHING)
            return
        wanted = "shown" if session.filter.active and "shown" in scopes.values() else "all"
        self._scope.param.update(options=scopes, value=wanted)
        self._ask()
        self._dialog.open = True

    def close(self) -> None:
        """Puts the dialog away; what is being made goes on. Card numbers are forgotten."""
        self._dialog.open = False
        self.cards.value = ""

    def _ask(self) -> None:
        """Shows the questions that the choice brings."""
        what = self._what.value
        self._encoding.visible = what == "csv"
        self._pictures.visible = what in PICTURED
        self._layout.visible = self._more.visible = what == "layout"
        if what == "layout":
            self._more[:] = self._questions(self._known_layouts()[self._layout.value]) or [pn.Spacer(height=0)]
        self._preview()

    def _known_layouts(self) -> dict[str, Layout]:
        """All there are, offered for choice; one that somebody has just put into the folder is there at once."""
        known, self._complaints = layouts(self._session.case.settings.home)
        options = {_title(name, layout): name for name, layout in known.items()}
        if options != self._layout.options:
            wanted = self._layout.value if self._layout.value in known else next(iter(known))
            self._layout.param.update(options=options, value=wanted)
        return known

    def _questions(self, layout: Layout) -> list[Any]:
        """A box for each thing that the layout asks for, and for the cards where it needs their full numbers."""
        self._asks = {
            ask.name: pn.widgets.TextInput(
                label=ask.label, placeholder=ask.example, value=self._said(ask.name), **look()
            )
            for ask in layout.asks
        }
        for box in self._asks.values():
            box.param.watch(lambda _: self._preview(), "value")
        records = layout.records
        columns = layout.columns if records is None else records.detail
        return [*self._asks.values(), *([self.cards] if any(c.value == "card_digits" for c in columns) else [])]

    def _said(self, name: str) -> str:
        return str(self._asks[name].value) if name in self._asks else ""

    def _choice(self) -> ExportChoice:
        return ExportChoice(
            str(self._what.value),
            str(self._encoding.value),
            bool(self._pictures.value) and self._what.value in PICTURED,
            str(self._layout.value or ""),
            {name: str(box.value_input or box.value) for name, box in self._asks.items()},
            str(self.cards.value_input or self.cards.value),
        )

    def _chosen(self) -> Sequence[Receipt]:
        session = self._session
        if self._scope.value == "marked":
            marked = set(session.marked)
            return tuple(receipt for receipt in session.receipts if receipt.id in marked)
        shown: Sequence[Receipt] = session.rows if self._scope.value == "shown" else session.receipts
        return shown

    def _preview(self) -> None:
        """Says what must be known before the file is made; what cannot be made cannot be asked for."""
        if self._busy:
            return
        possible, said = self._choice().preview(self._chosen())
        said += self._complaints if self._what.value == "layout" else []
        if any(isinstance(r.tax, TaxRecord) and r.tax.source != "nts" for r in self._session.receipts):
            said = [*said, f"△ {texts.EXPORT_MOCK}"]
        first = "warn" if said and (self._what.value == "layout" or not possible or said[0].startswith("△")) else ""
        self._note.object = "".join(
            f'<p class="{first if number == 0 else ""}">{escape(sentence)}</p>' for number, sentence in enumerate(said)
        )
        self._go.disabled = not possible

    def _start(self) -> None:
        if self._busy:
            return
        session, choice, chosen = self._session, self._choice(), self._chosen()
        self._busy, self._go.disabled, self._bar.visible = True, True, True
        name = f"{session.case.folder.name}{choice.label}_{datetime.now(KST):%Y%m%d_%H%M}{choice.ending}"

        def make() -> Path:
            # Not in the case: what a crash leaves behind goes with the system's temporary files.
            path = Path(tempfile.mkdtemp(prefix="workbench-export-")) / f"export{choice.ending}"
            parts = session.case.export_steps(chosen, path, choice.options(), session.user)
            self._folder = path.parent
            try:
                for step in parts:
                    if self._gone:
                        break
                    session.tell_from_background(lambda step=step: self._making(step.done, step.total))  # type: ignore[misc]  # bound at once
            except BaseException:
                shutil.rmtree(path.parent, ignore_errors=True)
                raise
            if self._gone:  # nobody is left to take it
                parts.close()  # type: ignore[attr-defined]  # a generator
                shutil.rmtree(path.parent, ignore_errors=True)
            return path

        session.run_in_background(make, lambda path: self._made(path, name), self._over)

    def _making(self, done: int, total: int) -> None:
        self._bar.value = round(100 * done / max(1, total))
        self._note.object = f"<p>{texts.EXPORT_MAKING.format(done=done, total=total)}</p>"

    def _made(self, path: Path, name: str) -> None:
        self._folder = None
        self._over()
        try:
            self._sender.send(path, name)
        except OSError:
            self._session.notify("error", texts.EXPORT_LOST)
        else:
            self._session.notify("success", texts.EXPORT_DONE.format(name=name))

    def _sending(self, event: Any) -> None:
        self._bar.value = round(100 * event.new)
        self._note.object = (
            f"<p>{texts.EXPORT_SENDING.format(percent=round(100 * event.new))}</p>" if event.new < 1 else ""
        )

    def _over(self) -> None:
        self._busy, self._go.disabled, self._bar.visible = False, False, False

    def end(self) -> None:
        """Its page is gone: what is made or sent for it goes, too."""
        self._gone = True
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._sender.end()

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Row(self._dialog, self._sender, width=0, height=0, margin=0)
