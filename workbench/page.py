"""The widgets become one page: case -> session -> widgets -> page.

The same `Workbench` is shown by `workbench serve`, by `panel serve workbench/app.py` and by a notebook cell.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import panel as pn
import panel_material_ui as pmui
import param

from workbench.case import Case
from workbench.page_layout import WIDE, PageLayout, bare_page, card
from workbench.review import texts
from workbench.review.background_jobs import open_case
from workbench.review.reconciliation import Reconciling
from workbench.review.sample_review import SampleReview
from workbench.review.session import Session
from workbench.widgets import offline
from workbench.widgets.actions import Actions
from workbench.widgets.aside import Aside
from workbench.widgets.beside import Beside
from workbench.widgets.capture import Capture
from workbench.widgets.cell_editor import CellEditor
from workbench.widgets.clearing import Clearing
from workbench.widgets.connection import Connection
from workbench.widgets.deleting import Deleting
from workbench.widgets.drop import Drop
from workbench.widgets.editor import Editor
from workbench.widgets.export import Export
from workbench.widgets.filters import FilterBar
from workbench.widgets.foot import Foot
from workbench.widgets.help import Help
from workbench.widgets.keys import Keys
from workbench.widgets.learning import LearningPart
from workbench.widgets.markup import material, styles, when_loaded
from workbench.widgets.notices import Notices
from workbench.widgets.past import Past
from workbench.widgets.phone import PhoneDialog, Phones
from workbench.widgets.reconciliation import Reconciliation
from workbench.widgets.sample_check import SampleCheck
from workbench.widgets.settings import SettingsDrawer
from workbench.widgets.sheets import Sheets
from workbench.widgets.summary import Summary
from workbench.widgets.table import Table
from workbench.widgets.viewer import Viewer
from workbench.widgets.who import Who

TICK_MS = 200
"""How often a page looks for news: a row is on screen within 0.3 s of its reading."""


class OtherCases(Protocol):
    """The dialog of a person's other cases, where a server keeps them; a Panel object."""

    own: bool
    heading: str
    param: Any

    def open(self) -> None:
        """Shows the dialog."""

    def notice(self) -> str:
        """What the person should know when the page opens; "" for nothing."""


@dataclass(frozen=True, slots=True)
class Host:
    """What a server adds to the page: the person's other cases, and invitations for phones, where one can come.

    `alone`: nobody else reads with this machine's recogniser, so it may learn.
    """

    case_dialog: OtherCases | None = None
    phones: Phones | None = None
    alone: bool = True


