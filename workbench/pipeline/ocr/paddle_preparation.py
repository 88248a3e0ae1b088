"""What PaddleOCR does before and after its two models, in fewer passes over memory.

Its own splits, scales, merges, turns and copies every picture, copies every output, and dresses every line as a
printable result: a tenth of the time a receipt takes. These make the same numbers (tests/test_paddle_preparation.py);
only a line's score is another, see `decoded`, a single character is read as it stands, see `pieces`, and print at a
slant is scaled while it is turned, see `_turned`.
"""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.ctc import beginnings
from workbench.pipeline.ocr.print_boxes import paddle_boxes

Batch = npt.NDArray[np.float32]

HEIGHT, WIDEST = 48, 3200
"""px of a line as the recogniser takes it"""

_LONG = 1.5
"""times as long one way as the other: what both engines take for a line, lying or on end"""

_TALLEST = 1.25
"""times as tall as the page's lines that a single character's box may be: two above each other are 1.9 and more"""

_TWO = 2.2
"""times as tall as wide: a digit's box is 1.5 to 2.1, that of two digits above each other 2.5 and more"""

_SIDES = ((0, 1), (3, 2)), ((0, 3), (1, 2))
"""corners between which a polygon is wide, and high"""

_LEVELS = (np.arange(256) / 127.5 - 1).astype(np.float32)


def lighten(ocr: Any, narrowest: int, characters: Sequence[str]) -> None:
    """Has a `paddleocr.PaddleOCR` prepare pictures by this module; for models that take -1..1, as ours do.

    `narrowest`: px to which shorter lines are padded; `characters`: those of the recogniser's classes, behind the blank
    and before the space, as PaddleOCR has them.
    """
    pipeline = ocr.paddlex_pipeline._pipeline
    detector, recogniser = pipeline.text_det_model, pipeline.text_rec_model
    pipeline._crop_by_polys = pieces
    detector.post_op = paddle_boxes
    detector.pre_tfs.update(Normalize=_as_they_are, ToCHW=_as_they_are, ToBatch=_alone(planes))
    recogniser.pre_tfs.update(ReisizeNorm=_as_they_are, ToBatch=_alone(lambda imgs: lines(imgs, narrowest)))
    recogniser.post_op = paddle_decoder(["", *characters, " "])
    recogniser.result_class = dict  # read once and thrown away


def planes(imgs: Sequence[Image]) -> Batch:
    """Pictures of one size, H x W x 3, as N x 3 x H x W, -1..1."""
    batch = np.empty((len(imgs), 3, *imgs[0].shape[:2]), np.float32)
    for place, img in zip(batch, imgs, strict=True):
        _spread(img, place)
    return batch


def lines(imgs: Sequence[Image], narrowest: int) -> Batch:
    """Lines of any size, H x W x 3, as N x 3 x 48 x the widest, -1..1, zeros behind shorter ones."""
    sizes = [_width(img, narrowest) for img in imgs]
    batch = np.zeros((len(imgs), 3, HEIGHT, max(space for _, space in sizes)), np.float32)
    for place, img, (width, _) in zip(batch, imgs, sizes, strict=True):
        _spread(cv2.resize(img, (width, HEIGHT)), place[:, :, :width])
    return batch


def _spread(img: npt.NDArray[Any], place: Batch) -> None:
    """Each colour of `img` as a plane of `place`: three times as fast as arithmetic on the whole picture."""
    for plane, row in zip(cv2.split(img), place, strict=True):
        cv2.LUT(plane, _LEVELS, dst=row)


def decoded(characters: Sequence[str], chances: Batch) -> list[tuple[str, float]]:
    """Text and score of each line, of N x steps x characters of chances; the first character is CTC's blank.

    The score is the mean over the text's characters, each at its surest step; 0 for no text. Both engines take each at
    its first: a step of 4 px often sees but the edge of it. Over drawn lines that tells right from wrong worse (area
    under the curve 0.91 for 0.95).
    """
    found = []
    paths = chances.argmax(axis=-1)
    steps = chances.reshape(-1, chances.shape[-1])
    most = steps[np.arange(len(steps)), paths.ravel()].reshape(paths.shape)
    for path, surest in zip(paths, most, strict=True):
        begins = beginnings(path)
        peaks, read = np.maximum.reduceat(surest, begins), path[begins]
        text = "".join(characters[k] for k in read[read > 0].tolist())
        found.append((text, float(peaks[read > 0].mean()) if text else 0.0))
    return found


