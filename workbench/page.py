"""The widgets become one page: case -> session -> widgets -> page.

The same `Workbench` is shown by `workbench serve`, by `panel serve workbench/app.py` and by a notebook cell.
"""

import secrets
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import panel as pn
import param

from workbench.case import Case
from workbench.page_dialogs import Dialogs, Host, OtherCases
from workbench.page_layout import WIDE, PageLayout, WholePage, card
from workbench.review import texts
from workbench.review.background_jobs import open_case
from workbench.review.reconciliation import Reconciling
from workbench.review.sample_review import SampleReview
from workbench.review.session import Session
from workbench.widgets import offline
from workbench.widgets.actions import Actions
from workbench.widgets.capture import Capture
from workbench.widgets.cell_editor import CellEditor
from workbench.widgets.connection import Connection
from workbench.widgets.drop import Drop
from workbench.widgets.editor import Editor
from workbench.widgets.filters import FilterBar
from workbench.widgets.foot import Foot
from workbench.widgets.keys import Keys
from workbench.widgets.markup import styles, when_loaded
from workbench.widgets.news import look_for_news
from workbench.widgets.notices import Notices
from workbench.widgets.reconciliation import Reconciliation
from workbench.widgets.sample_check import SampleCheck
from workbench.widgets.sheets import Sheets
from workbench.widgets.summary import Summary
from workbench.widgets.table import Table
from workbench.widgets.viewer import Viewer
from workbench.widgets.who import Who


class Workbench(pn.viewable.Viewer):
    """The page for one case: put it last in a notebook cell, or serve it."""

    dark = param.Boolean(False, doc="Whether dark colours are used.")

    @offline.plainly
    def __init__(
        self, case: Case | str | Path, user: str = "", only: Iterable[str] | None = None, *, title: str = "",
        height: int | None = 820, host: Host | None = None, **params: Any,
    ) -> None:  # fmt: skip
        """`only` shows receipts of those ids alone. With a `height` in px it is a part of something, as a notebook's
        cell, and keeps keys and drops to its own area; None is a window with nothing else in it.
        """
        super().__init__(**params)
        host, self._inside = host or Host(), height is not None
        self.case = case if isinstance(case, Case) else open_case(case)
        may_delete = host.case_dialog is None or host.case_dialog.own
        self.session = Session(self.case, user or self.case.user, only, may_delete=may_delete)
        self._scope = f"rw-{secrets.token_hex(4)}"
        self._height = f"{height}px" if self._inside else "100vh"
        self.dialogs = Dialogs(self.session, host)
        self._make_places()
        who = Who(self.session, known=bool(user) or self._inside)
        self._actions = Actions(self.session, title or self.case.folder.name, self._buttons(), who)
        if host.case_dialog is not None:
            host.case_dialog.param.watch(lambda event: setattr(self._actions, "title", event.new), "heading")
        verbs, follow = self._verbs(), "dark" not in params
        self.keys = Keys(self.session, verbs, inside=self._inside, dark=self.dark, follow=follow, scope=self._scope)
        self.keys.param.watch(lambda event: setattr(self, "dark", event.new), "dark")
        self._notices = Notices(self.session)
        self._layout = self._laid_out()

    def _make_places(self) -> None:
        """The three panes of the review, and the other places of the page."""
        session, dialogs, where = self.session, self.dialogs, {"scope": self._scope}
        self.viewer, self.table = Viewer(session), Table(session)
        self.cell_editor = CellEditor(session, **where)
        ask = dialogs.ask
        self.editor = Editor(session, partial(ask, "past"), partial(ask, "beside"), **where)
        clear, delete = partial(ask, "clearing", "ask"), partial(ask, "deleting", "ask")
        self.filters = FilterBar(session, clear=clear, delete=delete, aside=partial(ask, "aside"), **where)
        samples = SampleReview(session)
        lists = Reconciling(session, samples)
        self._drop = Drop(session, lists.intake, inside=self._inside, **where)
        self._capture = None if self._inside else Capture(session, leads=True, scope=self._scope)
        self.places = {
            "sheets": Sheets(session, **where),
            "lists": Reconciliation(lists, **where),
            "samples": SampleCheck(samples, **where),
            "summary": Summary(session),
        }

    def _buttons(self) -> dict[str, Callable[[], None]]:
        """What the buttons of the bar do; a notebook has a theme of its own."""
        return self.dialogs.openers() | ({} if self._inside else {"theme": self._switch_lights})

    def _verbs(self) -> dict[str, Callable[[], None]]:
        """What keys do beside the session's verbs."""
        return {
            "fit": self.viewer.fit,
            "rotate": self.viewer.rotate,
            "clear": lambda: setattr(self.viewer, "clear", not self.viewer.clear),
            "help": partial(self.dialogs.ask, "help", "toggle"),
            "escape": self._escape,
            "history": partial(self.dialogs.ask, "past"),
            "beside": partial(self.dialogs.ask, "beside"),
            "sheets": self._switch_sheets,
        }

    def _switch_sheets(self) -> None:
        self.session.place = "review" if self.session.place == "sheets" else "sheets"

    def _switch_lights(self) -> None:
        self.dark = not self.dark

    @param.depends("dark", watch=True)
    def _relight(self) -> None:
        self.keys.dark = self.dark
        self._layout.styles = self._root_styles()

    def _root_styles(self) -> dict[str, str]:
        return {
            "color-scheme": "dark" if self.dark else "light",
            "height": self._height,
            "min-height": self._height,
        }  # a notebook's cell has no height of its own, and would let it shrink

    def _escape(self) -> None:
        self.session.area_mode = False
        self.dialogs.escape()

    def _laid_out(self) -> pn.viewable.Viewable:
        listed = pn.Column(self._drop, card(self.filters, self.table, Foot(self.session)), **WIDE)
        desk = PageLayout(
            self.session, (listed, card(self.viewer), card(self.editor)), self.places,
            (self._actions, self._notices.banner), self._capture, self._scope,
        )  # fmt: skip
        connection = Connection(self.session, inside=self._inside)
        return pn.Column(
            *desk.parts, self._notices.toasts, self.keys, self.cell_editor, connection, self.dialogs.shelf,
            css_classes=["rw-root", self._scope], stylesheets=styles("bars"), styles=self._root_styles(), **WIDE,
        )  # fmt: skip

    def close(self) -> None:
        """Lets go of what the page holds on the disk; for when it is gone."""
        self._drop.end()
        self.dialogs.end()

    def __panel__(self) -> pn.viewable.Viewable:
        when_loaded(self._begin)
        return self._layout

    def _begin(self) -> None:
        self._looking = look_for_news(self.session)
        self.keys.ready = True


