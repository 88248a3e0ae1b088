"""Turns what people corrected in a case into lines to train on: `python -m training.collect CASE FOLDER`.

`FOLDER/labels.txt` has a row `picture<TAB>text` for every line that holds a corrected value, in the form of PaddleOCR's
recognition data. The corrected value stands in it as it is printed; the rest of the line is what the machine read, so
look through the file before training. The pictures are confidential papers: keep the folder where the case is.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from training.draw import Picture
from training.lines import LABELS, save
from training.pair import Sheet
from training.text import CHARACTERS
from workbench.case import Case
from workbench.domain.geometry import shared_area
from workbench.domain.model import Field, Line
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.ocr.second_opinion import ASKED


def corrected_lines(case: Case) -> Iterator[tuple[Picture, str]]:
    """Pictures (BGR) and texts of the lines in which somebody corrected a value."""
    for _, sheet in corrected_by_receipt(case):
        yield from sheet.lines


def corrected_by_receipt(case: Case) -> Iterator[tuple[str, Sheet]]:
    """The same, with the id of the receipt that they stand on; receipts without any are left out."""
    for receipt in case.receipts():
        lines = case.lines_of(receipt.id)
        found = [(line, text) for field in receipt.fields for line, text in spelled(field, lines)]
        if found:
            page = pages.render(case.file_of(receipt.id), receipt.page, receipt.geometry, Limits())
            beside = lines[:: max(1, len(lines) // ASKED)]
            yield receipt.id, Sheet([(_bgr(page, line), text) for line, text in found], [_bgr(page, o) for o in beside])


def spelled(field: Field, lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """The line that holds a corrected field and what it says: the machine's reading with the value put right.

    Nothing where the printed form of the correction is not known (dates) or where the value was not read at all.
    """
    if not field.corrected or not field.value or not field.box or not field.raw:
        return
    printed = as_printed(field.value, field.raw)
    for line in lines:
        if printed and field.raw in line.text and shared_area(field.box, line.box) > 0:
            text = " ".join(line.text.replace(field.raw, printed, 1).split())
            if set(text) <= set(CHARACTERS):
                yield line, text
            return


def as_printed(value: str, raw: str) -> str:
    """The value in the form of `raw`: its dashes, its thousands marks; "" where they differ in more than characters."""
    if re.fullmatch(r"-?\d+", value):
        number = re.search(r"-?\d[\d,. -]*", raw)
        if number is None or re.search(r"[0-9A-Za-z]", raw[: number.start()] + raw[number.end() :]):
            return ""
        written = number.group().strip()
        return raw.replace(written, f"{int(value):,}" if "," in written else value, 1)
    if re.fullmatch(r"[\d-]+", value) and re.search(r"\d", raw):
        bare = value.replace("-", "")
        digits = sum(c.isdigit() for c in raw)
        if digits != len(bare):
            return ""
        left = iter(bare)
        return "".join(next(left) if c.isdigit() else c for c in raw)
    return "" if re.search(r"\d{2}:\d{2}|\d{4}-\d{2}-\d{2}", value) else value


def _bgr(page: np.ndarray, line: Line) -> Picture:
    return np.ascontiguousarray(cut(page, line)[:, :, ::-1])


def cut(page: np.ndarray, line: Line) -> np.ndarray:
    """The line's part of the page, turned level."""
    box = line.box
    centre = box.centre
    level = cv2.getRotationMatrix2D(centre, line.angle, 1.0)
    turned = cv2.warpAffine(page, level, page.shape[1::-1], borderMode=cv2.BORDER_REPLICATE) if line.angle else page
    top, bottom, left, right = (max(0, round(edge)) for edge in (box.top, box.bottom, box.left, box.right))
    return turned[top : max(bottom, top + 1), left : max(right, left + 1)]


def main() -> None:
    """Collect from a case."""
    parser = argparse.ArgumentParser(description="Turn a case's corrections into lines to train on.")
    parser.add_argument("case", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    case = Case.open(options.case)
    count = save(corrected_lines(case), options.folder)
    case.close()
    print(f"{count} lines in {options.folder}; look through {LABELS} before training on them")


if __name__ == "__main__":
    main()
