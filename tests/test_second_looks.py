"""What the first look left out is found by one that draws the print taller."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from tests.kit.drawn_lines import draw
from workbench.domain.model import Box, Field, Line
from workbench.pipeline.extraction import Extraction, extract
from workbench.pipeline.ocr.digit_reader import SecondReader
from workbench.pipeline.ocr.engine import LONGEST_SIDE
from workbench.pipeline.reading.second_looks import HEAD_SHARE, HEAD_TALLER, better, look_again, merged

READER = SecondReader(1)


@dataclass
class Fixed:
    """An engine that sees the same lines in every picture, and remembers the pictures' sizes."""

    lines: tuple[Line, ...] = ()
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def read(self, image: np.ndarray) -> tuple[Line, ...]:
        self.sizes.append((image.shape[1], image.shape[0]))
        return self.lines


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


def extraction(**fields: tuple[str, float]) -> Extraction:
    return Extraction("receipt", tuple(Field(name, read, read, sure) for name, (read, sure) in fields.items()))


def test_a_second_look_is_taken_where_it_finds_more_and_contradicts_nothing() -> None:
    first = extraction(total=("12000", 0.99), merchant=("가나다", 0.6))
    assert better(first, extraction(total=("12000", 0.99), merchant=("가나다상회", 0.95)))
    assert not better(first, extraction(total=("12800", 0.99), merchant=("가나다상회", 0.99)))
    assert not better(first, extraction(merchant=("가나다상회", 0.99), vat=("1091", 0.99)))
    assert not better(first, first)


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


def test_what_a_second_look_adds_is_judged_with_the_rest() -> None:
    drawn = draw(11, "van")
    missed = tuple(line for line in drawn.lines if drawn.truth["business_number"] not in line.text)
    whole = next(line for line in drawn.lines if drawn.truth["business_number"] in line.text)
    image = np.full((drawn.size[1] * 4, drawn.size[0] * 4, 3), 255, np.uint8)

    class Sharp(Fixed):
        """Sees the missed line wherever the first look's page put it."""

        def read(self, image: np.ndarray) -> tuple[Line, ...]:
            super().read(image)
            across, down = image.shape[1] / shown, image.shape[1] / shown * HEAD_TALLER
            seen = whole.box.moved(-left, -top)
            return (
                Line(
                    whole.text, 0.99, Box(seen.left * across, seen.top * down, seen.right * across, seen.bottom * down)
                ),
            )

    tall = sorted(line.box.height for line in missed)[len(missed) // 2]
    left = max(min(line.box.left for line in missed) - 2 * tall, 0)
    top = max(min(line.box.top for line in missed) - 6 * tall, 0)
    shown = int(max(line.box.right for line in missed) + 2 * tall) - int(left)
    _, found = look_again(image, missed, Sharp(), READER)
    assert {f.name: f.read for f in found.fields}["business_number"] == drawn.truth["business_number"]


def test_the_same_judgement_is_made_later_without_the_picture() -> None:
    image, lines = page(HEAD)
    noted: dict[Box, str] = {}
    seen, found = look_again(image, tuple(lines), Fixed(), READER, noted.__setitem__)
    assert "123-45-67891" in {f.read for f in found.fields}
    assert noted
    assert extract(seen, (image.shape[1], image.shape[0]), lambda box: noted.get(box, "")) == found


def test_an_order_slip_is_not_searched_for_a_seller_that_it_does_not_name() -> None:
    rows = ["주문서", "주문번호 12", "2025-04-08 11:22:33", "김밥 3,000", "라면 4,000", "합계 7,000"]
    lines = tuple(Line(text, 0.99, Box(60, 40 + 50 * i, 360, 70 + 50 * i)) for i, text in enumerate(rows))
    engine = Fixed()
    _, found = look_again(np.full((900, 700, 3), 255, np.uint8), lines, engine, READER)
    assert found.kind == "order_slip"
    assert engine.sizes == []


def test_where_the_number_was_read_all_print_is_drawn_taller_once() -> None:
    drawn = draw(11, "van")
    kept = tuple(line for line in drawn.lines if not any(c in line.text for c in ":/") or "-" in line.text)
    undated = tuple(line for line in kept if drawn.truth["issued_at"][:4] not in line.text)
    image = np.full((drawn.size[1], drawn.size[0], 3), 255, np.uint8)
    engine = Fixed()
    _, found = look_again(image, undated, engine, READER)
    assert "issued_at" not in {f.name for f in found.fields}
    ((width, height),) = engine.sizes
    box = undated[0].box
    for line in undated:
        box = box.union(line.box)
    assert max(width, height) == LONGEST_SIDE
    assert height / width > 1.3 * box.height / box.width


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