class Workbench(pn.viewable.Viewer):
    """The page for one case: put it last in a notebook cell, or serve it."""

    dark = param.Boolean(False, doc="Whether dark colours are used.")

    def __init__(self, case: Case | str | Path, user: str = "", only: Iterable[str] | None = None, *,
                 title: str = "", inside: bool = True, height: int | str = 820, host: Host | None = None,
                 **params: Any) -> None:  # fmt: skip
        """`only` shows receipts of those ids alone; `inside` keeps keys and drops to the workbench's own area."""
        super().__init__(**params)
        host = host or Host()
        case_dialog, phones = host.case_dialog, host.phones
        self.case = case if isinstance(case, Case) else open_case(case)
        self.session = Session(
            self.case, user or self.case.user, only, may_delete=case_dialog is None or case_dialog.own
        )
        self._scope = f"rw-{secrets.token_hex(4)}"
        self._height = f"{height}px" if isinstance(height, int) else height
        session, where = self.session, {"scope": self._scope}
        self.viewer, self.table = Viewer(session), Table(session)
        self._cell_editor = CellEditor(session, **where)
        self._past, self._aside = Past(session), Aside(session)
        self._beside = Beside(session)
        self.editor = Editor(session, self._past.open, self._beside.open, **where)
        self.summary = Summary(session)
        self._clearing, self._deleting, self._export = Clearing(session), Deleting(session), Export(session)
        self._phone = None if phones is None else PhoneDialog(session, phones)
        learns = LearningPart(session) if host.alone else None
        self._settings, self._help = SettingsDrawer(session, local=case_dialog is None, more=learns), Help()
        doing = self._buttons(inside, case_dialog)
        who = Who(session, known=bool(user) or inside)
        self._actions = Actions(session, title or self.case.folder.name, doing, who)
        if case_dialog is not None:
            case_dialog.param.watch(lambda event: setattr(self._actions, "title", event.new), "heading")
        dialogs = [dialog for dialog in (case_dialog, self._phone) if dialog is not None]
        # Bokeh warns of a layout without parts.
        self._shelf = pn.Row(*(dialogs or [pn.Spacer()]), width=0, height=0, margin=0)
        samples = SampleReview(session)
        self.sample_check = SampleCheck(samples, **where)
        lists = Reconciling(session, samples)
        self.reconciliation = Reconciliation(lists, **where)
        self.sheets = Sheets(session, **where)
        self._capture = None if inside else Capture(session, leads=True, scope=self._scope)
        self._drop = Drop(session, lists, inside=inside, **where)
        self._filters = FilterBar(
            session, clear=self._clearing.ask, delete=self._deleting.ask, aside=self._aside.open, **where
        )
        self._keys = Keys(session, self._verbs(), inside=inside, dark=self.dark, follow="dark" not in params, **where)
        self._keys.param.watch(lambda event: setattr(self, "dark", event.new), "dark")
        self._connection = Connection(session, inside=inside)
        self._notices = Notices(session)
        self._layout = self._laid_out()
        for part in self._layout.select(pmui.MaterialComponent):
            part.theme_config = material()

    def _buttons(self, inside: bool, case_dialog: OtherCases | None) -> dict[str, Callable[[], None]]:
        """What the buttons of the bar do."""
        return {
            "new": self._clearing.ask,
            "export": self._export.open,
            "settings": self._settings.open,
            "help": self._help.toggle,
            **({"phone": self._phone.open} if self._phone is not None else {}),
            **({} if inside else {"theme": self._turn_lights}),  # a notebook has a theme of its own
            **({"cases": case_dialog.open} if case_dialog is not None else {}),
        }

    def _verbs(self) -> dict[str, Callable[[], None]]:
        """What keys do beside the session's verbs."""
        return {
            "fit": self.viewer.fit,
            "rotate": self.viewer.rotate,
            "clear": lambda: setattr(self.viewer, "clear", not self.viewer.clear),
            "help": self._help.toggle,
            "escape": self._escape,
            "history": self._past.open,
            "beside": self._beside.open,
            "sheets": self._turn_sheets,
        }

    def _turn_sheets(self) -> None:
        self.session.place = "review" if self.session.place == "sheets" else "sheets"

    def _turn_lights(self) -> None:
        self.dark = not self.dark

    @param.depends("dark", watch=True)
    def _relight(self) -> None:
        self._keys.dark = self.dark
        self._layout.styles = self._root_styles()
        for part in self._layout.select(pmui.MaterialComponent):
            part.dark_theme = self.dark

    def _root_styles(self) -> dict[str, str]:
        return {
            "color-scheme": "dark" if self.dark else "light",
            "height": self._height,
            "min-height": self._height,
        }  # a notebook's cell has no height of its own, and would let it shrink

    def _escape(self) -> None:
        self.session.answer(False)
        self.session.area_mode = False
        self._help.close()

    def _laid_out(self) -> pn.viewable.Viewable:
        listed = pn.Column(self._drop, card(self._filters, self.table, Foot(self.session)), **WIDE)
        others = {
            "sheets": self.sheets, "lists": self.reconciliation, "samples": self.sample_check, "summary": self.summary,
        }  # fmt: skip
        desk = PageLayout(
            self.session, (listed, card(self.viewer), card(self.editor)), others, (self._actions, self._notices.banner),
            self._capture, self._scope,
        )  # fmt: skip
        return pn.Column(
            *desk.parts, self._notices.toasts, self._keys, self._cell_editor, self._connection,
            self._past, self._aside, self._beside, self._clearing, self._deleting, self._export,
            self._settings, self._help, self._shelf, css_classes=["rw-root", self._scope], stylesheets=styles("bars"),
            styles=self._root_styles(), **WIDE,
        )  # fmt: skip

    def close(self) -> None:
        """Lets go of what the page holds on the disk; for when it is gone."""
        self._drop.end()
        self._export.end()

    def __panel__(self) -> pn.viewable.Viewable:
        when_loaded(self._begin)
        return self._layout

    def _begin(self) -> None:
        # In the background: else each tick of each page says "busy" and "done" to all pages.
        self._ticking = pn.io.PeriodicCallback(callback=self.session.tick, period=TICK_MS, background=True)
        self._ticking.start()
        self._keys.ready = True


def workbench_page(case: Case, user: str = "", title: str = "", host: Host | None = None) -> pmui.Page:
    """A whole page showing `case` under `title` (else the name of its folder)."""
    title, host = title or case.folder.name, host or Host(alone=False)
    shown = host.case_dialog.heading if host.case_dialog else title
    bench = Workbench(case, user, inside=False, height="100vh", title=shown, host=host)
    said = _said_at_first(bench.session, host.case_dialog)
    if pn.state.curdoc is not None:
        pn.state.on_session_destroyed(lambda _: bench.close())
    if said:  # a word said before the page can hear is lost
        pn.state.onload(lambda: bench.session.say("info", "\n".join(said)))
    page = bare_page(f"{title} · {texts.APP}", bench)
    bench.param.watch(lambda event: setattr(page, "dark_theme", event.new), "dark")
    if not any(receipt.status != "waiting" for receipt in bench.session.receipts):
        case.warm()
    return page


def _said_at_first(session: Session, case_dialog: OtherCases | None) -> list[str]:
    """What an earlier session left undone, and how long the case stays."""
    said = [case_dialog.notice()] if case_dialog is not None and case_dialog.notice() else []
    waiting = sum(receipt.status == "waiting" for receipt in session.receipts)
    if waiting and not session.progress.running:
        said.append(texts.UNFINISHED.format(count=waiting))
    if unasked := session.left_unasked():
        said.append(texts.UNASKED.format(count=unasked))
    return said


def start() -> None:
    """Loads what the page needs in the browser; call it once, in the served file or the notebook."""
    offline.start("tabulator")
    offline.carry_icons()
