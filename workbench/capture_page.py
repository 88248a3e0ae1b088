"""The page of a phone that was let in by a code: it photographs into one case and shows what was read, no more."""

import secrets
from typing import Any

import panel as pn

from workbench.case import Case
from workbench.page_layout import WholePage
from workbench.review import capture_texts as texts
from workbench.review.session import Session
from workbench.widgets import offline
from workbench.widgets.capture import Capture
from workbench.widgets.connection import Connection
from workbench.widgets.drop import Drop
from workbench.widgets.markup import styles, when_loaded
from workbench.widgets.news import look_for_news
from workbench.widgets.notices import Toasts


class CapturePage(pn.viewable.Viewer):
    """Camera, what was read, and words about what went wrong."""

    def __init__(self, case: Case, user: str, **params: Any) -> None:
        super().__init__(**params)
        self.session = Session(case, user, may_delete=False)
        scope = f"rw-{secrets.token_hex(4)}"
        self._drop = Drop(self.session, scope=scope, inside=True, css_classes=["rw-carrier"])
        toasts = Toasts(self.session)
        self._layout = pn.Column(
            Capture(self.session, own=True, scope=scope), self._drop, toasts, Connection(self.session),
            css_classes=["rw-root", scope], stylesheets=styles("bars"),
            styles={"color-scheme": "light dark", "height": "100dvh"}, sizing_mode="stretch_both", margin=0,
        )  # fmt: skip

    def close(self) -> None:
        """Lets go of what the page holds on the disk."""
        self._drop.end()

    def __panel__(self) -> pn.viewable.Viewable:
        when_loaded(self._begin)
        return self._layout

    def _begin(self) -> None:
        self._looking = look_for_news(self.session)


@offline.plainly
def capture_page(case: Case, user: str) -> WholePage:
    """A whole page that photographs into `case` in the name of `user`."""
    bench = CapturePage(case, user)
    if pn.state.curdoc is not None:
        pn.state.on_session_destroyed(lambda _: bench.close())
    case.warm()
    return WholePage(texts.TITLE, bench)
