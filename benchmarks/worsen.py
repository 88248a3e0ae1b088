"""Worse copies of photos, to measure on: `python -m benchmarks.worsen FOLDER OUT [--bent]`.

Plain: longest side 900 to 1,500 px, turned by up to 3 degrees, blurred, flattened, noisy, JPEG 72. `--bent`: longest
side 800 to 1,300 px, seen at a slant, shaded from one side, noisy, moved, JPEG 55 to 85. The same each time;
`truth.json` is copied too, so that `benchmarks.fields OUT` can follow.
"""

import argparse
import shutil
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

Picture = np.ndarray


def plain(picture: Picture, dice: np.random.Generator) -> tuple[Picture, int]:
    """The picture (uint8 RGB) smaller, turned, blurred, flat and noisy, and the JPEG quality to keep it in."""
    longest = max(picture.shape[:2])
    scale = min(1.0, dice.uniform(900, 1500) / longest) if longest > 900 else 1.0
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high, wide = small.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), dice.uniform(-3, 3), 0.97)
    turned = cv2.warpAffine(small, turn, (wide, high), borderValue=(120, 120, 120))
    blurred = cv2.GaussianBlur(turned, (0, 0), dice.uniform(0.3, 0.8)).astype(float)
    flat = (blurred - 128) * dice.uniform(0.6, 0.9) + 128 + dice.uniform(-20, 20)
    return np.clip(flat + dice.normal(0, 4, flat.shape), 0, 255).astype(np.uint8), 72


def bent(picture: Picture, dice: np.random.Generator) -> tuple[Picture, int]:
    """The picture smaller, at a slant, half in shade, noisy and moved, and the JPEG quality to keep it in."""
    scale = min(1.0, dice.uniform(800, 1300) / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high, wide = small.shape[:2]
    off = dice.uniform(-0.035, 0.035, (4, 2)) * [wide, high]
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    slant = cv2.getPerspectiveTransform(corners, (corners + off).astype(np.float32))
    seen = cv2.warpPerspective(small, slant, (wide, high), borderValue=(90, 90, 90))
    down, across = np.mgrid[0:high, 0:wide]
    side = dice.uniform(0, 6.28)
    shade = np.cos(side) * across / wide + np.sin(side) * down / high
    shade = (shade - shade.min()) / (shade.max() - shade.min())
    dim = seen * (1 - dice.uniform(0.15, 0.45) * shade)[..., None] * dice.uniform(0.8, 1.1)
    noisy = np.clip(dim + dice.normal(0, dice.uniform(2, 7), seen.shape), 0, 255).astype(np.uint8)
    width = int(dice.integers(1, 4))
    moved = np.zeros((width, width))
    moved[width // 2, :] = 1 / width
    return cv2.filter2D(noisy, -1, moved), int(dice.integers(55, 85))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bent", action="store_true")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(77 if given.bent else 5)
    for path in sorted(given.folder.glob("*.jpg")):
        picture = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
        worse, quality = (bent if given.bent else plain)(picture, dice)
        Image.fromarray(worse).save(given.out / path.name, quality=quality)
    shutil.copy(given.folder / "truth.json", given.out)


if __name__ == "__main__":
    main()
