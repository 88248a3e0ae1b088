"""A recogniser by itself, in ONNX Runtime: single lines that are cut out already, beside whatever engine finds them."""

from pathlib import Path

import cv2
import numpy as np

from workbench.domain.geometry import true_size
from workbench.domain.model import Box
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.paddle_preparation import HEIGHT, decoded
from workbench.pipeline.ocr.sleeping_threads import SLEEPS

WIDEST = 2400
"""px: a line longer than fifty times its height is no line."""


class LineModel:
    """The recogniser in an ONNX file that names its characters itself (0.3 s to load, about 60 MB).

    `threads` 0: all cores.
    """

    def __init__(self, weights: Path, threads: int = 0) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.add_session_config_entry(*SLEEPS)
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False  # one for each width of line would be kept
        self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._name = self._session.get_inputs()[0].name
        listed = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *listed, " "]

    def read(self, line: Image, wide: float = 1.0) -> tuple[str, float]:
        """Text and confidence (0..1) of a line as `strip` cuts it out, stretched to so much of its width; "" and 0 for
        none."""
        if line.size == 0:
            return "", 0.0
        if wide != 1:
            line = np.asarray(cv2.resize(line, (round(line.shape[1] * wide), HEIGHT)), np.uint8)
        pixels = line[..., ::-1].astype(np.float32).transpose(2, 0, 1) / 127.5 - 1  # BGR, as it was trained
        ((text, score),) = decoded(self._characters, self._session.run(None, {self._name: pixels[None]})[0])
        return text.strip(), score


def strip(image: Image, box: Box, angle: float = 0.0) -> Image:
    """The line cut out, turned level and scaled to 48 px height (uint8, 48 x width x 3); empty if nothing is left."""
    height, width = image.shape[:2]
    pad = 0.5 * box.height if abs(angle) > 0.5 else 1
    left, top = max(int(box.left - pad), 0), max(int(box.top - pad), 0)
    right, bottom = min(int(box.right + pad) + 1, width), min(int(box.bottom + pad) + 1, height)
    part = image[top:bottom, left:right]
    if part.shape[0] < 4 or part.shape[1] < 4:
        return np.zeros((HEIGHT, 0, 3), np.uint8)
    if abs(angle) > 0.5:
        part = _level(part, box.moved(-left, -top), angle)
    return scaled(part)


def scaled(part: Image) -> Image:
    """A line that is cut out, at the 48 px height that recognisers were trained on."""
    wide = int(np.clip(round(part.shape[1] * HEIGHT / part.shape[0]), 16, WIDEST))
    return np.asarray(cv2.resize(part, (wide, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)


def _level(part: Image, box: Box, angle: float) -> Image:
    """The slanted print inside `box` (px of `part`), turned level about the middle of the box."""
    wide, high = true_size(box, abs(np.deg2rad(angle)))
    turn = cv2.getRotationMatrix2D(box.centre, angle, 1.0)
    turn[0, 2] += wide / 2 - box.centre[0]
    turn[1, 2] += high / 2 - box.centre[1]
    size = (max(round(wide) + 2, 4), max(round(high) + 2, 4))
    return np.asarray(cv2.warpAffine(part, turn, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)