def paddle_decoder(characters: Sequence[str]) -> Callable[..., tuple[list[str], list[float]]]:
    """`decoded` as PaddleOCR's recogniser calls it."""

    def decode(outputs: Sequence[Batch], **_: Any) -> tuple[list[str], list[float]]:
        found = decoded(characters, outputs[0])
        return [text for text, _ in found], [score for _, score in found]

    return decode


def rapid_decoder(characters: Sequence[str]) -> Callable[..., tuple[list[tuple[str, float]], list[Any]]]:
    """`decoded` as RapidOCR's recogniser calls it; it wants boxes of words beside, which nobody asks it for."""
    return lambda chances, *_, **__: (decoded(characters, chances), [])


def pieces(img: Image, polygons: Sequence[Any]) -> list[Image]:
    """What lies in each polygon of four points (x, y), clockwise from top-left, as an upright picture.

    Most stand level: theirs is cut out as it is; the others are `_turned`. Both engines lay what is much taller than
    wide on its side; a digit alone in its cell is stood up again.
    """
    found = [img[level] if (level := _level(polygon, img)) else _turned(polygon, img) for polygon in polygons]
    for place in _lone(polygons):
        if found[place].shape[1] > found[place].shape[0]:
            found[place] = np.rot90(found[place], -1)
    return found


def _turned(polygon: Any, img: Image) -> Image:
    """The print in a polygon turned level, at the height that it is read in.

    Both engines turn it by cubic interpolation at its own size and scale that: three times as slow, and blurred twice.
    """
    corners = np.asarray(polygon, np.float32)
    wide, high = (max(float(np.linalg.norm(corners[a] - corners[b])) for a, b in sides) for sides in _SIDES)
    if high >= _LONG * wide:
        corners, wide, high = np.roll(corners, -1, axis=0), high, wide
    width = int(np.clip(round(wide * HEIGHT / max(high, 1)), 1, WIDEST))
    level = np.array([(0, 0), (width, 0), (0, HEIGHT)], np.float32)
    level += (width / max(wide, 1) - 1) / 2, (HEIGHT / max(high, 1) - 1) / 2  # a pixel is scaled about its middle
    turn = cv2.getAffineTransform(corners[[0, 1, 3]], level)
    return np.asarray(cv2.warpAffine(img, turn, (width, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _lone(polygons: Sequence[Any]) -> list[int]:
    """Which polygons are a single character: on end, but no taller than the page's lines are.

    None where as many stand on end as lie: that page is sideways. One polygon alone is what somebody drew a frame
    around: a character where it is no taller than two of them.
    """
    corners = np.asarray(polygons, float).reshape(-1, 4, 2)
    wide, high = (np.linalg.norm(corners[:, 0] - corners[:, end], axis=1) for end in (1, 3))
    lying, standing = wide >= _LONG * high, high >= _LONG * wide
    if len(corners) == 1:
        return [0] if standing[0] and high[0] < _TWO * wide[0] else []
    if lying.sum() <= standing.sum():
        return []
    lone: list[int] = np.flatnonzero(standing & (high <= _TALLEST * np.median(high[lying]))).tolist()
    return lone


def _level(polygon: Any, img: Image) -> tuple[slice, slice] | None:
    """The rows and columns of a level polygon inside `img`; None for others, and for those that may stand on end."""
    (left, top), (right, bottom) = polygon[0], polygon[2]
    if not np.array_equal(polygon, [(left, top), (right, top), (right, bottom), (left, bottom)]):
        return None
    if min(left, top) < 0 or right > img.shape[1] or bottom > img.shape[0] or not 0 < bottom - top < right - left:
        return None
    return slice(int(top), int(bottom)), slice(int(left), int(right))


def _width(img: Image, narrowest: int) -> tuple[int, int]:
    """The width of a line 48 px high, and of the space it is given."""
    high, wide = img.shape[:2]
    space = min(WIDEST, int(HEIGHT * max(wide / high, narrowest / HEIGHT)))
    return min(space, ceil(HEIGHT * wide / high)), space


def _as_they_are(imgs: Any) -> Any:
    return imgs


def _alone(batched: Callable[[Sequence[Image]], Batch]) -> Callable[[Sequence[Image]], list[Batch]]:
    """As PaddleOCR's runner takes it: a list of the model's inputs, here one."""
    return lambda imgs: [batched(imgs)]
