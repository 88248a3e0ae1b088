import numpy as np
import pytest

from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr import tiling

ROW = 40


class Rows:
    """Reads rows whose grey says their number; those cut at an edge of the image are missed, as by a detector."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def read(self, image: Image) -> tuple[Line, ...]:
        self.shapes.append(image.shape)
        upright = image.shape[0] > image.shape[1]
        grey = image[:, 5, 0] if upright else image[5, :, 0]
        lines = []
        for number in sorted(set(grey.tolist()) - {0}):
            (at,) = np.nonzero(grey == number)
            if len(at) == ROW:
                low, high, jitter = float(at[0]), float(at[-1] + 1), 2.0 * (len(self.shapes) % 2)
                box = Box(5, low + jitter, 195, high) if upright else Box(low, 5 + jitter, high, 195)
                lines.append(Line(str(number), 0.9, box))
        return tuple(lines)


def roll(rows: int) -> Image:
    image = np.zeros((rows * (ROW + 4), 200, 3), dtype=np.uint8)
    for n in range(rows):
        image[n * (ROW + 4) + 2 : n * (ROW + 4) + 2 + ROW] = n + 1
    return image


@pytest.mark.parametrize("rows", [37, 38, 60, 101, 140])
@pytest.mark.parametrize("turn", [0, 1])
def test_every_row_of_a_roll_is_read_once_where_it_stands(rows: int, turn: int) -> None:
    engine = Rows()
    image = np.ascontiguousarray(np.rot90(roll(rows), -turn))
    lines = tiling.read(image, engine)
    assert sorted(int(line.text) for line in lines) == list(range(1, rows + 1))
    assert len(engine.shapes) > 1
    assert all(max(shape[:2]) <= 3 * min(shape[:2]) for shape in engine.shapes)
    for line in lines:
        x, y = (int(c) for c in line.box.centre)
        assert image[y, x, 0] == int(line.text)


@pytest.mark.parametrize("shape", [(2000, 1500, 3), (1600, 90, 3), (40, 1500, 3)])
def test_a_page_of_common_shape_or_small_is_read_whole(shape: tuple[int, ...]) -> None:
    engine = Rows()
    tiling.read(np.zeros(shape, dtype=np.uint8), engine)
    assert engine.shapes == [shape]


def test_a_thread_of_a_picture_is_not_read_for_ever() -> None:
    engine = Rows()
    assert tiling.read(np.zeros((40_000, 1, 3), dtype=np.uint8), engine) == ()
    assert engine.shapes == []
    tiling.read(np.zeros((30_000, 9, 3), dtype=np.uint8), engine)
    assert 1 < len(engine.shapes) <= tiling.MOST
