"""What a worker does: one page of a file becomes readings, each with a picture for the screen."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from workbench.domain.model import Geometry, Line, Reading
from workbench.pipeline.extraction import extract
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.layout.segmentation import split
from workbench.pipeline.ocr.digit_reader import second_reader
from workbench.pipeline.ocr.engine import Engine, EngineSpec, engine
from workbench.pipeline.reading.bill_pages import PAGES, joined_finding, with_its_pages
from workbench.pipeline.reading.blank import is_blank
from workbench.pipeline.reading.other_script import SCRIPT
from workbench.pipeline.reading.page_lines import page_lines, within
from workbench.pipeline.reading.picture_check import HIDDEN, hidden_findings
from workbench.pipeline.reading.red_print import RED, red_findings
from workbench.pipeline.reading.telling import told_by

PREVIEW_PIXELS = 2_600_000
"""About 1,600 x 1,600: what a screen can show; kept as JPEG so that the server never decodes a user's file."""

OF_THE_PICTURE = (HIDDEN, PAGES, SCRIPT, RED)
"""Codes of findings that stored lines cannot tell again."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """One receipt region as read, and its picture (JPEG, at most PREVIEW_PIXELS) as the engine saw it."""

    reading: Reading
    picture: bytes


@dataclass(frozen=True, slots=True)
class Cutting:
    """One receipt of a page: how it was cut out, its image, its lines in px of that image (() on a blank page).

    `layer` is text that lies behind a scan, `unseen` what the file says and the picture does not show.
    """

    geometry: Geometry
    image: Image
    lines: tuple[Line, ...]
    layer: tuple[Line, ...] = ()
    unseen: tuple[Line, ...] = ()


def read_page(path: str, page: int, spec: EngineSpec, limits: Limits) -> tuple[PageReading, ...]:
    """Reads page `page` (from 1) of the file at `path`: one record per receipt on it.

    () where the page belongs to a bill that begins on an earlier one and is read with it. Runs in a worker, with its
    one engine. Raises FileRefused, ReadFailed, ModelMissing.
    """
    reader = engine(spec)
    began = time.perf_counter()
    found = []
    for cutting in receipts_of(Path(path), page, reader, limits):
        reading = reading_of(cutting, page, spec, time.perf_counter() - began)
        found.append(PageReading(reading, preview(cutting.image)))
        began = time.perf_counter()
    return tuple(found)


def receipts_of(path: Path, page: int, engine: Engine, limits: Limits) -> list[Cutting]:
    """The receipts on a page, and on those that go on with it; [] for a page that itself goes on with an earlier one.

    Each page is read once unless it lies on its side or head, or its numbering says that it belongs to others.
    """
    whole = with_its_pages(path, page, page_lines(path, page, engine, limits), engine, limits)
    if whole is None:
        return []
    height, width = whole.image.shape[:2]
    found = []
    for region, inside in split(whole.lines, (width, height)):
        geometry = Geometry(whole.orientation, region, pages=whole.pages, page_height=whole.page_height)
        cut = pages.cut_out(whole.image, geometry)
        geometry = replace(geometry, size=(cut.shape[1], cut.shape[0]))
        found.append(Cutting(geometry, cut, inside, within(region, whole.layer), within(region, whole.unseen)))
    return found


def reading_of(cutting: Cutting, page: int, spec: EngineSpec, seconds: float) -> Reading:
    """What the lines of one receipt say; what is doubtful or missing is read again (see `second_looks`)."""
    began = time.perf_counter()
    told = told_by(cutting.image, cutting.lines, cutting.layer, engine(spec), second_reader(spec.threads))
    lines, extraction = told.lines, told.extraction
    seen = (*joined_finding(page, cutting.geometry), *red_findings(cutting.image, lines, extraction.fields))
    kind = "blank" if is_blank(cutting.image, lines) else extraction.kind
    return Reading(
        cutting.geometry,
        lines,
        second=told.second,
        kind=kind,
        fields=extraction.fields,
        items=extraction.items,
        findings=(*extraction.findings, *hidden_findings(cutting.unseen, told.otherwise), *told.findings, *seen),
        engine=spec.label(),
        seconds=round(seconds + time.perf_counter() - began, 3),
        picture_hash=pages.picture_hash(cutting.image),
    )


def extract_again(reading: Reading) -> Reading:
    """The same reading under today's rules: stored lines and second readings, no picture, no engine.

    What only the picture can tell stays as it was told.
    """
    if reading.kind == "blank":
        return reading
    second = {line.box: line.text for line in reading.second}
    extraction = extract(reading.lines, reading.geometry.size, lambda box: second.get(box, ""))
    return replace(
        reading,
        kind=extraction.kind,
        fields=extraction.fields,
        items=extraction.items,
        findings=(*extraction.findings, *(f for f in reading.findings if f.code in OF_THE_PICTURE)),
    )


def preview(image: Image) -> bytes:
    """`image` (RGB) as a JPEG of at most PREVIEW_PIXELS."""
    height, width = image.shape[:2]
    scale = min(1.0, (PREVIEW_PIXELS / (height * width)) ** 0.5)
    if scale < 1:
        image = _smaller(image, (max(1, round(width * scale)), max(1, round(height * scale))))
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 82])
    return bytes(jpeg)


def _smaller(image: Image, size: tuple[int, int]) -> Image:
    """`image` at `size` (width, height): halved as often as that goes, which is fast, and the rest by neighbours.

    INTER_AREA by any other factor takes four times as long, to no difference that can be seen.
    """
    while image.shape[1] >= 2 * size[0] and image.shape[0] >= 2 * size[1]:
        half = (image.shape[1] // 2, image.shape[0] // 2)
        image = cv2.resize(image[: 2 * half[1], : 2 * half[0]], half, interpolation=cv2.INTER_AREA).astype(
            np.uint8, copy=False
        )
    return cv2.resize(image, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def read_area(path: str, page: int, geometry: Geometry, area: tuple[float, float, float, float], spec: EngineSpec,
              limits: Limits) -> tuple[Line, ...]:  # fmt: skip
    """The lines inside `area` (left, top, right, bottom in px of the receipt's image), read afresh."""
    image = pages.render(Path(path), page, geometry, limits)
    left, top, right, bottom = (max(0, round(v)) for v in area)
    crop = image[top:bottom, left:right]
    if crop.size == 0:
        return ()
    return engine(spec).read(crop)


def draw_full(path: str, page: int, geometry: Geometry, limits: Limits) -> bytes:
    """The picture of a receipt as the engine saw it, each pixel, as a JPEG that loses nothing to the eye."""
    image = pages.render(Path(path), page, geometry, limits)
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])
    return bytes(jpeg)


def draw_preview(path: str, page: int, geometry: Geometry, limits: Limits) -> bytes:
    """The picture of a receipt that has none yet, as `preview` makes it."""
    return preview(pages.render(Path(path), page, geometry, limits))
