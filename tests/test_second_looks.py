"""What the first look left out is found by a closer one, or by bands."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
from drawn_lines import draw

from workbench.domain.model import Box, Line
from workbench.pipeline.extraction import extract
from workbench.pipeline.ocr.digit_reader import SecondReader
from workbench.pipeline.ocr.engine import LONGEST_SIDE
from workbench.pipeline.reading.bands import band_lines
from workbench.pipeline.reading.second_looks import HEAD_SHARE, closer_lines, look_again, merged

READER = SecondReader(1)


@dataclass
class Fixed:
    """An engine that sees the same lines in every picture, and remembers the pictures' sizes."""

    lines: tuple[Line, ...] = ()
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def read(self, image: np.ndarray) -> tuple[Line, ...]:
        self.sizes.append((image.shape[1], image.shape[0]))
        return self.lines


class Counting(SecondReader):
    """The second reader, remembering where it looked."""

    def __init__(self) -> None:
        super().__init__(1)
        self.read_boxes: list[Box] = []

    def read(self, image: np.ndarray, box: Box, angle: float = 0.0) -> str:
        self.read_boxes.append(box)
        return super().read(image, box, angle)


def page(rows: list[str], size: tuple[int, int] = (700, 900)) -> tuple[np.ndarray, list[Line]]:
    """Rows of Latin print 50 px apart, and the lines that a detector would make of them."""
    image = np.full((size[1], size[0], 3), 255, np.uint8)
    lines = []
    for index, text in enumerate(rows):
        (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.9, 2)
        y = 60 + 50 * index
        cv2.putText(image, text, (60, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 0, 0), 2, cv2.LINE_AA)
        lines.append(Line(text, 0.99, Box(56, y - height - 5, 64 + width, y + 9)))
    return image, lines


HEAD = [
    "COFFEE TEST SHOP",
    "123-45-67891",
    "TEL 02-123-4567",
    "2025-04-08 11:22:33",
    "SUM 12,000",
    "CASH 12,000",
    "CHANGE 0",
]


def test_bands_find_a_number_that_the_detector_missed() -> None:
    image, lines = page(HEAD)
    (found,) = band_lines(image, [line for line in lines if "67891" not in line.text], READER, True, False)
    assert found.text == "123-45-67891"
    assert found.box.top < lines[1].box.centre[1] < found.box.bottom


def test_bands_find_a_date_that_the_detector_missed() -> None:
    image, lines = page(HEAD)
    (found,) = band_lines(image, [line for line in lines if "2025" not in line.text], READER, False, True)
    assert found.text == "2025-04-08 11:22"


def test_bands_believe_no_number_whose_check_digit_fails() -> None:
    image, lines = page([row.replace("67891", "67890") for row in HEAD])
    assert band_lines(image, [line for line in lines if "67890" not in line.text], READER, True, False) == ()


def test_bands_are_read_only_where_print_is_that_no_line_has() -> None:
    image, lines = page(HEAD)
    counting = Counting()
    assert band_lines(image, lines, counting, True, True) == ()
    assert counting.read_boxes == []
    rest = [line for line in lines if "67891" not in line.text]
    assert [found.text for found in band_lines(image, rest, counting, True, False)] == ["123-45-67891"]
    missed = lines[1].box
    assert all(box.top < missed.bottom and missed.top < box.bottom for box in counting.read_boxes)


@pytest.mark.parametrize("lines", [[], [Line("글", 0.2, Box(0, 0, 5, 5))]])
def test_bands_need_print_to_follow(lines: list[Line]) -> None:
    assert band_lines(np.full((90, 90, 3), 255, np.uint8), lines, READER, True, True) == ()


def test_a_closer_look_enlarges_the_printed_part_and_maps_back() -> None:
    lines = [Line("가나다상회", 0.99, Box(1000, 1000 + 40 * i, 1400, 1030 + 40 * i)) for i in range(8)]
    engine = Fixed((Line("새 글", 0.9, Box(0, 0, 100, 50), 1.5),))
    (seen,) = closer_lines(np.zeros((3000, 3000, 3), np.uint8), lines, engine)
    ((width, height),) = engine.sizes
    assert max(width, height) <= LONGEST_SIDE
    assert (seen.box.left, seen.box.top) == (940, 820)
    assert seen.box.width < 100
    assert seen.angle == 1.5


def test_a_page_full_of_print_is_not_looked_at_again() -> None:
    lines = [Line("가나다상회", 0.99, Box(10, 10 + 190 * i, 1590, 40 + 190 * i)) for i in range(8)]
    engine = Fixed()
    assert closer_lines(np.zeros((1600, 1600, 3), np.uint8), lines, engine) == ()
    assert engine.sizes == []


def test_of_two_looks_the_surer_line_stays_and_new_ones_come() -> None:
    first = [Line("함게 11,000", 0.6, Box(0, 0, 100, 20)), Line("부가세", 0.99, Box(0, 40, 60, 60))]
    second = [
        Line("합계", 0.98, Box(0, 1, 40, 20)),
        Line("11,000", 0.98, Box(50, 1, 100, 20)),
        Line("승인", 0.9, Box(0, 90, 50, 99)),
    ]
    assert [line.text for line in merged(first, second)] == ["합계", "11,000", "부가세", "승인"]


