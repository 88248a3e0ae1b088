"""A second pair of eyes for digits: the recogniser that comes with rapidocr, which reads no Hangul but numbers well.

It sees only the few lines that `extract` asks for (about 20 ms each), never the whole page.
"""

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.line_model import LineModel, strip
from workbench.pipeline.ocr.model_files import plain_recogniser


class SecondReader:
    """Reads one line at a time; its model is loaded at the first line. `threads` 0: all cores."""

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads

    @cached_property
    def _model(self) -> LineModel:
        return LineModel(plain_recogniser(), self._threads)

    def read(self, image: Image, box: Box, angle: float = 0.0) -> str:
        """The text on `image` (uint8, height x width x 3, RGB) in `box`, "" for none; `angle` as in `Line`."""
        return self._model.read(strip(image, box, angle))[0]

    def of(self, image: Image, lines: Iterable[Line]) -> Callable[[Box], str]:
        """What `extract` wants as `again`: the text in a box of one of `lines` on `image`."""
        angles = {line.box: line.angle for line in lines}
        return lambda box: self.read(image, box, angles.get(box, 0.0))


@lru_cache(maxsize=1)
def second_reader(threads: int = 0) -> SecondReader:
    """The second reader of this process."""
    return SecondReader(threads)
