"""The buttons above the picture: nearer, farther, turned, faded print, the page of a bill, boxes, reading an area."""

from typing import Any, Protocol

from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.bar import SPACE, Bar, button
from workbench.widgets.paging import Paging


class Sight(Protocol):
    """What shows the picture; its switches are params."""

    boxes: bool
    clear: bool
    paging: Paging
    param: Any

    def zoom(self, by: float) -> None:
        """Shows `by` times as much."""

    def fit(self) -> None:
        """Shows the whole picture."""

    def rotate(self) -> None:
        """Turns it a quarter."""


class PictureBar(Bar):
    """Follows the switches of `sight` and of the session."""

    def __init__(self, session: Session, sight: Sight, **params: Any) -> None:
        verbs = {
            "zoom_in": lambda _: sight.zoom(0.75),
            "zoom_out": lambda _: sight.zoom(1 / 0.75),
            "fit": lambda _: sight.fit(),
            "rotate": lambda _: sight.rotate(),
            "clear": lambda _: setattr(sight, "clear", not sight.clear),
            "page_before": lambda _: sight.paging.leaf(-1),
            "page_after": lambda _: sight.paging.leaf(1),
            "boxes": lambda _: setattr(sight, "boxes", not sight.boxes),
            "area": lambda _: setattr(session, "area_mode", not session.area_mode),
        }
        look = {"css_classes": ["rw-wraps"], "sizing_mode": "stretch_width", "min_height": 40, "margin": (2, 8)}
        super().__init__(verbs, **look, **params)
        self._session, self._sight = session, sight
        session.param.watch(self._draw, ["receipts", "chosen", "area_mode"])
        sight.param.watch(self._draw, ["boxes", "clear"])
        sight.paging.param.watch(self._draw, "page")
        self._draw()

    def _draw(self, *_: object) -> None:
        items = [
            button("zoom_in", texts.ZOOM_IN, "zoom_in"),
            button("zoom_out", texts.ZOOM_OUT, "zoom_out"),
            button("fit", texts.FIT, "fit_screen"),
            button("rotate", texts.ROTATE, "rotate_right"),
            button("clear", texts.CLEAR, "tonality", on=self._sight.clear),
            *self._sight.paging.items(),
            SPACE,
            button("boxes", texts.BOXES, "select_all", "toggle", on=self._sight.boxes),
            button("area", texts.AREA, "highlight_alt", "toggle", on=self._session.area_mode),
        ]
        if items != self.items:
            self.items = items
