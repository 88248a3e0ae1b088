"""How the parts lie on the page: which place is shown, which pane is in front, and what a phone sees instead."""

from collections.abc import Mapping, Sequence
from typing import Any

import panel as pn
from bokeh.document import Document

from workbench.review.session import Session
from workbench.widgets.markup import asset, styles
from workbench.widgets.panes import Divider, PaneTabs

TEMPLATE, REST = asset("page.html"), "<!-- the rest -->"
"""Of a whole page: up to `REST` its head is the same for everybody. The browser itself imports modules, instead of the
stand-in for old browsers that Panel brings.
"""
WIDE: dict[str, Any] = {"sizing_mode": "stretch_both", "margin": 0}


class WholePage(pn.Column):
    """A whole page with nothing on it but what is given, as the workbench brings its own top bar."""

    def __init__(self, title: str, bench: Any) -> None:
        super().__init__(bench, **WIDE)
        self._title = title

    def server_doc(self, doc: Document | None = None, title: str | None = None, location: Any = True) -> Document:
        """Puts the page into `doc`, under its own title."""
        doc = super().server_doc(doc, self._title, location)
        doc.title, doc.template = self._title, TEMPLATE
        return doc


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
            part.visible, part.css_classes = session.place == name, ["rw-place", *desk]
        self._top.css_classes = desk
        # Its grid is laid out by a rule of its own, which is stronger than being invisible.
        review = self._places["review"]
        review.css_classes = ["rw-review", f"rw-front-{session.front}", *desk] if review.visible else []
        for part, name, front in zip(self._panes, ("list", "sight", "fields"), ("list", "sheet", "sheet"), strict=True):
            part.css_classes = [f"rw-{name}", *([] if session.front == front else ["rw-back"])]
        if self._phone is not None:
            self.parts[-1].css_classes = ["rw-phone"] if desk else ["rw-phone", "rw-gone"]
