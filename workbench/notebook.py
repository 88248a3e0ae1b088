"""What a notebook shows below a cell: a receipt's picture with boxes. `Case.show` comes here: a case has no screen."""

import io
from collections.abc import Sequence

import holoviews as hv
import numpy as np
from PIL import Image

from workbench import schema
from workbench.case import Case
from workbench.errors import CaseError
from workbench.model import Box, Field, Geometry, Receipt

TALLEST, WIDEST = 760, 760
"""px on screen of a picture in a notebook."""
COLOUR = "#c2410c"
ROOM = 3.0
"""How many heights of the box are shown around it where the picture is zoomed."""


def picture(case: Case, receipt_id: str, fields: Sequence[str], *, zoom: bool = False) -> hv.Overlay:
    """The receipt as the engine saw it, with the boxes of `fields`; of all that have one if none is named.

    CaseError where a named field has no box: nothing was read for it.
    """
    receipt = case.receipt(receipt_id)
    boxed = _boxed(receipt, fields)
    image = np.asarray(Image.open(io.BytesIO(case.picture_of(receipt_id))).convert("RGB"))
    width, height = _size(receipt.geometry, image)
    part = _around([box for _, box in boxed], width, height) if zoom and boxed else Box(0, 0, width, height)
    scale = min(WIDEST / part.width, TALLEST / part.height)
    if not getattr(hv.extension, "_loaded", False):
        hv.extension("bokeh", logo=False)
    # HoloViews counts upwards: y is turned round here, and only here.
    paper = hv.RGB(image, bounds=(0, 0, width, height)).opts(default_tools=[], tools=["pan", "wheel_zoom", "reset"])
    boxes = hv.Rectangles(
        [(b.left, height - b.bottom, b.right, height - b.top, _label(f), f.value or "") for f, b in boxed],
        vdims=["항목", "값"],
    ).opts(fill_alpha=0.08, fill_color=COLOUR, line_color=COLOUR, line_width=2, tools=["hover"])
    names = hv.Labels([(b.left, height - b.top, _label(f)) for f, b in boxed], ["x", "y"], "항목").opts(
        text_align="left", text_baseline="bottom", text_color=COLOUR, text_font_size="10pt", yoffset=2
    )
    return (paper * boxes * names).opts(
        title=receipt.file, xaxis=None, yaxis=None, frame_width=round(part.width * scale),
        frame_height=round(part.height * scale), xlim=(part.left, part.right),
        ylim=(height - part.bottom, height - part.top), toolbar="above",
    )  # fmt: skip


def _boxed(receipt: Receipt, names: Sequence[str]) -> list[tuple[Field, Box]]:
    wanted = [receipt.field(schema.spec(name).name) for name in names] or list(receipt.fields)
    missing = [_label(field) for field in wanted if names and field.box is None]
    if missing:
        raise CaseError(f"{receipt.file}: 그림에서 읽은 자리가 없는 항목입니다: {', '.join(missing)}")
    return [(field, field.box) for field in wanted if field.box is not None]


def _label(field: Field) -> str:
    return schema.spec(field.name).label


def _size(geometry: Geometry, image: np.ndarray) -> tuple[int, int]:
    """Width and height that boxes count in; a receipt that is not read yet has only its picture."""
    return geometry.size if all(geometry.size) else (image.shape[1], image.shape[0])


def _around(boxes: Sequence[Box], width: int, height: int) -> Box:
    box = boxes[0]
    for other in boxes[1:]:
        box = box.union(other)
    room = ROOM * max(min(b.height for b in boxes), 1)
    return Box(
        max(0, box.left - 2 * room), max(0, box.top - room), min(width, box.right + 2 * room),
        min(height, box.bottom + room),
    )  # fmt: skip
