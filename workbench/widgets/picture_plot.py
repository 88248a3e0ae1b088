"""The frame that a picture and its boxes are drawn in: Bokeh's figure, its tools, what the browser does by itself."""

from collections.abc import Callable
from typing import Any

from bokeh.events import SelectionGeometry, Tap
from bokeh.models import BoxSelectTool, ColumnDataSource, CustomJS, HoverTool, PanTool, Range1d, WheelZoomTool
from bokeh.plotting import figure

from workbench.widgets.markup import asset

ZOOM = """
const f = aim.data.by[0], cx = (x.start + x.end) / 2, cy = (y.start + y.end) / 2
x.setv({start: cx + (x.start - cx) * f, end: cx + (x.end - cx) * f})
y.setv({start: cy + (y.start - cy) * f, end: cy + (y.end - cy) * f})
"""
MODE = "box.active = mode.data.area[0]; pan.active = hover.active = !mode.data.area[0]"
FORGET = "lines.inspected.indices = []; if (hover.active) { hover.active = false; hover.active = true }"
TIP = """<div style="max-width:340px;font:600 15px sans-serif">@text</div>
<div style="font:12px sans-serif;opacity:.75">신뢰도 @sure</div>"""
EDGES = {"left": "left", "right": "right", "top": "top", "bottom": "bottom"}


class PicturePlot:
    """One fixed frame; what is drawn stands in its sources, and each picture brings its own limits.

    `aim` is the part to be looked at (edges, size of the picture, whether to jump there), `zoom` how much more or less
    is shown, `mode` whether a drag takes an area.
    """

    def __init__(self, tapped: Callable[[Tap], None], dragged: Callable[[SelectionGeometry], None]) -> None:
        empty: dict[str, list[Any]] = {"left": [], "right": [], "top": [], "bottom": [], "text": [], "sure": []}
        self.image = ColumnDataSource({"url": [], "w": [], "h": []})
        self.line_boxes = ColumnDataSource(dict(empty))
        self.field_boxes = ColumnDataSource({**empty, "color": [], "width": [], "fill": []})
        self.aim = ColumnDataSource({"l": [0], "t": [0], "r": [0], "b": [0], "w": [1], "h": [1], "jump": [True]})
        self.zoom = ColumnDataSource({"by": [1.0]})
        self.mode = ColumnDataSource({"area": [False]})
        pan, wheel, box = PanTool(), WheelZoomTool(), BoxSelectTool(renderers=[], persistent=False)
        self.figure = plot = figure(
            sizing_mode="stretch_both", tools=[pan, wheel, box], active_drag=pan, active_scroll=wheel,
            name="rw-picture", x_axis_type=None, y_axis_type=None,
            x_range=Range1d(0, 1), y_range=Range1d(1, 0), toolbar_location=None, min_border=0, output_backend="canvas",
            stylesheets=[":host { clip-path: inset(1px); }"],  # Bokeh leaves half a pixel of older boxes at the rim
            background_fill_color=None, border_fill_color=None, outline_line_color=None,
        )  # fmt: skip
        hover = HoverTool(renderers=[self._layers()], tooltips=TIP, point_policy="follow_mouse")
        plot.add_tools(hover)
        self._script({"box": box, "pan": pan, "hover": hover})
        plot.on_event(Tap, tapped)
        plot.on_event(SelectionGeometry, dragged)

    def _layers(self) -> Any:
        """The picture, the boxes of all lines and those of the fields; returns the lines', which tell their text."""
        self.figure.image_url("url", 0, 0, "w", "h", anchor="top_left", source=self.image)
        lines = self.figure.quad(
            **EDGES, source=self.line_boxes, fill_color="#2f74e0", fill_alpha=0.06, line_color="#2f74e0",
            line_alpha=0.45, line_width=1,
            hover_fill_alpha=0.22, hover_fill_color="#2f74e0", hover_line_color="#2f74e0",
        )  # fmt: skip
        self.figure.quad(
            **EDGES, source=self.field_boxes, fill_color="color", fill_alpha="fill", line_color="color",
            line_width="width", line_alpha=0.95,
        )  # fmt: skip
        return lines

    def _script(self, tools: dict[str, Any]) -> None:
        """What happens in the browser, without asking Python."""
        plot = self.figure
        ranges = {"x": plot.x_range, "y": plot.y_range}
        # A label stays under a pointer that does not move, also over the next picture.
        forget = CustomJS(args={"hover": tools["hover"], "lines": self.line_boxes}, code=FORGET)
        self.image.js_on_change("data", forget)
        aim = CustomJS(args={"aim": self.aim, "figure": plot, **ranges}, code=asset("aim.js"))
        self.aim.js_on_change("data", aim)
        plot.js_on_change("inner_width", aim)
        plot.js_on_change("inner_height", aim)
        self.zoom.js_on_change("data", CustomJS(args={"aim": self.zoom, **ranges}, code=ZOOM))
        self.mode.js_on_change("data", CustomJS(args={"mode": self.mode, **tools}, code=MODE))
        # A page gets only what something in its plot refers to, and nothing drawn refers to these two.
        plot.tags = [self.zoom, self.mode]

    def show(self, address: str, size: tuple[int, int]) -> None:
        """Puts the picture at that address (a data URL) into the frame, `size` (width, height) wide and high."""
        self.image.data = {"url": [address], "w": [size[0]], "h": [size[1]]}

    def clear(self, picture: bool = True) -> None:
        """Takes the boxes away, and the picture where no other is at hand to take its place."""
        for source in (self.line_boxes, self.field_boxes, *([self.image] if picture else [])):
            source.data = {key: [] for key in source.data}

    def look_at(self, left: float, top: float, right: float, bottom: float, jump: bool = False) -> None:
        """Shows that part of the picture; the browser goes there step by step, or at once."""
        edges = {"l": [left], "t": [top], "r": [right], "b": [bottom]}
        self.aim.data = {**edges, "w": self.image.data["w"], "h": self.image.data["h"], "jump": [jump]}
