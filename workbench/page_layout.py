"""How the parts lie on the page: which place is shown, which pane is in front, and what a phone sees instead."""

from collections.abc import Mapping, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.util import edit_readonly

from workbench.review.session import Session
from workbench.widgets.markup import asset, material, styles
from workbench.widgets.panes import Divider, PaneTabs

BARE = {
    "& .MuiAppBar-root": {"display": "none"},
    "& .MuiToolbar-root": {"display": "none"},
    "& .main-content": {"padding": 0},
}
"""The workbench brings its own top bar, the same in a notebook; the page's bar is not shown."""
WIDE: dict[str, Any] = {"sizing_mode": "stretch_both", "margin": 0}


def bare_page(title: str, bench: Any) -> pmui.Page:
    """A whole page with nothing on it but `bench`."""
    page = pmui.Page(
        title=title,
        meta_title="",  # the template puts it into an attribute as it is, and people write titles
        main=[bench],
        theme_toggle=False,
        busy_indicator=None,
        theme_config=material(),
        sx=BARE,
        raw_css=[asset("page.css")],
    )
    with edit_readonly(page):
        # Panel has one such flag for the whole process, and every page follows it: what anybody does would be sent to
        # everybody, and no page would ever be let go.
        page.busy = pn.rx(False)
    return page


def card(*parts: Any) -> pn.Column:
    """Parts one above the other on a ground of their own."""
    return pn.Column(*parts, css_classes=["rw-card"], stylesheets=styles("bars"), **WIDE)


class PageLayout:
    """The review's three panes and the other places; the style sheet `bars` decides by the room there is.

    Classes tell it what is what: `rw-desk` gives way to `rw-phone` in a window as narrow as a phone's, unless the
    person wants the desk all the same; `rw-back` is a pane that stands back where not all have room.
    """

    def __init__(
        self, session: Session, panes: Sequence[Any], others: Mapping[str, Any], top: Sequence[Any], phone: Any = None,
        scope: str = "",
    ) -> None:  # fmt: skip
        """`panes` are list, picture and fields, `others` the other places by name, `top` what is above them."""
        self._session, self._phone = session, phone
        look = {"stylesheets": styles("bars")}
        self._panes = [pn.Column(part, **look, **WIDE) for part in panes]
        left, middle, right = self._panes
        review = pn.Row(
            PaneTabs(session, scope=scope, **look), left, Divider("list", **look), middle, Divider("fields", **look),
            right, **look, **WIDE,
        )  # fmt: skip
        self._top = pn.Column(*top, **look, sizing_mode="stretch_width", margin=0)
        self._places = {"review": review} | {name: pn.Column(part, **look, **WIDE) for name, part in others.items()}
        self.parts = [self._top, *self._places.values()]
        if phone is not None:
            self.parts.append(pn.Column(phone, css_classes=["rw-phone"], **look, **WIDE))
            phone.param.watch(self._arrange, "desk")
        session.param.watch(self._arrange, ["place", "front"])
        self._arrange()

    def _arrange(self, *_: object) -> None:
        session = self._session
        desk = ["rw-desk"] if self._phone is not None and not self._phone.desk else []
        for name, part in self._places.items():
            part.visible, part.css_classes = session.place == name, desk
        self._top.css_classes = desk
        # Its grid is laid out by a rule of its own, which is stronger than being invisible.
        review = self._places["review"]
        review.css_classes = ["rw-review", f"rw-front-{session.front}", *desk] if review.visible else []
        for part, name, front in zip(self._panes, ("list", "sight", "fields"), ("list", "sheet", "sheet"), strict=True):
            part.css_classes = [f"rw-{name}", *([] if session.front == front else ["rw-back"])]
        if self._phone is not None:
            self.parts[-1].css_classes = ["rw-phone"] if desk else ["rw-phone", "rw-gone"]
