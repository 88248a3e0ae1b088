"""The second reader: digits cut out of a picture, level or slanted."""

import cv2
import numpy as np

from workbench.domain.model import Box, Line
from workbench.pipeline.ocr.digit_reader import SecondReader, second_reader
from workbench.pipeline.ocr.line_model import HEIGHT, strip


def page(text: str, degrees: float = 0.0) -> tuple[np.ndarray, Box]:
    """A white page with one line of text, turned clockwise; and the upright box around the print."""
    image = np.full((400, 900, 3), 255, np.uint8)
    (width, height), base = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.4, 3)
    cv2.putText(image, text, (150, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0, 0, 0), 3, cv2.LINE_AA)
    corners = np.array(
        [[150, 200 - height - 6], [150 + width, 200 - height - 6], [150 + width, 206 + base], [150, 206 + base]]
    )
    turn = cv2.getRotationMatrix2D((450, 200), -degrees, 1.0)
    image = cv2.warpAffine(image, turn, (900, 400), borderValue=(255, 255, 255))
    turned = corners @ turn[:, :2].T + turn[:, 2]
    (left, top), (right, bottom) = turned.min(axis=0), turned.max(axis=0)
    return image, Box(float(left), float(top), float(right), float(bottom))


def test_it_reads_a_business_number() -> None:
    image, box = page("123-45-67891")
    assert SecondReader(1).read(image, box) == "123-45-67891"


def test_it_reads_a_slanted_line() -> None:
    image, box = page("2025-04-08 11:22", 4)
    assert second_reader(1).read(image, box, 4.0).replace(" ", "") == "2025-04-0811:22"


def test_of_knows_the_angle_of_each_line() -> None:
    image, box = page("31415926", -5)
    again = second_reader(1).of(image, [Line("3141592G", 0.8, box, -5.0)])
    assert again(box) == "31415926"


def test_a_box_off_the_page_reads_as_nothing() -> None:
    image, _ = page("1")
    assert second_reader(1).read(image, Box(2000, 2000, 2100, 2040)) == ""
    assert second_reader(1).read(image, Box(10, 10, 11, 11)) == ""


def test_a_strip_is_as_tall_as_the_model_wants() -> None:
    image, box = page("12,500")
    assert strip(image, box).shape[0] == HEIGHT
