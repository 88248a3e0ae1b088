"""What a notebook shows below a cell: the workbench on chosen receipts, a receipt's picture with boxes.

`Case.review` and `Case.show` come here when they are called, so that a case by itself knows no screen.
"""

import io
from collections.abc import Iterable, Sequence

import cv2
import holoviews as hv
import holoviews.plotting.bokeh  # else nothing can be drawn where Panel was started before this
import numpy as np
import numpy.typing as npt
import panel as pn
from PIL import Image

from workbench.case import Case
from workbench.domain import schema
from workbench.domain.errors import CaseError
from workbench.domain.model import Box, Field, Receipt
from workbench.page import Workbench, start
from workbench.widgets import offline

TALLEST, WIDEST = 760, 760
"""px on screen of a picture in a notebook."""
COLOUR = "#c2410c"
ROOM = 3.0
"""How many heights of a box are shown around it where the picture is zoomed."""


def review(case: Case, ids: Sequence[str], by: str = "") -> Workbench:
    """The workbench on those receipts; a Panel object, so it shows itself as the last thing in a cell.

    `by` stands beside every correction; by default whoever runs the notebook.
    """
    if "tabulator" not in pn.extension._loaded_extensions:
        start()
    return Workbench(case, by or case.user, only=ids, title=f"{case.folder.name}: {len(ids):,}장")


def picture(case: Case, receipt_id: str, fields: Sequence[str], *, zoom: bool = False) -> hv.Overlay:
    """The receipt as the engine saw it, with the boxes of `fields`; of all that have one if none is named.

    CaseError where a named field has no box: nothing was read for it.
    """
    receipt = case.receipt(receipt_id)
    boxes = [(box, _label(field), field.value or "") for field, box in _boxed(receipt, fields)]
    image = np.asarray(Image.open(io.BytesIO(case.picture_of(receipt_id))).convert("RGB"))
    # A receipt that is not read yet has only its picture to count in.
    size = receipt.geometry.size if all(receipt.geometry.size) else (image.shape[1], image.shape[0])
    return boxed(image, boxes, size=size, title=receipt.file, zoom=zoom)


def boxed(
    image: npt.NDArray[np.uint8],
    boxes: Iterable[tuple[Box, str, str]] = (),
    *,
    size: tuple[int, int] | None = None,
    title: str = "",
    zoom: bool = False,
) -> hv.Overlay:
    """`image` (height x width x 3, RGB) with boxes, each with a name above it and a text on hovering.

    Boxes count in px of an image of `size` (width, height), by default the image's own. `zoom` shows only what is
    around the boxes.
    """
    boxes = list(boxes)
    width, height = size or (image.shape[1], image.shape[0])
    part = _around([box for box, *_ in boxes], width, height) if zoom and boxes else Box(0, 0, width, height)
    scale = min(WIDEST / part.width, TALLEST / part.height)
    if not offline.started():
        offline.start()
    # HoloViews counts upwards: y is turned round here, and only here.
    shown, bounds = _cut(image, part, (width, height), scale)
    paper = hv.RGB(shown, bounds=bounds).opts(default_tools=[], tools=["pan", "wheel_zoom", "reset"])
    frames = hv.Rectangles(
        [(b.left, height - b.bottom, b.right, height - b.top, name, text) for b, name, text in boxes],
        vdims=["항목", "값"],
    ).opts(fill_alpha=0.08, fill_color=COLOUR, line_color=COLOUR, line_width=2, tools=["hover"])
    # Names stand beside their boxes, on the side with room: above, they would lie on the row before.
    beside = [(b.right, "left") if b.left - part.left < part.width / 4 else (b.left, "right") for b, *_ in boxes]
    names = hv.Labels(
        [
            (x, height - box.centre[1], f" {name} ", side)
            for (box, name, _), (x, side) in zip(boxes, beside, strict=True)
        ],
        ["x", "y"],
        ["항목", "side"],
    ).opts(text_align="side", text_baseline="middle", text_color=COLOUR, text_font_size="10pt", text_font_style="bold")
    return (paper * frames * names).opts(
        title=title, xaxis=None, yaxis=None, toolbar="above",
        frame_width=round(part.width * scale), frame_height=round(part.height * scale),
        xlim=(part.left, part.right), ylim=(height - part.bottom, height - part.top),
    )  # fmt: skip


def _cut(
    image: npt.NDArray[np.uint8], part: Box, size: tuple[int, int], scale: float
) -> tuple[npt.NDArray[np.uint8], tuple[float, float, float, float]]:
    """What `part` shows at twice the pixels of the screen, and its bounds: a notebook keeps every pixel as text."""
    across, down = image.shape[1] / size[0], image.shape[0] / size[1]
    left, top, right, bottom = (round(v) for v in (part.left, part.top, part.right, part.bottom))
    cut = image[round(top * down) : round(bottom * down), round(left * across) : round(right * across)]
    shrink = 2 * scale / max(across, down)
    if shrink < 1:
        cut = cv2.resize(cut, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return cut, (left, size[1] - bottom, right, size[1] - top)


def _boxed(receipt: Receipt, names: Sequence[str]) -> list[tuple[Field, Box]]:
    wanted = [receipt.field(schema.spec(name).name) for name in names] or list(receipt.fields)
    places = {field.name: field.evidence_box or field.box for field in wanted}
    missing = [_label(field) for field in wanted if names and places[field.name] is None]
    if missing:
        raise CaseError(f"{receipt.file}: 그림에서 읽은 자리가 없는 항목입니다: {', '.join(missing)}")
    return [(field, box) for field in wanted if (box := places[field.name]) is not None]


def _label(field: Field) -> str:
    return schema.spec(field.name).label


def _around(boxes: Sequence[Box], width: int, height: int) -> Box:
    box = boxes[0]
    for other in boxes[1:]:
        box = box.union(other)
    room = ROOM * max(min(b.height for b in boxes), 1)
    return Box(
        max(0, box.left - 2 * room),
        max(0, box.top - room),
        min(width, box.right + 2 * room),
        min(height, box.bottom + room),
    )
