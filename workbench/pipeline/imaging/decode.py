"""A picture file becomes 8-bit RGB pixels, standing as its EXIF says; bombs are refused by their header."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from workbench.domain.errors import FileRefused, ReadFailed, WorkbenchError
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging.kept_size import kept_size
from workbench.pipeline.imaging.pixels import Image

# Pillow's own limit is one number for the whole program, and a warning; `Limits.max_pixels` refuses, in words.
Pillow.MAX_IMAGE_PIXELS = None

_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tif": "TIFF", "bmp": "BMP", "gif": "GIF", "heic": "HEIF",
            "avif": "AVIF"}  # fmt: skip
_ORIENTATION = 0x0112
_STRIP = 256
_DARKEST, _LIGHT = 2, 127
"""Print is light where even the darkest 2 % of what is not transparent is lighter than the middle grey."""
_TRANSPOSE = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}

ENOUGH = 2800
"""px, the longest side from which a JPEG need be decoded no finer: 24 megapixels are halved while they are decoded"""


def count(file: BinaryIO, kind: str, limits: Limits) -> int:
    """Pages of a picture file: 1, or for TIFF as many as it has; by headers only. FileRefused as `load` does."""
    with _picture(file, kind, limits) as picture:
        if kind != "tif":
            return 1
        pages = 1
        while pages <= limits.max_pages and _has_page(picture, pages):
            _check_size(picture, limits)
            pages += 1
        return pages


def decode(file: BinaryIO, kind: str, page: int, limits: Limits) -> Image:
    """Page `page` (from 1) as RGB, at most `kept_size`; of a moving GIF or WebP the first frame.

    FileRefused where the picture is too large or damaged (a photo cut short in its transfer is damaged: half a receipt
    in grey would look read), ReadFailed where memory does not suffice.
    """
    with _picture(file, kind, limits) as picture:
        if page > 1 and not (kind == "tif" and _has_page(picture, page - 1)):
            raise FileRefused(f"{page}쪽이 없는 파일입니다.")
        _check_size(picture, limits)
        size = kept_size(*picture.size)
        if kind == "jpg":
            # The JPEG decoder halves while it decodes, which saves most of the time and memory of a huge photo.
            wide, high = kept_size(*picture.size, longest=ENOUGH)
            picture.draft(None, (int(wide), int(high)))
        picture.load()
        orientation = _orientation(picture)
        plain = _eight_bit(picture)
        if plain.size != (target := (round(size[0]), round(size[1]))) and max(plain.size) > max(target):
            plain = plain.resize(target, Pillow.Resampling.BOX)
        plain = _on_paper(plain)
        if orientation in _TRANSPOSE:
            plain = plain.transpose(_TRANSPOSE[orientation])
        return _pixels(plain)


class _Bytes(io.RawIOBase):
    """A file of a known size, as an array."""

    def __init__(self, size: int) -> None:
        self.array, self._at = np.empty(size, np.uint8), 0

    def write(self, data: Any) -> int:
        """See `RawIOBase`."""
        self.array.data[self._at : self._at + len(data)] = data
        self._at += len(data)
        return len(data)


def _pixels(picture: Pillow.Image) -> Image:
    """An RGB picture as an array: written as a PPM, whose body is that. By any other way it is copied or held twice."""
    size = (picture.height, picture.width, 3)
    head = len(f"P6\n{picture.width} {picture.height}\n255\n")
    file = _Bytes(head + prod(size))
    picture.save(file, "PPM")  # type: ignore[arg-type]  # all that it is asked for is `write`
    return file.array[head:].reshape(size)


@contextmanager
def _picture(file: BinaryIO, kind: str, limits: Limits) -> Iterator[Pillow.Image]:
    if kind == "heic":
        import pillow_heif  # only for those who need it: each process that opens files would start slower

        pillow_heif.register_heif_opener()
    try:
        with Pillow.open(file, formats=[_FORMATS[kind]]) as picture:
            _check_size(picture, limits)
            yield picture
    except WorkbenchError:
        raise
    except MemoryError as error:
        raise ReadFailed("사진이 너무 커서 메모리가 모자랍니다. 크기를 줄여 다시 넣어 주세요.") from error
    except Exception as error:  # whatever a decoder raises over hostile bytes means one thing to a person
        raise FileRefused("파일이 손상되어 열 수 없습니다. 원본을 다시 받아 넣어 주세요.") from error


def _check_size(picture: Pillow.Image, limits: Limits) -> None:
    width, height = picture.size
    if width < 1 or height < 1:
        raise FileRefused("파일이 손상되어 열 수 없습니다. 원본을 다시 받아 넣어 주세요.")
    if width * height > limits.max_pixels:
        raise FileRefused(
            f"사진이 너무 큽니다({width:,}×{height:,} 화소). "
            f"{limits.max_pixels / 1e6:,.0f}백만 화소까지 넣을 수 있습니다."
        )


def _has_page(picture: Pillow.Image, index: int) -> bool:
    try:
        picture.seek(index)
    except EOFError:
        return False
    return True


def _orientation(picture: Pillow.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001  damaged EXIF says nothing; the pixels are sound and the page's turn is found later
        return 1


def _eight_bit(picture: Pillow.Image) -> Pillow.Image:
    """The picture in a mode that can be averaged: L, LA, RGB, RGBA, CMYK, YCbCr."""
    if picture.mode == "F" or picture.mode.startswith("I"):
        return Pillow.fromarray(_scaled(picture))
    if picture.mode in ("P", "PA", "La", "RGBa") or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("L", "LA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"):
        return picture
    return picture.getchannel(0).convert("L")  # LAB, HSV: lightness or the like is enough to read


def _scaled(picture: Pillow.Image) -> Image:
    """Deep grey to 0..255 by the range the numbers are meant for: 0..1, a byte, 16 bits, or what they span.

    By strips: as one array of floats a large scan would be held four times over.
    """
    deep = np.asarray(picture.crop((0, 0, 1, 1))).dtype == np.uint16
    top = max(float(strip.max(initial=0.0)) for _, strip in _deep_strips(picture))
    ranges = (65535.0,) if deep else (1.0, 255.0, 65535.0)
    top = next((step for step in ranges if top <= step), top)
    grey = np.empty((picture.height, picture.width), np.uint8)
    for at, strip in _deep_strips(picture):
        grey[at : at + len(strip)] = np.clip(strip * (255.0 / top) + 0.5, 0, 255).astype(np.uint8)
    return grey


def _deep_strips(picture: Pillow.Image) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    for top in range(0, picture.height, _STRIP):
        strip = np.asarray(picture.crop((0, top, picture.width, min(top + _STRIP, picture.height))))
        yield top, np.nan_to_num(strip.astype(np.float32), posinf=0.0, neginf=0.0)


def _on_paper(picture: Pillow.Image) -> Pillow.Image:
    """Transparent parts become paper: white, or black under print that is light throughout (an app's dark screen)."""
    if picture.mode in ("LA", "RGBA"):
        picture = picture.convert("RGBA")
        seen = np.asarray(picture.convert("L"))[np.asarray(picture.getchannel("A")) > 0]
        light = seen.size > 0 and np.percentile(seen, _DARKEST) > _LIGHT
        paper = Pillow.new("RGBA", picture.size, "black" if light else "white")
        return Pillow.alpha_composite(paper, picture).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")
