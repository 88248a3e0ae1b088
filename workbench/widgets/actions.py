"""The top bar: what the whole pile needs. Start and stop, how far it is, tax, export, and the page's own switches."""

from collections import Counter
from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from workbench.review import capture_texts, filters, list_texts, sheet_texts, texts
from workbench.review.session import Session
from workbench.widgets.markup import Markup, styles

MIDDLE = {"size": "small", "margin": 0, "align": "center"}
ICON_ONLY = {
    "fontSize": 0, "minWidth": 34, "px": "6px", "& .MuiButton-icon": {"m": 0},
    "& .material-icons, & .material-icons-outlined, & .MuiIcon-root": {"fontSize": "20px !important"},
}  # fmt: skip
NARROW = {"@media (max-width: 1100px)": ICON_ONLY}
"""In a small window buttons keep their pictures alone; their names stay for screen readers and on hovering."""
PLACES = {
    texts.TAB_REVIEW: "review", sheet_texts.TAB: "sheets", list_texts.TAB: "lists", list_texts.SAMPLE_TAB: "samples",
    texts.TAB_SUMMARY: "summary",
}  # fmt: skip
QUIET = {"variant": "text", "color": "default", "sx": {"color": "text.primary", **NARROW}, **MIDDLE}


class Actions(pn.viewable.Viewer):
    """Buttons for the session's verbs; `dialogs` open what asks first: new, export, settings, help, theme."""

    title = param.String(doc="The name of the case.")

    def __init__(self, session: Session, title: str, dialogs: dict[str, Callable[[], None]], who: Any = None,
                 **params: Any) -> None:  # fmt: skip
        """`who` is the part that shows and asks who reviews."""
        super().__init__(title=title, **params)
        self._session, self._who = session, who
        self._brand = Markup("", margin=0, align="center", stylesheets=styles("actions"))
        self._start = pmui.Button(
            icon="play_arrow", label=texts.START, color="primary", variant="contained", disable_elevation=True,
            sx=NARROW, **MIDDLE,
        )  # fmt: skip
        self._stop = pmui.Button(icon="stop", label=texts.STOP, color="error", variant="outlined", sx=NARROW, **MIDDLE)
        self._text = Markup(
            "", margin=0, align="center", styles={"min-width": "0", "flex": "0 1 auto"}, stylesheets=styles("actions")
        )
        self._bar = pmui.LinearProgress(value=0, width=150, align="center", margin=(0, 4), variant="determinate")
        self._undo = pmui.IconButton(icon="undo", description=texts.UNDO, **MIDDLE)
        self._redo = pmui.IconButton(icon="redo", description=texts.REDO, **MIDDLE)
        self._requery = pmui.MenuButton(label=texts.REQUERY, icon="account_balance", items=[], **QUIET)
        self._start.on_click(lambda _: session.read_waiting())
        self._stop.on_click(lambda _: session.stop())
        self._undo.on_click(lambda _: session.undo())
        self._redo.on_click(lambda _: session.redo())
        self._requery.on_click(self._ask)
        self._dialogs, self._place = dialogs, _places(session)
        session.param.watch(self._draw, ["progress", "receipts", "asking", "steps", "marked", "chosen"])
        self._draw()
        self._name()

    @param.depends("title", watch=True)
    def _name(self) -> None:
        logo = '<span class="logo" aria-hidden="true">₩</span>'
        self._brand.object = f'<h1 class="brand">{logo}<span class="case">{escape(self.title)}</span></h1>'

    def _draw(self, *_: object) -> None:
        session = self._session
        progress = session.progress
        states = Counter(filters.state_of(receipt) for receipt in session.receipts)
        self._start.visible, self._stop.visible = not progress.running, progress.running
        self._start.disabled = not states["waiting"]
        self._stop.disabled = progress.stopping
        self._bar.visible = progress.running
        if progress.running:
            self._bar.variant = "determinate" if progress.done else "indeterminate"
            self._bar.value = round(100 * progress.done / progress.total) if progress.total else 0
        text = self._standing(states)
        if text != self._text.object:
            self._text.object = text
        (undo, redo) = session.steps
        self._undo.disabled, self._redo.disabled = not undo, not redo
        self._undo.description = f"{texts.UNDO}: {undo}" if undo else texts.UNDO
        self._redo.description = f"{texts.REDO}: {redo}" if redo else texts.REDO
        self._requery.loading = session.asking
        items = self._items()
        if items != self._requery.items:
            self._requery.items = items

    def _standing(self, states: Counter[str]) -> str:
        session, progress = self._session, self._session.progress
        total = len(session.receipts)
        if progress.running:
            parts = [f"<b>{texts.READING.format(done=progress.done, total=progress.total)}</b>"]
            if progress.stopping:
                parts.append(texts.STOPPING)
            elif progress.place:
                parts.append(texts.QUEUED.format(place=progress.place))
            elif not progress.done:
                parts.append(texts.STARTING)
            elif progress.seconds_left is not None:
                parts.append(texts.TIME_LEFT.format(left=texts.duration(progress.seconds_left)))
            if progress.failed:
                parts.append(f'<span class="bad">✕ {texts.FAILED_COUNT.format(count=progress.failed)}</span>')
        else:
            parts = (
                [
                    texts.STANDING.format(
                        all=total, open=states["open"], approved=states["approved"] + states["confirmed"]
                    )
                ]
                if total
                else []
            )
            if states["failed"]:
                parts.append(f'<span class="bad">✕ {texts.FAILED_COUNT.format(count=states["failed"])}</span>')
            if session.asking:
                parts.append(texts.ASKING)
        return f'<div class="standing" role="status" aria-live="polite">{" · ".join(parts)}</div>'

    def _items(self) -> list[dict[str, Any]]:
        session = self._session
        failed = sum(filters.tax_failed(receipt) for receipt in session.receipts)
        fresh = sum(r.tax is None and r.value("business_number") is not None for r in session.receipts)
        found = [("new", texts.REQUERY_NEW.format(count=fresh), "fiber_new")]
        found.append(("failed", texts.REQUERY_FAILED.format(count=failed), "replay"))
        if session.marked:
            found.append(("marked", texts.REQUERY_MARKED.format(count=len(session.marked)), "checklist"))
        if session.chosen:
            found.append(("this", texts.REQUERY_THIS, "receipt"))
        return [{"label": label, "icon": icon, "what": what} for what, label, icon in found]

    def _ask(self, item: Any) -> None:
        session = self._session
        what = item.get("what") if isinstance(item, dict) else None
        if what == "this":
            session.look_up([session.chosen])
        elif what == "marked":
            session.look_up(session.marked)
        elif what is not None:
            session.look_up(failed=what == "failed")

    def __panel__(self) -> pn.viewable.Viewable:
        def icon(name: str, label: str, verb: str) -> Any:
            button = pmui.IconButton(icon=name, description=label, **MIDDLE)
            button.on_click(lambda _: self._dialogs[verb]())
            return button

        def quiet(name: str, label: str, verb: str) -> Any:
            button = pmui.Button(icon=name, label=label, **QUIET)
            button.on_click(lambda _: self._dialogs[verb]())
            return button

        cases = [icon("folder_shared", texts.CASES, "cases")] if "cases" in self._dialogs else []
        phone = [icon("add_a_photo", capture_texts.OPEN, "phone")] if "phone" in self._dialogs else []
        theme = [icon("contrast", texts.THEME, "theme")] if "theme" in self._dialogs else []
        buttons = [
            *cases,
            self._requery,
            quiet("file_download", texts.EXPORT, "export"),
            quiet("create_new_folder", texts.NEW_BATCH, "new"),
            *phone,
            *theme,
            icon("settings", texts.SETTINGS, "settings"),
            icon("help_outline", texts.HELP, "help"),
        ]
        return pn.Row(
            self._brand, self._place, self._start, self._stop, self._text, self._bar, pn.layout.HSpacer(),
            *([self._who] if self._who is not None else []),
            self._undo, self._redo, *buttons,
            sizing_mode="stretch_width", height=48, margin=0,
            styles={"gap": "5px", "padding": "0 10px", "overflow-x": "auto", "scrollbar-width": "none"},
            css_classes=["rw-top"], stylesheets=styles("bars"),
        )  # fmt: skip


def _places(session: Session) -> Any:
    """The tabs: which place of the page is shown."""
    narrow = {"& button": {"white-space": "nowrap", "@media (max-width: 800px)": {"px": "6px"}}}
    tabs = pmui.RadioButtonGroup(options=PLACES, value=session.place, sx=narrow, **MIDDLE)
    tabs.param.watch(lambda event: setattr(session, "place", event.new), "value")
    session.param.watch(lambda event: setattr(tabs, "value", event.new), "place")
    return tabs
