"""The print faces of this machine: outline fonts and the X11 bitmap fonts that thermal printers resemble.

A face turns a text into ink: a float32 array H x W, 0 paper to 1 ink, cropped to nothing.
"""

from __future__ import annotations

import gzip
import shutil
import struct
import subprocess
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from fontTools.ttLib import TTCollection, TTFont
from PIL import Image, ImageDraw, ImageFont

BITMAPS = Path("/usr/share/fonts/X11/75dpi")  # Debian's xfonts-baekmuk
SKIPPED = ("YetHangul", "UnJamo", "UnYetgul", "UnTaza", "Brush", "UnPilgia", "UnPenheulim", "NanumPen")  # old or loose
HELD_OUT = ("NotoSerif", "UnShinmun", "D2Coding", "hline20", "hline24")  # only `training.evaluate` draws with them
RARE = (
    "Pilgi",
    "Barunpen",
    "Dinaru",
    "UnPen",
    "UnVada",
    "Gungseo",
    "hline",
    "Eunjin",
    "Guseul",
    "Bang",
    "Bandal",
    "BMEul",
    "BMEUL",
    "BMKIRANG",
    "BMYEON",
    "poor-story",
)  # seldom on a receipt
COMMON = ("dotum", "gulim", "Coding", "Dotum", "Graphic", "BarunGothic", "NotoSansCJK")
HEAVY = ("Black", "black-han", "-800-", "-900-", "ExtraBold", "EB", "HANNAPro", "DOHYEON", "hline1")  # as names are set


