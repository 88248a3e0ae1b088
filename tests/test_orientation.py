import numpy as np
import pytest

from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.layout.orientation import convincing, turned, upright

TEXTS = ("사업자번호 111-11-11119", "2026-03-04 12:30", "합계 12,500", "카드번호 1234-56", "부가세 1,136")
HEAD_DOWN = ("|노근 Ib", "66ㅣ9", "00s'ZL", "근lㅎ", "9E L")


class Reader:
    """Reads a page whose brightest pixel is its top left; lays tall boxes down counter-clockwise as the engines do."""

    def __init__(self) -> None:
        self.calls = 0

    def read(self, image: Image) -> tuple[Line, ...]:
        self.calls += 1
        height, width = image.shape[:2]
        y, x = np.argwhere(image[..., 0] == 255)[0]
        tall = height < width  # the page stands 2:1
        legible = (y < height / 2) == (x < width / 2) if tall else y < height / 2
        legible = bool(x > width / 2) if tall else legible
        texts, sure = (TEXTS, 0.95) if legible else (HEAD_DOWN, 0.65)
        boxes = [Box(9 * i, 0, 9 * i + 8, 90) if tall else Box(0, 9 * i, 90, 9 * i + 8) for i in range(5)]
        return tuple(Line(text, sure, box) for text, box in zip(texts, boxes, strict=True))


def page() -> Image:
    image = np.full((200, 100, 3), 9, dtype=np.uint8)
    image[0, 0] = 255
    return image


@pytest.mark.parametrize(("turn", "readings"), [(0, 1), (90, 2), (180, 2), (270, 2)])
def test_every_turn_is_found_with_few_readings(turn: int, readings: int) -> None:
    engine = Reader()
    image, found, lines = upright(turned(page(), turn), engine)
    assert (turn + found) % 360 == 0
    assert np.array_equal(image, page())
    assert lines[0].text == TEXTS[0]
    assert engine.calls == readings


def test_turned_is_clockwise() -> None:
    image = turned(page(), 90)
    assert image.shape == (100, 200, 3)
    assert image[0, 199, 0] == 255
    assert image.flags.c_contiguous


def test_few_words_read_surely_convince_and_many_read_badly_do_not() -> None:
    box = Box(0, 0, 90, 9)
    assert convincing([Line("합계 12,500", 0.95, box)])
    assert not convincing([Line("합계 12,500 카드 승인번호 부가세 전화", 0.6, box)])
    assert not convincing([Line("풍경 사진", 0.99, box)])
    assert not convincing([])


def test_a_page_of_nothing_legible_is_left_as_it_stands() -> None:
    class Doubtful:
        def read(self, image: Image) -> tuple[Line, ...]:
            return (Line("?!", 0.5, Box(0, 0, 40, 9)),)

    _, turn, lines = upright(page(), Doubtful())
    assert turn == 0
    assert lines[0].text == "?!"