@offline.plainly
def workbench_page(case: Case, user: str = "", title: str = "", host: Host | None = None) -> WholePage:
    """A whole page showing `case` under `title` (else the name of its folder)."""
    title, host = title or case.folder.name, host or Host(alone=False)
    shown = host.case_dialog.heading if host.case_dialog else title
    bench = Workbench(case, user, height=None, title=shown, host=host)
    said = _said_at_first(bench.session, host.case_dialog)
    if pn.state.curdoc is not None:
        pn.state.on_session_destroyed(lambda _: bench.close())
    if said:  # a word said before the page can hear is lost
        pn.state.onload(lambda: bench.session.notify("info", "\n".join(said)))
    if not any(receipt.status != "waiting" for receipt in bench.session.receipts):
        when_loaded(case.warm)  # the browser wants a core first
    return WholePage(f"{title} · {texts.APP}", bench)


def _said_at_first(session: Session, case_dialog: OtherCases | None) -> list[str]:
    """What an earlier session left undone, and how long the case stays."""
    said = [case_dialog.notice()] if case_dialog is not None and case_dialog.notice() else []
    waiting = sum(receipt.status == "waiting" for receipt in session.receipts)
    if waiting and not session.reading.running:
        said.append(texts.UNFINISHED.format(count=waiting))
    if unasked := session.left_unasked():
        said.append(texts.UNASKED.format(count=unasked))
    return said


def start() -> None:
    """Loads what the page needs in the browser; call it once, in the served file or the notebook."""
    offline.start("tabulator")
