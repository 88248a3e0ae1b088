"""The top bar: what the whole pile needs. Start and stop, how far it is, tax, export, and the page's own switches."""

from collections import Counter
from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn
import param

from workbench.review import capture_texts, list_texts, sheet_texts, texts
from workbench.review.session import Session
from workbench.widgets.bar import Bar, button, choice, progress, words
from workbench.widgets.markup import styles

PLACES = {
    texts.TAB_REVIEW: "review",
    sheet_texts.TAB: "sheets",
    list_texts.TAB: "lists",
    list_texts.SAMPLE_TAB: "samples",
    texts.TAB_SUMMARY: "summary",
}
DIALOGS = (
    ("cases", texts.CASES, "folder_shared", "icon"),
    ("requery", texts.REQUERY, "account_balance", "quiet"),
    ("export", texts.EXPORT, "file_download", "quiet"),
    ("new", texts.NEW_BATCH, "create_new_folder", "quiet"),
    ("phone", capture_texts.OPEN, "add_a_photo", "icon"),
    ("theme", texts.THEME, "contrast", "icon"),
    ("settings", texts.SETTINGS, "settings", "icon"),
    ("help", texts.HELP, "help_outline", "icon"),
)


class Actions(pn.viewable.Viewer):
    """Buttons for the session's verbs; `dialogs` open what asks first: new, export, settings, help, theme."""

    title = param.String(doc="The name of the case.")

    def __init__(self, session: Session, title: str, dialogs: dict[str, Callable[[], None]], who: Any = None,
                 **params: Any) -> None:  # fmt: skip
        """`who` is the part that shows and asks who reviews."""
        super().__init__(title=title, **params)
        self._session, self._who, self._dialogs = session, who, dialogs
        verbs: dict[str, Callable[[str], object]] = {
            "place": lambda what: setattr(session, "place", what) if what in PLACES.values() else None,
            "start": lambda _: session.read_waiting(),
            "stop": lambda _: session.stop(),
        }
        self._pile = Bar(verbs, height=48, styles={"flex": "1 1 auto", "min-width": "min-content"})
        opened = {name: (lambda _, act=act: act()) for name, act in dialogs.items()}
        steps = {"undo": lambda _: session.undo(), "redo": lambda _: session.redo(), "requery": self._ask}
        self._doing = Bar({**steps, **opened}, height=48)
        session.param.watch(self._draw, ["reading", "receipts", "asking", "steps", "marked", "chosen", "place"])
        self.param.watch(self._draw, "title")
        self._draw()

    def _draw(self, *_: object) -> None:
        for bar, items in ((self._pile, self._of_the_pile()), (self._doing, self._for_the_page())):
            if items != bar.items:
                bar.items = items

    def _of_the_pile(self) -> list[dict[str, Any]]:
        session, now = self._session, self._session.reading
        states = session.overview.states
        logo = '<span class="logo" aria-hidden="true">₩</span>'
        percent = round(100 * now.done / now.total) if now.done and now.total else None
        return [
            words("brand", f'<h1 class="brand">{logo}<span class="case">{escape(self.title)}</span></h1>'),
            choice("place", texts.PLACES, PLACES, session.place),
            button(
                "start", texts.START, "play_arrow", "primary", hidden=now.running, disabled=not states["waiting"]
            ),
            button("stop", texts.STOP, "stop", "danger", hidden=not now.running, disabled=now.stopping),
            words("standing", self._standing(states)),
            progress("progress", texts.TAB_REVIEW, percent, hidden=not now.running),
        ]  # fmt: skip

    def _for_the_page(self) -> list[dict[str, Any]]:
        undo, redo = self._session.steps
        more: dict[str, dict[str, Any]] = {"requery": {"menu": self._items(), "busy": self._session.asking}}
        return [
            button("undo", f"{texts.UNDO}: {undo}" if undo else texts.UNDO, "undo", disabled=not undo),
            button("redo", f"{texts.REDO}: {redo}" if redo else texts.REDO, "redo", disabled=not redo),
            *(
                button(verb, label, icon, look, **more.get(verb, {}))
                for verb, label, icon, look in DIALOGS
                if verb == "requery" or verb in self._dialogs
            ),
        ]

    def _standing(self, states: Counter[str]) -> str:
        session, reading = self._session, self._session.reading
        total = len(session.receipts)
        if reading.running:
            parts = [f"<b>{texts.READING.format(done=reading.done, total=reading.total)}</b>"]
            if reading.stopping:
                parts.append(texts.STOPPING)
            elif reading.place:
                parts.append(texts.QUEUED.format(place=reading.place))
            elif not reading.done:
                parts.append(texts.STARTING)
            elif reading.seconds_left is not None:
                parts.append(texts.TIME_LEFT.format(left=texts.duration(reading.seconds_left)))
            if reading.failed:
                parts.append(f'<span class="bad">✕ {texts.FAILED_COUNT.format(count=reading.failed)}</span>')
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

    def _items(self) -> list[list[str]]:
        session = self._session
        queries = session.overview.queries
        found = [
            ["new", texts.REQUERY_NEW.format(count=queries["new"])],
            ["failed", texts.REQUERY_FAILED.format(count=queries["failed"])],
        ]
        if session.marked:
            found.append(["marked", texts.REQUERY_MARKED.format(count=len(session.marked))])
        if session.chosen:
            found.append(["this", texts.REQUERY_THIS])
        return found

    def _ask(self, what: str) -> None:
        session = self._session
        if what == "this":
            session.look_up([session.chosen])
        elif what == "marked":
            session.look_up(session.marked)
        elif what in ("new", "failed"):
            session.look_up(failed=what == "failed")

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Row(
            self._pile, *([self._who] if self._who is not None else []), self._doing,
            sizing_mode="stretch_width", height=48, margin=0,
            styles={"gap": "5px", "padding": "0 10px", "overflow-x": "auto", "scrollbar-width": "none"},
            css_classes=["rw-top"], stylesheets=styles("bars"),
        )  # fmt: skip
