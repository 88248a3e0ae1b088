"""Real receipts to measure on: the lines a detector cuts out of them, and how often a true value is seen in the text.

The photos are not part of this repository; the table appears where a folder with `truth.json` is given.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

COLUMNS = ("number", "total", "supply", "vat", "approval", "date", "time", "merchant")


@dataclass(frozen=True)
class Photo:
    """One photo: its lines cut out, and the true values of the receipts in it."""

    name: str
    lines: tuple[np.ndarray, ...]
    truths: tuple[dict[str, object], ...]


def photos(folder: Path, side: int = 1600, unclip: float = 1.6, cache: Path | None = None) -> list[Photo]:
    """The photos' lines as PP-OCRv6_small_det cuts them at a longest side of `side` px; kept in `cache` if given."""
    kept = cache / f"lines-{side}-{unclip}.pickle" if cache else None
    if kept and kept.exists():
        known: list[Photo] = pickle.loads(kept.read_bytes())
        return known
    found = [
        Photo(entry["file"], tuple(lines(folder / entry["file"], side, unclip)), tuple(entry.get("receipts", [entry])))
        for entry in json.loads((folder / "truth.json").read_text("utf8"))
    ]
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(found))
    return found


def lines(path: Path, side: int, unclip: float) -> list[np.ndarray]:
    """One photo's lines, upright, BGR."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    picture = cv2.imread(str(path))
    found = _detector(side, unclip)(picture)
    if found.boxes is None:
        return []
    return [get_rotate_crop_image(picture, np.array(box, np.float32)) for box in found.boxes]


_DETECTORS: dict[tuple[int, float], Any] = {}


def _detector(side: int, unclip: float) -> Any:
    from rapidocr import RapidOCR

    if (side, unclip) not in _DETECTORS:
        settings = {"Det.limit_side_len": side, "Det.limit_type": "max", "Det.unclip_ratio": unclip}
        made: Any = RapidOCR(params={**settings, "Global.log_level": "error"})
        _DETECTORS[side, unclip] = made._load_det_model()
    return _DETECTORS[side, unclip]


def seen(photo: Photo, texts: Sequence[str]) -> list[dict[str, bool]]:
    """For each receipt of a photo, which of its true values stand in the text; values not printed are left out."""
    numbers = ["".join(c for c in text if c.isdigit()) for text in texts]
    words = ["".join(c for c in text if c.isalnum()) for text in texts]
    found = []
    for truth in photo.truths:
        day, _, clock = str(truth.get("datetime") or "").partition(" ")
        wanted: dict[str, list[object]] = {
            "number": [truth.get("business_number")], "total": [truth.get("total")], "supply": [truth.get("supply")],
            "vat": [truth.get("vat")], "approval": [truth.get("approval_no")], "date": [day, day[2:]],
            "time": [clock[:5]],
        }  # fmt: skip
        row = {name: any(_digits(v) in line for v in values for line in numbers)
               for name, values in wanted.items() if _digits(values[0])}  # fmt: skip
        shop = "".join(c for c in str(truth.get("merchant") or "") if c.isalnum())
        if shop:
            row["merchant"] = any(_share(shop, line) >= 0.8 for line in words)
        found.append(row)
    return found


def _digits(value: object) -> str:
    return "".join(c for c in str(value or "") if c.isdigit())


def _share(wanted: str, line: str) -> float:
    """How much of `wanted` stands in the line, in order: one minus the edits to its best place, per character."""
    row = [0] * (len(line) + 1)  # it may start anywhere
    for i, x in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(line, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return 1 - min(row) / len(wanted)
