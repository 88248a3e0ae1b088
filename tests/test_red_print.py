"""Amounts in red are told where nothing else on the paper says that a sale was taken back."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from workbench.domain.model import Box, Field, Line
from workbench.pipeline.reading.red_print import RED, red_findings

ROWS = ("가온슈퍼 보기점", "사업자번호 214-86-39239", "공급가액 13,636", "부가세 1,364", "합계 15,000", "감사합니다")


def drawn(colours, paper=(255, 255, 255)):
    """A page of bars for print, one a row, in the colour of its row."""
    image = Image.new("RGB", (400, 60 * len(ROWS)), paper)
    draw, lines = ImageDraw.Draw(image), []
    for at, (text, colour) in enumerate(zip(ROWS, colours, strict=True)):
        for x in range(20, 360, 12):
            draw.line((x, 60 * at + 14, x + 5, 60 * at + 42), fill=colour, width=3)
        lines.append(Line(text, 0.98, Box(16, 60 * at + 10, 370, 60 * at + 46)))
    return np.asarray(image), lines


BLACK, PINK, BROWN = (20, 20, 20), (200, 40, 40), (70, 50, 40)
TOTAL = [Field("total", "15000", "15,000", 0.97, None)]


def test_sums_in_red_are_told():
    found = red_findings(*drawn([BLACK, BLACK, PINK, PINK, PINK, BLACK]), TOTAL)
    assert [(f.code, f.severity) for f in found] == [(RED, "warning")]


@pytest.mark.parametrize(
    ("colours", "paper"),
    [
        ([BLACK] * 6, (255, 255, 255)),
        ([PINK, BLACK, BLACK, BLACK, BLACK, BLACK], (255, 255, 255)),  # a logo
        ([BLACK, BLACK, BLACK, BLACK, PINK, BLACK], (255, 255, 255)),  # one sum, as web pages set it
        ([PINK] * 6, (255, 255, 255)),  # all of it: a ribbon, a pale copy
        ([BROWN] * 6, (255, 220, 180)),  # lamplight
    ],
)
def test_other_colours_are_not(colours, paper):
    assert red_findings(*drawn(colours, paper), TOTAL) == ()


def test_a_minus_that_is_there_says_it_already():
    minus = [Field("total", "-15000", "-15,000", 0.97, None)]
    assert red_findings(*drawn([BLACK, BLACK, PINK, PINK, PINK, BLACK]), minus) == ()
