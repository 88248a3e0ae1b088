"""Leafs through a bill of several pages, and tells which is looked at."""

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from workbench.domain.model import Box, Geometry
from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.markup import Markup, icon_button, styles


class Paging(pn.viewable.Viewer):
    """Two buttons with the page between them; not shown where the receipt has one page."""

    page = param.Integer(0, doc="Which page of the bill in hand is looked at, from 0.")

    def __init__(self, session: Session, show: Callable[[Box], None], **params: Any) -> None:
        """`show` brings a part of the picture into sight."""
        super().__init__(**params)
        self._session, self._show = session, show
        self.said = Markup("", margin=(0, 4), align="center", stylesheets=styles("hint"))
        before = icon_button("chevron_left", texts.PAGE_BEFORE, lambda: self.leaf(-1))
        after = icon_button("chevron_right", texts.PAGE_AFTER, lambda: self.leaf(1))
        self.row = pn.Row(before, self.said, after, margin=0, align="center", visible=False)
        self.param.watch(self._say, "page")
        session.param.watch(self._say, "chosen")
        self._say()

    @property
    def geometry(self) -> Geometry:
        """Of the receipt in hand."""
        receipt = self._session.receipt
        return receipt.geometry if receipt is not None else Geometry()

    def begin(self) -> None:
        """Another picture is shown: from its first page on."""
        self.row.visible = self.geometry.pages > 1
        self.page = 0

    def leaf(self, by: int) -> None:
        """Shows the page of the bill that is `by` pages on."""
        self.page = min(max(0, self.page + by), self.geometry.pages - 1)
        self._show(self.geometry.box_of_page(self.page))

    def words(self, box: Box) -> str:
        """On which page of a bill of several a box stands."""
        pages = self.geometry.pages
        return f" · {texts.PAGE_OF.format(page=self.geometry.page_of(box) + 1, pages=pages)}" if pages > 1 else ""

    def _say(self, *_: object) -> None:
        self.said.object = texts.PAGE_OF.format(page=self.page + 1, pages=self.geometry.pages)

    def __panel__(self) -> pn.viewable.Viewable:
        return self.row
