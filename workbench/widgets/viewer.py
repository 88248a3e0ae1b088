"""The viewer: the receipt's picture with the boxes of all lines and of the fields, to look at, tap and drag on."""

from collections.abc import Callable
from typing import Any

import panel as pn
import param
from bokeh.events import SelectionGeometry, Tap

from workbench.domain import schema
from workbench.domain.model import Box, Line, Receipt
from workbench.review import filters, texts
from workbench.review.preview import Picture, turned
from workbench.review.session import Session
from workbench.widgets.markup import Markup, styles
from workbench.widgets.paging import Paging
from workbench.widgets.picture_bar import PictureBar
from workbench.widgets.picture_plot import PicturePlot

ROOM = 1.06
"""How much more than the picture is shown when it fits."""
CLOSE = 1.04
"""Of the printed width: a lit field is shown in its whole row, so that its label is seen, too."""


class Viewer(pn.viewable.Viewer):
    """One fixed frame; each picture brings its own limits. Tapping a box puts its text into the field in hand."""

    turn = param.Integer(0, doc="Degrees clockwise by which the reviewer has turned the picture.")
    boxes = param.Boolean(True, doc="Whether the boxes of all lines are drawn.")
    clear = param.Boolean(False, doc="Whether faded print is brought forward instead of the original colours.")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._picture: Picture | None = None
        self._shown: tuple[object, ...] = ()
        self._boxed: tuple[object, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self.plot = PicturePlot(self._tapped, self._dragged)
        self._pane = pn.pane.Bokeh(self.plot.figure, sizing_mode="stretch_both", margin=0)
        self.paging = Paging(session, self._show)
        self._bar = PictureBar(session, self)
        self._hint = Markup("", sizing_mode="stretch_width", margin=(0, 10), height=20, stylesheets=styles("hint"))
        session.param.watch(self._draw, ["receipts", "chosen", "field", "area_mode", "busy_area", "machine"])
        self.param.watch(self._draw, ["turn", "boxes", "clear"])
        self._draw()

    # what is shown

    def _draw(self, *_: object) -> None:
        self._say_hint(self._session.receipt)
        self._change(self._draw_now)

    def _change(self, work: Callable[[], None]) -> None:
        """Runs `work`, which changes Bokeh's models: on a server that needs the page's lock, in a notebook a push."""
        document = self.plot.figure.document
        if document is not None and document.session_context is not None:
            document.add_next_tick_callback(work)
            return
        work()
        pn.io.push_notebook(self._pane)

    def _draw_now(self) -> None:
        receipt = self._session.receipt
        if self.plot.mode.data["area"][0] != self._session.area_mode:
            self.plot.mode.data = {"area": [self._session.area_mode]}
        key = (receipt.id, receipt.read_at, receipt.status == "waiting", self.turn, self.clear) if receipt else ()
        if key != self._shown:
            fresh = not self._shown or not key or self._shown[0] != key[0]
            self._shown, self._boxed = key, ()
            self._load(receipt, fresh)
        if receipt is not None and self._picture is not None:
            self._mark(receipt)

    def _load(self, receipt: Receipt | None, fresh: bool) -> None:
        if fresh and self.turn:
            with param.parameterized.discard_events(self):
                self.turn = 0
            if receipt is not None:
                self._shown = (receipt.id, receipt.read_at, receipt.status == "waiting", 0, self.clear)
        self._picture, self._lines = None, ()
        self.paging.begin()
        if receipt is not None and (receipt.status not in ("waiting", "failed") or receipt.geometry.size[0]):
            self.plot.clear(picture=False)
            self._take(receipt, self._session.case.picture_of(receipt.id))
            return
        self.plot.clear()
        if receipt is None:
            return
        # Not read yet: a worker has to open the file, and may be busy.
        name, shown = receipt.id, self._shown
        self._session.run_in_background(
            lambda: self._session.case.picture_of(name),
            lambda jpeg: self._change(lambda: self._take(receipt, jpeg) if shown == self._shown else None),
        )

    def _take(self, receipt: Receipt, jpeg: bytes) -> None:
        picture = Picture(jpeg, receipt.geometry.size)
        self._picture = picture = picture if picture.size[0] else Picture(jpeg, picture.shape)
        self._lines = self._session.lines()
        self.plot.show(picture.address(self.turn, self.clear), self._size)
        self._fit(jump=True)
        self._mark(receipt)

    def _mark(self, receipt: Receipt) -> None:
        """Draws the boxes; the field in hand is lit and, when it has just been chosen, brought near."""
        field = receipt.field(self._session.field)
        key = (receipt.id, self._session.field, receipt, self.boxes, self.turn, self._session.machine)
        if key == self._boxed:
            return
        moved, self._boxed = self._boxed[:2] != key[:2], key
        self.plot.line_boxes.data = self._columns(
            [(line.box, line.text, line.confidence) for line in self._lines] if self.boxes else []
        )
        problems = filters.problems(receipt)
        boxes = []
        for spec in schema.FIELDS:
            box = receipt.field(spec.name).evidence_box  # what a person typed stands nowhere
            if box is not None:
                lit = spec.name == self._session.field
                color = "#e07b00" if spec.name in problems else "#1a8f4c"
                boxes.append((box, color, 3.5 if lit else 1.6, 0.22 if lit else 0.04))
        if self._session.machine and field.corrected and field.box is not None:
            boxes.append((field.box, "#7a7f87", 2.5, 0.1))
        columns = self._columns([(box, "", 0.0) for box, *_ in boxes])
        look = zip(*[rest for _, *rest in boxes], strict=True) if boxes else ([], [], [])
        self.plot.field_boxes.data = {**columns, **dict(zip(("color", "width", "fill"), map(list, look), strict=True))}
        near = field.evidence_box or field.box
        if moved and near is not None:
            self.paging.page = self.paging.geometry.page_of(near)
            self._bring_near(near)

    def _columns(self, rows: list[tuple[Box, str, float]]) -> dict[str, list[Any]]:
        boxes = [self._turned(box) for box, *_ in rows]
        return {
            "left": [box.left for box in boxes],
            "right": [box.right for box in boxes],
            "top": [box.top for box in boxes],
            "bottom": [box.bottom for box in boxes],
            "text": [text for _, text, _ in rows],
            "sure": [f"{sure:.0%}{self.paging.place(box)}" for box, _, sure in rows],
        }

    @property
    def _size(self) -> tuple[int, int]:
        """(width, height) of the picture as it is turned."""
        size = self._picture.size if self._picture else (0, 0)
        return size if self.turn % 180 == 0 else size[::-1]

    def _show(self, box: Box) -> None:
        box = self._turned(box)
        self._change(lambda: self.plot.look_at(box.left, box.top, box.right, box.bottom))

    def _turned(self, box: Box) -> Box:
        return turned(box, self._picture.size, self.turn) if self._picture else box

    def _bring_near(self, box: Box) -> None:
        if self._picture is None:
            return
        box = self._turned(box)
        printed = [self._turned(line.box) for line in self._lines] or [box]
        left, right = min(one.left for one in printed), max(one.right for one in printed)
        half, y = max(CLOSE * (right - left), box.width * 1.1) / 2, box.centre[1]
        x = (left + right) / 2
        self.plot.look_at(x - half, y - half * 0.8, x + half, y + half * 0.8)

    def fit(self) -> None:
        """Shows the whole picture."""
        self._change(self._fit)

    def _fit(self, jump: bool = False) -> None:
        if self._picture is not None:
            width, height = self._size
            rx, ry = width * (ROOM - 1) / 2, height * (ROOM - 1) / 2
            self.plot.look_at(-rx, -ry, width + rx, height + ry, jump)

    def zoom(self, by: float) -> None:
        """Shows `by` times as much of the picture: below 1 nearer, above 1 farther."""
        self._change(lambda: setattr(self.plot.zoom, "data", {"by": [by]}))

    def rotate(self) -> None:
        """Turns the picture a quarter clockwise."""
        self.turn = (self.turn + 90) % 360

    # what the reviewer does on it

    def _tapped(self, event: Tap) -> None:
        here = [line for line in self._lines if _contains(self._turned(line.box), event.x, event.y)]
        if here and not self._session.area_mode:
            line = min(here, key=lambda line: line.box.width * line.box.height)
            self._session.correct_from(line.text, line.box)

    def _dragged(self, event: SelectionGeometry) -> None:
        if not event.final or self._picture is None or event.geometry.get("type") != "rect":
            return
        shape = event.geometry
        (left, right), (top, bottom) = sorted((shape["x0"], shape["x1"])), sorted((shape["y0"], shape["y1"]))
        box = turned(Box(left, top, right, bottom), self._size, -self.turn % 360)
        self._session.area_mode = False
        if box.width > 4 and box.height > 4:
            self._session.read_area(box)

    def _say_hint(self, receipt: Receipt | None) -> None:
        label = schema.spec(self._session.field).label
        if receipt is None:
            text = texts.NO_PICTURE if self._session.receipts else ""
        elif self._session.busy_area:
            text = texts.AREA_BUSY
        elif self._session.area_mode:
            text = texts.AREA_HINT.format(field=label)
        else:
            text = texts.TAP_HINT.format(field=label) if self._session.lines() else ""
        self._hint.object = f'<div class="hint" aria-live="polite">{text}</div>'

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._bar, self._pane, self._hint, sizing_mode="stretch_both", margin=0)


def _contains(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom
