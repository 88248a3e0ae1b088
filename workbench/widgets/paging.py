"""Leafs through a bill of several pages, and tells which is looked at."""

from collections.abc import Callable
from typing import Any

import param

from workbench.domain.model import Box, Geometry
from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.bar import button, words


class Paging(param.Parameterized):
    """Two buttons with the page between them; hidden where the receipt has one page."""

    page = param.Integer(0, doc="Which page of the bill in hand is looked at, from 0.")

    def __init__(self, session: Session, show: Callable[[Box], None], **params: Any) -> None:
        """`show` brings a part of the picture into sight."""
        super().__init__(**params)
        self._session, self._show = session, show

    def items(self) -> list[dict[str, Any]]:
        """For a bar."""
        hidden = self.geometry.pages < 2
        return [
            button("page_before", texts.PAGE_BEFORE, "chevron_left", hidden=hidden),
            words("page", self.said, hidden=hidden),
            button("page_after", texts.PAGE_AFTER, "chevron_right", hidden=hidden),
        ]

    @property
    def said(self) -> str:
        """Which page is looked at."""
        return texts.PAGE_OF.format(page=self.page + 1, pages=self.geometry.pages)

    @property
    def geometry(self) -> Geometry:
        """Of the receipt in hand."""
        receipt = self._session.receipt
        return receipt.geometry if receipt is not None else Geometry()

    def begin(self) -> None:
        """Another picture is shown: from its first page on."""
        self.page = 0

    def leaf(self, by: int) -> None:
        """Shows the page of the bill that is `by` pages on."""
        self.page = min(max(0, self.page + by), self.geometry.pages - 1)
        self._show(self.geometry.box_of_page(self.page))

    def place(self, box: Box) -> str:
        """On which page of a bill of several a box stands."""
        pages = self.geometry.pages
        return f" · {texts.PAGE_OF.format(page=self.geometry.page_of(box) + 1, pages=pages)}" if pages > 1 else ""
