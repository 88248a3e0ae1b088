"""Banners and short words: what stands in the way of the tax look-up, and what has just been done."""

from html import escape
from typing import Any

import panel as pn
import param

from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.bar import Bar, button
from workbench.widgets.markup import Markup, Scripted, asset, styles


class Toasts(Scripted):
    """Shows words one above the other for a few seconds; errors stay until they are closed."""

    news = param.Dict({})

    _esm = asset("toasts.js")
    _stylesheets = styles("toasts")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)
        self._count = 0
        session.param.watch(self._tell, "notice")

    def _tell(self, event: Any) -> None:
        self._count += 1
        self.news = {"kind": event.new.kind, "text": event.new.text, "number": self._count}


class Notices(param.Parameterized):
    """The banner goes by itself when a query has worked again."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self.toasts = Toasts(session)
        self._text = Markup("", margin=0, stylesheets=styles("banner"), align="center", sizing_mode="stretch_width")
        again = Bar(
            {"again": lambda _: session.look_up(failed=True)}, items=[button("again", texts.RETRY, look="warn")]
        )
        self.banner = pn.Row(
            self._text, again, visible=False, sizing_mode="stretch_width", margin=0, css_classes=["rw-banner"],
            stylesheets=styles("banner"), styles={"align-items": "center", "padding": "5px 14px"},
        )  # fmt: skip
        session.param.watch(self._draw, ["receipts", "asking"])
        self._draw()

    def _draw(self, *_: object) -> None:
        trouble = self._session.tax_trouble()
        self.banner.visible = bool(trouble)
        text = f'<div class="text" role="status">△ {escape(texts.TAX_TROUBLE[trouble])}</div>' if trouble else ""
        if text != self._text.object:
            self._text.object = text