def test_a_complete_receipt_is_read_once() -> None:
    drawn = draw(11, "van")
    engine = Fixed()
    noted: list[str] = []
    image = np.full((drawn.size[1], drawn.size[0], 3), 255, np.uint8)
    lines, found = look_again(image, drawn.lines, engine, READER, lambda box, text: noted.append(text))
    assert engine.sizes == []
    assert lines == drawn.lines
    assert {f.name: f.read for f in found.fields}["business_number"] == drawn.truth["business_number"]
    assert len(noted) <= 10


def test_what_a_closer_look_adds_is_judged_with_the_rest() -> None:
    drawn = draw(11, "van")
    missed = tuple(line for line in drawn.lines if drawn.truth["business_number"] not in line.text)
    whole = next(line for line in drawn.lines if drawn.truth["business_number"] in line.text)
    image = np.full((drawn.size[1] * 4, drawn.size[0] * 4, 3), 255, np.uint8)

    class Sharp(Fixed):
        """Sees the missed line wherever the first look's page put it."""

        def read(self, image: np.ndarray) -> tuple[Line, ...]:
            super().read(image)
            scale = image.shape[1] / shown
            return (Line(whole.text, 0.99, Box(*(v * scale for v in (whole.box.left - left, whole.box.top - top, whole.box.right - left, whole.box.bottom - top)))),)  # fmt: skip  # noqa: E501

    tall = sorted(line.box.height for line in missed)[len(missed) // 2]
    left = max(min(line.box.left for line in missed) - 2 * tall, 0)
    top = max(min(line.box.top for line in missed) - 6 * tall, 0)
    shown = int(max(line.box.right for line in missed) + 2 * tall) - int(left)
    _, found = look_again(image, missed, Sharp(), READER)
    assert {f.name: f.read for f in found.fields}["business_number"] == drawn.truth["business_number"]


def test_the_same_judgement_is_made_later_without_the_picture() -> None:
    image, lines = page(HEAD)
    noted: dict[Box, str] = {}
    kept = tuple(line for line in lines if "67891" not in line.text)
    seen, found = look_again(image, kept, Fixed(), READER, noted.__setitem__)
    assert "123-45-67891" in {f.read for f in found.fields}
    assert extract(seen, (image.shape[1], image.shape[0]), lambda box: noted.get(box, "")) == found


def test_a_receipt_too_small_to_be_taken_for_one_is_looked_at_closer() -> None:
    specks = tuple(Line("~~~", 0.9, Box(1000, 1000 + 20 * i, 1300, 1015 + 20 * i)) for i in range(6))
    engine = Fixed()
    _, found = look_again(np.full((3000, 3000, 3), 255, np.uint8), specks, engine, READER)
    assert found.kind == "not_receipt"
    assert len(engine.sizes) == 1


def test_a_head_whose_rows_were_taken_for_columns_is_read_drawn_taller() -> None:
    drawn = draw(11, "cafe")
    number = next(line for line in drawn.lines if drawn.truth["business_number"] in line.text)
    rows = [line for line in drawn.lines if abs(line.box.top - number.box.top) < 90]
    # Two columns of letters over the rows of the head, read as words, and more surely than the rows.
    columns = tuple(
        Line("대서울강남구역점" * 3, 0.99, Box(left, min(r.box.top for r in rows), left + 60, number.box.bottom + 40))
        for left in (20.0, 400.0)
    )
    seen = (*columns, *(line for line in drawn.lines if line not in rows))
    image = np.full((drawn.size[1], drawn.size[0], 3), 255, np.uint8)

    class Tall(Fixed):
        """Sees the rows only where they are drawn taller than wide."""

        def read(self, image: np.ndarray) -> tuple[Line, ...]:
            super().read(image)
            across = image.shape[1] / shown[0]
            down = image.shape[0] / shown[1]
            if down < 1.2 * across:
                return ()
            return tuple(
                Line(row.text, 0.9, Box((row.box.left - left) * across, (row.box.top - top) * down,
                                        (row.box.right - left) * across, (row.box.bottom - top) * down))
                for row in rows
            )  # fmt: skip

    tall = sorted(line.box.height for line in seen)[len(seen) // 2]
    left = int(max(min(line.box.left for line in seen) - 2 * tall, 0))
    top = int(max(min(line.box.top for line in seen) - 6 * tall, 0))
    right = int(min(max(line.box.right for line in seen) + 2 * tall, drawn.size[0]))
    bottom = min(max(line.box.bottom for line in seen) + 3 * tall, drawn.size[1])
    shown = (right - left, int(top + HEAD_SHARE * (bottom - top)) - top)
    _, found = look_again(image, seen, Tall(), READER)
    fields = {f.name: f.read for f in found.fields}
    assert fields["business_number"] == drawn.truth["business_number"]
    assert fields["merchant"] == drawn.truth["merchant"]
