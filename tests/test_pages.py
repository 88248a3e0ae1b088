from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from workbench.pipeline import pages
from workbench.pipeline.pages import Limits

LIMITS = Limits()


def page(size: tuple[int, int] = (200, 300)) -> Pillow.Image:
    """White paper, a red block at its top left, a blue one at its bottom right."""
    picture = Pillow.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((10, 10, 70, 50), fill=(200, 0, 0))
    draw.rectangle((size[0] - 70, size[1] - 50, size[0] - 10, size[1] - 10), fill=(0, 0, 200))
    return picture


def close(image: np.ndarray, expected: Pillow.Image, by: float = 4.0) -> bool:
    wanted = np.asarray(expected.convert("RGB")).astype(int)
    return image.shape == wanted.shape and float(np.abs(image.astype(int) - wanted).mean()) < by


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "bmp", "gif", "heic"])
def test_each_format_becomes_the_same_rgb(tmp_path: Path, ending: str) -> None:
    pillow_heif.register_heif_opener()
    file = tmp_path / f"a.{ending}"
    page().save(file)
    assert pages.sniff(file.read_bytes()[:1024]) == ending
    assert pages.probe(file, LIMITS) == 1
    image = pages.load(file, 1, LIMITS)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert close(image, page())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
def test_exif_is_obeyed(tmp_path: Path, orientation: int, ending: str) -> None:
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposing that the tag takes back
    stored = page() if orientation == 1 else page().transpose(Pillow.Transpose(back[orientation]))
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    file = tmp_path / f"a.{ending}"
    stored.save(file, exif=exif)
    assert close(pages.load(file, 1, LIMITS), page())
