"""The viewer: the receipt's picture with the boxes of all lines and of the fields, to look at, tap and drag on."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from bokeh.events import SelectionGeometry, Tap
from bokeh.models import BoxSelectTool, ColumnDataSource, CustomJS, HoverTool, PanTool, Range1d, WheelZoomTool
from bokeh.plotting import figure

from workbench.domain import schema
from workbench.domain.model import Box, Geometry, Line, Receipt
from workbench.review import filters, texts
from workbench.review.preview import Picture, turned
from workbench.review.session import Session
from workbench.widgets.markup import Markup, asset, styles

ROOM = 1.06
"""How much more than the picture is shown when it fits."""
CLOSE = 1.04
"""Of the printed width: a lit field is shown in its whole row, so that its label is seen, too."""

ZOOM = """
const f = aim.data.by[0], cx = (x.start + x.end) / 2, cy = (y.start + y.end) / 2
x.setv({start: cx + (x.start - cx) * f, end: cx + (x.end - cx) * f})
y.setv({start: cy + (y.start - cy) * f, end: cy + (y.end - cy) * f})
"""
FLAT = {
    "size": "small",
    "margin": 0,
    "align": "center",
    "variant": "text",
    "height": 30,
    "sx": {"height": "30px", "padding": "2px 9px"},
}
MODE = "box.active = mode.data.area[0]; pan.active = hover.active = !mode.data.area[0]"
FORGET = "lines.inspected.indices = []; if (hover.active) { hover.active = false; hover.active = true }"
TIP = """<div style="max-width:340px;font:600 15px sans-serif">@text</div>
<div style="font:12px sans-serif;opacity:.75">신뢰도 @sure</div>"""


class Viewer(pn.viewable.Viewer):
    """One fixed frame; each picture brings its own limits. Tapping a box puts its text into the field in hand."""

    turn = param.Integer(0, doc="Degrees clockwise by which the reviewer has turned the picture.")
    boxes = param.Boolean(True, doc="Whether the boxes of all lines are drawn.")
    clear = param.Boolean(False, doc="Whether faded print is brought forward instead of the original colours.")
    page = param.Integer(0, doc="Which page of a bill of several is looked at, from 0.")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._picture: Picture | None = None
        self._shown: tuple[object, ...] = ()
        self._boxed: tuple[object, ...] = ()
        self._lines: tuple[Line, ...] = ()
        empty: dict[str, list[Any]] = {"left": [], "right": [], "top": [], "bottom": [], "text": [], "sure": []}
        self._image = ColumnDataSource({"url": [], "w": [], "h": []})
        self._line_boxes = ColumnDataSource(dict(empty))
        self._field_boxes = ColumnDataSource({**empty, "color": [], "width": [], "fill": []})
        self._aim = ColumnDataSource({"l": [0], "t": [0], "r": [0], "b": [0], "w": [1], "h": [1], "jump": [True]})
        self._zoom = ColumnDataSource({"by": [1.0]})
        self._mode = ColumnDataSource({"area": [False]})
        self._figure = self._drawn()
        self._pane = pn.pane.Bokeh(self._figure, sizing_mode="stretch_both", margin=0)
        self._paging = self._page_buttons()
        self._hint = Markup("", sizing_mode="stretch_width", margin=(0, 10), height=20, stylesheets=styles("hint"))
        session.param.watch(self._draw, ["receipts", "chosen", "field", "area_mode", "busy_area", "machine"])
        self.param.watch(self._draw, ["turn", "boxes", "clear"])
        self._draw()

    def _drawn(self) -> Any:
        pan, wheel = PanTool(), WheelZoomTool()
        box = BoxSelectTool(renderers=[], persistent=False)
        plot = figure(
            sizing_mode="stretch_both", tools=[pan, wheel, box], active_drag=pan, active_scroll=wheel,
            name="rw-picture",
            x_range=Range1d(0, 1), y_range=Range1d(1, 0), toolbar_location=None, min_border=0, output_backend="canvas",
            background_fill_color=None, border_fill_color=None, outline_line_color=None,
        )  # fmt: skip
        plot.axis.visible = False
        plot.grid.visible = False
        plot.image_url("url", 0, 0, "w", "h", anchor="top_left", source=self._image)
        quad = {"left": "left", "right": "right", "top": "top", "bottom": "bottom"}
        lines = plot.quad(
            **quad, source=self._line_boxes, fill_color="#2f74e0", fill_alpha=0.06, line_color="#2f74e0",
            line_alpha=0.45, line_width=1,
            hover_fill_alpha=0.22, hover_fill_color="#2f74e0", hover_line_color="#2f74e0",
        )  # fmt: skip
        plot.quad(
            **quad, source=self._field_boxes, fill_color="color", fill_alpha="fill", line_color="color",
            line_width="width", line_alpha=0.95,
        )  # fmt: skip
        hover = HoverTool(renderers=[lines], tooltips=TIP, point_policy="follow_mouse")
        plot.add_tools(hover)
        # A label stays under a pointer that does not move, also over the next picture.
        self._image.js_on_change("data", CustomJS(args={"hover": hover, "lines": self._line_boxes}, code=FORGET))
        aim = CustomJS(
            args={"aim": self._aim, "figure": plot, "x": plot.x_range, "y": plot.y_range}, code=asset("aim.js")
        )
        self._aim.js_on_change("data", aim)
        plot.js_on_change("inner_width", aim)
        plot.js_on_change("inner_height", aim)
        zoom = CustomJS(args={"aim": self._zoom, "x": plot.x_range, "y": plot.y_range}, code=ZOOM)
        self._zoom.js_on_change("data", zoom)
        tools = {"box": box, "pan": pan, "hover": hover}
        self._mode.js_on_change("data", CustomJS(args={"mode": self._mode, **tools}, code=MODE))
        # A page gets only what something in its plot refers to, and nothing drawn refers to these two.
        plot.tags = [self._zoom, self._mode]
        plot.on_event(Tap, self._tapped)
        plot.on_event(SelectionGeometry, self._dragged)
        return plot

    # what is shown

    def _draw(self, *_: object) -> None:
        self._say_hint(self._session.receipt)
        self._change(self._draw_now)

    def _change(self, work: Callable[[], None]) -> None:
        """Runs `work`, which changes Bokeh's models: on a server that needs the page's lock, in a notebook a push."""
        document = self._figure.document
        if document is not None and document.session_context is not None:
            document.add_next_tick_callback(work)
            return
        work()
        pn.io.push_notebook(self._pane)

    def _draw_now(self) -> None:
        receipt = self._session.receipt
        if self._mode.data["area"][0] != self._session.area_mode:
            self._mode.data = {"area": [self._session.area_mode]}
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
        self._paging.visible = self._geometry.pages > 1
        self.page = 0
        self._line_boxes.data = {key: [] for key in self._line_boxes.data}
        self._field_boxes.data = {key: [] for key in self._field_boxes.data}
        if receipt is None:
            self._image.data = {"url": [], "w": [], "h": []}
            return
        if receipt.status not in ("waiting", "failed") or receipt.geometry.size[0]:
            self._take(receipt, self._session.case.picture_of(receipt.id))
            return
        # Not read yet: a worker has to open the file, and may be busy.
        self._image.data = {"url": [], "w": [], "h": []}
        name, shown = receipt.id, self._shown
        self._session.run_in_background(
            lambda: self._session.case.picture_of(name),
            lambda jpeg: self._change(lambda: self._take(receipt, jpeg) if shown == self._shown else None),
        )

    def _take(self, receipt: Receipt, jpeg: bytes) -> None:
        picture = Picture(jpeg, receipt.geometry.size)
        if not picture.size[0]:
            picture = Picture(jpeg, picture.shape)
        self._picture = picture
        self._lines = self._session.lines()
        width, height = picture.size if self.turn % 180 == 0 else picture.size[::-1]
        self._image.data = {"url": [picture.address(self.turn, self.clear)], "w": [width], "h": [height]}
        self._fit(jump=True)
        self._mark(receipt)

    def _mark(self, receipt: Receipt) -> None:
        """Draws the boxes; the field in hand is lit and, when it has just been chosen, brought near."""
        field = receipt.field(self._session.field)
        key = (receipt.id, self._session.field, receipt, self.boxes, self.turn, self._session.machine)
        if key == self._boxed:
            return
        before = self._boxed
        moved = not before or before[:2] != key[:2]
        self._boxed = key
        self._line_boxes.data = self._columns(
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
        self._field_boxes.data = {**columns, **dict(zip(("color", "width", "fill"), map(list, look), strict=True))}
        near = field.evidence_box or field.box
        if moved and near is not None:
            self.page = self._geometry.page_of(near)
            self._bring_near(near)

    def _columns(self, rows: list[tuple[Box, str, float]]) -> dict[str, list[Any]]:
        boxes = [self._turned(box) for box, *_ in rows]
        return {
            "left": [box.left for box in boxes],
            "right": [box.right for box in boxes],
            "top": [box.top for box in boxes],
            "bottom": [box.bottom for box in boxes],
            "text": [text for _, text, _ in rows],
            "sure": [f"{sure:.0%}{self._page_words(box)}" for box, _, sure in rows],
        }

    @property
    def _geometry(self) -> Geometry:
        receipt = self._session.receipt
        return receipt.geometry if receipt is not None else Geometry()

    def _page_words(self, box: Box) -> str:
        """On which page of a bill of several a box stands."""
        pages = self._geometry.pages
        return f" · {texts.PAGE_OF.format(page=self._geometry.page_of(box) + 1, pages=pages)}" if pages > 1 else ""

    def leaf(self, by: int) -> None:
        """Shows the page of the bill that is `by` pages on."""
        self.page = min(max(0, self.page + by), self._geometry.pages - 1)
        box = self._turned(self._geometry.box_of_page(self.page))
        self._change(lambda: self._look_at(box.left, box.top, box.right, box.bottom))

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
        self._look_at(x - half, y - half * 0.8, x + half, y + half * 0.8)

    def fit(self, jump: bool = False) -> None:
        """Shows the whole picture."""
        self._change(lambda: self._fit(jump))

    def _fit(self, jump: bool) -> None:
        if self._picture is not None:
            width, height = self._picture.size if self.turn % 180 == 0 else self._picture.size[::-1]
            rx, ry = width * (ROOM - 1) / 2, height * (ROOM - 1) / 2
            self._look_at(-rx, -ry, width + rx, height + ry, jump)

    def _look_at(self, left: float, top: float, right: float, bottom: float, jump: bool = False) -> None:
        (width, height) = self._image.data["w"][0], self._image.data["h"][0]
        edges = {"l": [left], "t": [top], "r": [right], "b": [bottom]}
        self._aim.data = {**edges, "w": [width], "h": [height], "jump": [jump]}

    def zoom(self, by: float) -> None:
        """Shows `by` times as much of the picture: below 1 nearer, above 1 farther."""
        self._change(lambda: setattr(self._zoom, "data", {"by": [by]}))

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
        size = self._picture.size if self.turn % 180 == 0 else self._picture.size[::-1]
        box = turned(Box(left, top, right, bottom), size, -self.turn % 360)
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
            text = texts.TAP_HINT.format(field=label)
        self._hint.object = f'<div class="hint" aria-live="polite">{text}</div>'

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._bar(), self._pane, self._hint, sizing_mode="stretch_both", margin=0)

    def _page_buttons(self) -> pn.viewable.Viewable:
        """Leafs through a bill of several pages, and tells which is looked at."""
        said = Markup("", margin=(0, 4), align="center", stylesheets=styles("hint"))

        def say(*_: object) -> None:
            said.object = texts.PAGE_OF.format(page=self.page + 1, pages=self._geometry.pages)

        self.param.watch(say, "page")
        self._session.param.watch(say, "chosen")
        say()
        before = _button("chevron_left", texts.PAGE_BEFORE, lambda: self.leaf(-1))
        after = _button("chevron_right", texts.PAGE_AFTER, lambda: self.leaf(1))
        return pn.Row(before, said, after, margin=0, align="center", visible=False)

    def _bar(self) -> pn.viewable.Viewable:
        session = self._session
        area = pmui.Toggle(
            label=texts.AREA,
            icon="highlight_alt",
            value=session.area_mode,
            **FLAT,
        )
        area.param.watch(lambda event: setattr(session, "area_mode", event.new), "value")
        session.param.watch(lambda event: setattr(area, "value", event.new), "area_mode")
        boxes = pmui.Toggle(
            label=texts.BOXES,
            icon="select_all",
            value=self.boxes,
            **FLAT,
        )
        boxes.param.watch(lambda event: setattr(self, "boxes", event.new), "value")
        clear = _button("tonality", texts.CLEAR, lambda: setattr(self, "clear", not self.clear))
        self.param.watch(lambda event: setattr(clear, "color", "primary" if event.new else "default"), "clear")
        return pn.Row(
            _button("zoom_in", texts.ZOOM_IN, lambda: self.zoom(0.75)),
            _button("zoom_out", texts.ZOOM_OUT, lambda: self.zoom(1 / 0.75)),
            _button("fit_screen", texts.FIT, self.fit),
            _button("rotate_right", texts.ROTATE, self.rotate),
            clear,
            self._paging,
            pn.layout.HSpacer(),
            boxes,
            area,
            sizing_mode="stretch_width",
            min_height=40,
            margin=(2, 8),
            styles={"align-items": "center", "gap": "0px", "flex-wrap": "wrap"},  # in a narrow notebook: two rows
        )


def _button(icon: str, label: str, work: Callable[[], None]) -> Any:
    made = pmui.IconButton(icon=icon, description=label, size="small", margin=0, align="center")
    made.on_click(lambda _: work())
    return made


def _contains(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom
