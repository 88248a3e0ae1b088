"""Character error of a recogniser on drawn lines whose fonts and words training never sees.

`python -m training.evaluate MODEL.onnx` prints it for normal print, harsh print and digits; `--own FOLDER` for lines of
your own beside them, and for the digits in them.
"""

from __future__ import annotations

import argparse
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from rapidfuzz.distance import Levenshtein

from training.draw import HEIGHT, Drawer, Picture
from training.faces import faces
from training.lines import read
from training.text import Writer, words
from workbench.pipeline.ocr.paddle_preparation import decoded

NARROWEST = 320  # both engines pad shorter lines to this
ALIKE = str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "`": "'"})
Read = Callable[[Picture], str]


class Reader:
    """An ONNX recogniser as the engines run it: 48 px high, padded with zeros to 320, greedy CTC."""

    def __init__(self, path: Path | str, threads: int = 2) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.name = self.session.get_inputs()[0].name
        listed = self.session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self.characters = ["", *listed, " "]

    def scored(self, picture: Picture, stretched: float = 1.0) -> tuple[str, float]:
        """Text and confidence of one line; any height, BGR."""
        return decoded(self.characters, self.session.run(None, {self.name: prepared(picture, stretched)})[0])[0]

    def __call__(self, picture: Picture) -> str:
        """The text of one line; any height, BGR."""
        return self.scored(picture)[0]


def prepared(picture: Picture, stretched: float = 1.0) -> np.ndarray:
    """1 x 3 x 48 x W float32, -1..1."""
    high, wide = picture.shape[:2]
    width = max(8, int(np.ceil(HEIGHT * wide * stretched / high)))
    line = cv2.resize(picture, (width, HEIGHT)).astype(np.float32) / 127.5 - 1
    line = np.pad(line, ((0, 0), (0, max(0, NARROWEST - width)), (0, 0)))
    return np.ascontiguousarray(line.transpose(2, 0, 1)[None])


@dataclass(frozen=True)
class Part:
    """Lines of one kind, with what they say."""

    name: str
    lines: tuple[tuple[Picture, str], ...]


def held_out_lines(count: int, seed: int = 7, named: Sequence[str] = (), extra: Sequence[Path] = ()) -> list[Part]:
    """Normal and harsh print of words, and numbers of normal print: `count` lines each, the same for every caller.

    `named`: only in held-out faces whose name has one of these in it; `extra`: font files beside those installed, of
    which the held-out ones are taken.
    """
    chosen = [
        one for one in faces(held_out=True, extra=extra) if not named or any(name in one[0].name for name in named)
    ]
    vocabulary = words(evaluation=True)
    parts = []
    for i, (name, harsh) in enumerate((("normal", 0.0), ("harsh", 1.0), ("digits", 0.0))):
        drawer = Drawer(seed + i, chosen, harsh)
        writer = Writer(random.Random(seed + i), vocabulary)
        lines: list[tuple[Picture, str]] = []
        while len(lines) < count:
            text = writer.number() if name == "digits" else writer.line()
            picture = drawer.line(text)
            if picture is not None:
                lines.append((picture, text))
        parts.append(Part(name, tuple(lines)))
    return parts


def character_error(pairs: Sequence[tuple[str, str]]) -> float:
    """Edits per true character over (read, true); spaces do not count, and signs that print alike are one."""
    pairs = [(folded(read), folded(true)) for read, true in pairs]
    return sum(Levenshtein.distance(read, true) for read, true in pairs) / max(1, sum(len(true) for _, true in pairs))


def folded(text: str) -> str:
    """Without spaces; full-width signs, quotes, dashes and ㈜ as their plain forms."""
    return unicodedata.normalize("NFKC", text).translate(ALIKE).replace(" ", "")


def digit_error(pairs: Sequence[tuple[str, str]]) -> float:
    """Edits per true digit, of the digits alone."""
    return character_error([(_digits(read), _digits(true)) for read, true in pairs])


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def errors(read: Read, parts: Sequence[Part]) -> dict[str, float]:
    """Character error by part; for the part of numbers, the error of their digits."""
    found = {}
    for part in parts:
        found[part.name] = part_error(part.name, [(read(picture), true) for picture, true in part.lines])
    return found


def part_error(name: str, pairs: Sequence[tuple[str, str]]) -> float:
    """Of a part's lines, (read, true): the error of their characters, or of their digits where it is one of numbers."""
    return (digit_error if name == "digits" else character_error)(pairs)


def main() -> None:
    """Print the errors."""
    parser = argparse.ArgumentParser(description="Character error on drawn lines of held-out fonts and words.")
    parser.add_argument("model", type=Path, help="ONNX file with its dictionary in the metadata")
    parser.add_argument("--lines", type=int, default=500, help="drawn lines of each kind; 0: none")
    parser.add_argument("--seed", type=int, default=7, help="of the drawing: other lines in the same faces")
    parser.add_argument("--faces", nargs="*", default=[], help="only held-out faces with one of these in their name")
    parser.add_argument("--own", type=Path, nargs="*", default=[], help="folders of lines (see `training.lines`)")
    options = parser.parse_args()
    reader = Reader(options.model)
    drawn = errors(reader, held_out_lines(options.lines, options.seed, options.faces)) if options.lines else {}
    found = list(drawn.items())  # a folder of one's own may be called "normal", too
    for folder in options.own:
        pairs = [(reader(picture), text) for picture, text in read(folder)]
        found += [(folder.name, character_error(pairs)), (f"{folder.name}, digits", digit_error(pairs))]
    for name, error in found:
        print(f"{name:8} {100 * error:6.2f} %")


if __name__ == "__main__":
    main()
