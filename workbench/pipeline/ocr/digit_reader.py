"""A second pair of eyes for digits: the recogniser that comes with rapidocr, which reads no Hangul but numbers well.

It sees only the few lines that `extract` asks for (about 20 ms each), never the whole page.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np

from workbench.domain.geometry import true_size
from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.ctc import greedy
from workbench.pipeline.ocr.model_files import plain_recogniser

HEIGHT = 48
"""px, what the recogniser was trained on."""

WIDEST = 2400
"""px: a line longer than fifty times its height is no line."""


class SecondReader:
    """Reads one line at a time; its model is loaded (0.3 s, about 60 MB) at the first line. `threads` 0: all cores."""

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads
        self._loaded: tuple[object, str, list[str]] | None = None

    def read(self, image: Image, box: Box, angle: float = 0.0) -> str:
        """The text on `image` (uint8, height x width x 3, RGB) in `box`, "" for none; `angle` as in `Line`."""
        return self._decode(strip(image, box, angle))

    def of(self, image: Image, lines: Iterable[Line]) -> Callable[[Box], str]:
        """What `extract` wants as `again`: the text in a box of one of `lines` on `image`."""
        angles = {line.box: line.angle for line in lines}
        return lambda box: self.read(image, box, angles.get(box, 0.0))

    def _decode(self, line: Image) -> str:
        if line.size == 0:
            return ""
        if self._loaded is None:
            self._loaded = _load(self._threads)
        session, name, characters = self._loaded
        scaled = line[..., ::-1].astype(np.float32).transpose(2, 0, 1) / 127.5 - 1  # BGR, as it was trained
        (steps,) = session.run(None, {name: scaled[None]})  # type: ignore[attr-defined]
        return "".join(characters[i] for i in greedy(steps[0].argmax(axis=1))).strip()


@lru_cache(maxsize=1)
def second_reader(threads: int = 0) -> SecondReader:
    """The second reader of this process."""
    return SecondReader(threads)


def strip(image: Image, box: Box, angle: float = 0.0) -> Image:
    """The line cut out, turned level and scaled to 48 px height (uint8, 48 x width x 3); empty if nothing is left."""
    import cv2

    height, width = image.shape[:2]
    pad = 0.5 * box.height if abs(angle) > 0.5 else 1
    left, top = max(int(box.left - pad), 0), max(int(box.top - pad), 0)
    right, bottom = min(int(box.right + pad) + 1, width), min(int(box.bottom + pad) + 1, height)
    part = image[top:bottom, left:right]
    if part.shape[0] < 4 or part.shape[1] < 4:
        return np.zeros((HEIGHT, 0, 3), np.uint8)
    if abs(angle) > 0.5:
        part = _level(part, box.moved(-left, -top), angle)
    scale = HEIGHT / part.shape[0]
    wide = int(np.clip(round(part.shape[1] * scale), 16, WIDEST))
    return np.asarray(cv2.resize(part, (wide, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)


def _level(part: Image, box: Box, angle: float) -> Image:
    """The slanted print inside `box` (px of `part`), turned level about the middle of the box."""
    import cv2

    wide, high = true_size(box, abs(np.deg2rad(angle)))
    turn = cv2.getRotationMatrix2D(box.centre, angle, 1.0)
    turn[0, 2] += wide / 2 - box.centre[0]
    turn[1, 2] += high / 2 - box.centre[1]
    size = (max(round(wide) + 2, 4), max(round(high) + 2, 4))
    return np.asarray(cv2.warpAffine(part, turn, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _load(threads: int) -> tuple[object, str, list[str]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False  # one for each width of line would be kept
    session = onnxruntime.InferenceSession(str(plain_recogniser()), options, providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, session.get_inputs()[0].name, ["", *characters, " "]