class Outline:
    """A scalable face."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.stem

    @cached_property
    def index(self) -> int:
        """Which face of a collection is the Korean one."""
        if self.path.suffix != ".ttc":
            return 0
        with TTCollection(self.path, lazy=True) as family:
            names = [str(font["name"].getDebugName(1)) for font in family.fonts]
        return next((i for i, name in enumerate(names) if "KR" in name), 0)

    @cached_property
    def letters(self) -> set[int]:
        """The code points that it has a picture for."""
        with TTFont(self.path, fontNumber=self.index, lazy=True) as font:
            return set(font.getBestCmap())

    def draws(self, text: str) -> bool:
        """Whether every character has a picture."""
        return all(ord(c) in self.letters for c in text if c != " ")

    def ink(self, text: str, size: int, gap: int = 0, dots: bool = False) -> np.ndarray:
        """The text at `size` px, `gap` px between characters; `dots`: black and white only."""
        font = _font(str(self.path), size, self.index)
        width = int(font.getlength(text)) + (len(text) + 2) * max(gap, 0) + 2 * size
        picture = Image.new("L", (width, 2 * size))
        pen = ImageDraw.Draw(picture)
        pen.fontmode = "1" if dots else "L"
        if not gap:
            pen.text((size // 2, size // 2), text, 255, font=font)
        else:
            x = size / 2
            for character in text:
                pen.text((x, size // 2), character, 255, font=font)
                x += font.getlength(character) + gap
        return np.asarray(picture, np.float32) / 255


class Bitmap:
    """An X11 face of KS X 1001 (`.pcf.gz`); its digits and Latin come from an outline face, as dots."""

    def __init__(self, path: Path, latin: Outline) -> None:
        self.path = path
        self.name = path.name.split(".")[0]
        self.nominal = int("".join(c for c in self.name if c.isdigit()))
        self.latin = latin

    @cached_property
    def glyphs(self) -> dict[str, np.ndarray]:
        """Pictures by character, read at first use: parsing takes a tenth of a second a face."""
        return _pcf(self.path)

    @cached_property
    def size(self) -> int:
        """Height of its cells in px."""
        return max(int(glyph.shape[0]) for glyph in self.glyphs.values())

    def draws(self, text: str) -> bool:
        """Whether every character has a picture."""
        return all(c in self.glyphs or (c.isascii() and c.isprintable()) for c in text)

    def ink(self, text: str, size: int, gap: int = 0, dots: bool = True) -> np.ndarray:
        """The text in dots; `size` is the face's own, whatever is asked for."""
        pieces = []
        for c in text:
            glyph = self.glyphs.get(c)
            pieces.append(_latin(self.latin, c, self.size) if glyph is None else glyph)
            if gap > 0:
                pieces.append(np.zeros((self.size, gap), np.float32))
        line = np.concatenate([np.pad(p, ((0, self.size - p.shape[0]), (0, 0))) for p in pieces], 1)
        return np.pad(line, self.size // 2)


class Face(Protocol):
    """What a line can be printed with."""

    name: str

    def draws(self, text: str) -> bool:
        """Whether every character has a picture."""

    def ink(self, text: str, size: int, gap: int = 0, dots: bool = False) -> np.ndarray:
        """The text as float32 H x W, 0 paper to 1 ink, about `size` px high, `gap` px between characters."""


def faces(held_out: bool = False, extra: Sequence[Path] = ()) -> list[tuple[Face, float]]:
    """The Korean faces found and how often each should draw: those to train on, or the held-out ones."""
    paths = _installed() + list(extra)
    outlines = [Outline(p) for p in paths if not any(s in p.stem for s in SKIPPED)]
    chosen: list[Face] = [f for f in outlines if _held(f.name) == held_out]
    mono = [f for f in outlines if "Coding" in f.name or f.name in ("dotum", "gulim", "UnDotum")]
    for i, path in enumerate(sorted(BITMAPS.glob("*.pcf.gz"))):
        face = Bitmap(path, mono[i % len(mono)]) if mono else None
        if face and face.nominal >= 12 and _held(face.name) == held_out:
            chosen.append(face)
    return [(face, _share(face)) for face in chosen]


def _installed() -> list[Path]:
    """The Korean font files that fontconfig knows; none where there is no fontconfig."""
    if not shutil.which("fc-list"):
        return []
    listed = subprocess.run(["fc-list", ":lang=ko", "file"], capture_output=True, text=True, check=True).stdout
    return sorted({Path(line.split(":")[0]) for line in listed.splitlines() if line})


def _held(name: str) -> bool:
    return any(part in name for part in HELD_OUT)


def _share(face: Face) -> float:
    heavy = not _held(face.name) and any(part in face.name for part in HEAVY)  # what is measured stays the same
    if isinstance(face, Bitmap):
        return (1.5 if face.nominal >= 16 else 0.7) * (3.0 if heavy else 1.0)
    if heavy:
        return 2.0
    if any(part in face.name for part in RARE):
        return 0.3
    return 3.0 if any(part in face.name for part in COMMON) else 1.0


@lru_cache(maxsize=2000)
def _font(path: str, size: int, index: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index)


@lru_cache(maxsize=20000)
def _latin(face: Outline, character: str, size: int) -> np.ndarray:
    """One ASCII character as dots in a cell `size` high."""
    font = _font(str(face.path), max(8, round(size * 0.95)), face.index)
    cell = Image.new("L", (max(1, round(font.getlength(character))), size))
    pen = ImageDraw.Draw(cell)
    pen.fontmode = "1"
    pen.text((0, round(size * 0.86)), character, 255, font=font, anchor="ls")
    return np.asarray(cell, np.float32) / 255


def _pcf(path: Path) -> dict[str, np.ndarray]:
    """The Hangul and signs of a PCF bitmap font, each in a cell of the font's height.

    Format: a table of contents; BITMAPS (8), METRICS (4), BDF_ENCODINGS (32) are used; byte order by flag.
    """
    data = gzip.decompress(path.read_bytes())
    tables = {}
    for i in range(struct.unpack_from("<I", data, 4)[0]):
        kind, _, _, offset = struct.unpack_from("<4I", data, 8 + 16 * i)
        tables[kind] = offset
    boxes = _metrics(data, tables[4])
    pictures, order = _bitmaps(data, tables[8])
    ascent = max(box[3] for box in boxes)
    height = ascent + max(box[4] for box in boxes)
    glyphs = {}
    for character, index in _encoding(data, tables[32]):
        left, right, advance, up, down = boxes[index]
        rows, stride = up + down, pictures[index][1]
        bits = np.frombuffer(data, np.uint8, rows * stride, pictures[index][0]).reshape(rows, stride)
        ink = np.unpackbits(bits, axis=1, bitorder="big" if order == "big" else "little")[:, : right - left]
        cell = np.zeros((height, max(advance, max(left, 0) + right - left)), np.float32)
        cell[ascent - up : ascent + down, max(left, 0) : max(left, 0) + right - left] = ink
        glyphs[character] = cell
    return glyphs


def _metrics(data: bytes, at: int) -> list[tuple[int, ...]]:
    """Left, right, advance, ascent, descent of every glyph."""
    shape = struct.unpack_from("<I", data, at)[0]
    end = ">" if shape & 4 else "<"
    if shape & 0x100:  # compressed: bytes offset by 0x80
        count = struct.unpack_from(end + "H", data, at + 4)[0]
        return [tuple(b - 0x80 for b in data[at + 6 + 5 * i : at + 11 + 5 * i]) for i in range(count)]
    count = struct.unpack_from(end + "I", data, at + 4)[0]
    return [struct.unpack_from(end + "5h", data, at + 8 + 12 * i) for i in range(count)]


def _bitmaps(data: bytes, at: int) -> tuple[list[tuple[int, int]], str]:
    """Where each glyph's rows start and how many bytes a row has; the order of bits in a byte."""
    shape = struct.unpack_from("<I", data, at)[0]
    end = ">" if shape & 4 else "<"
    if bool(shape & 8) != bool(shape & 4) and (shape >> 4) & 3:
        raise ValueError("bytes of the rows are swapped")
    count = struct.unpack_from(end + "I", data, at + 4)[0]
    offsets = struct.unpack_from(end + f"{count}I", data, at + 8)
    start = at + 8 + 4 * count + 16
    total = struct.unpack_from(end + "4I", data, at + 8 + 4 * count)[shape & 3]
    rows = [height for _, height in _sizes(data)]
    ends = [*offsets[1:], total]
    return [(start + o, (e - o) // max(1, rows[i])) for i, (o, e) in enumerate(zip(offsets, ends, strict=True))], (
        "big" if shape & 8 else "little"
    )


def _sizes(data: bytes) -> list[tuple[int, int]]:
    for i in range(struct.unpack_from("<I", data, 4)[0]):
        kind, _, _, offset = struct.unpack_from("<4I", data, 8 + 16 * i)
        if kind == 4:
            return [(box[1] - box[0], box[3] + box[4]) for box in _metrics(data, offset)]
    raise ValueError("no metrics")


def _encoding(data: bytes, at: int) -> list[tuple[str, int]]:
    """Characters and their glyph's index; codes are those of KS X 1001, rows and cells from 0x21."""
    end = ">" if struct.unpack_from("<I", data, at)[0] & 4 else "<"
    first, last, top, bottom, _ = struct.unpack_from(end + "5h", data, at + 4)
    found = []
    for place in range((bottom - top + 1) * (last - first + 1)):
        index = struct.unpack_from(end + "H", data, at + 14 + 2 * place)[0]
        row, cell = divmod(place, last - first + 1)
        if index != 0xFFFF and row + top < 0x4A:  # Hanja stand behind
            try:
                found.append((bytes([(row + top) | 0x80, (cell + first) | 0x80]).decode("euc-kr"), index))
            except UnicodeDecodeError:
                continue
    return found
