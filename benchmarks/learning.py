"""What 200 corrected lines of one odd face teach: `python -m benchmarks.learning FONT.ttf`.

The face should be one that training never saw. Its lines stand for what somebody corrected; errors are measured on
other lines in it, with words held out from training, and elsewhere on lines in the faces of training and, where there
are any, in held-out ones. Ten lines stand for a receipt, on which one of the two recognisers is believed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from training.draw import Drawer, Picture
from training.evaluate import Part, held_out_lines, part_error
from training.export import export
from training.faces import Face, Outline, faces
from training.learn import STEPS, tuned
from training.pair import Pair, sheets
from training.text import Writer, words
from workbench.pipeline.ocr.model_files import BUNDLED


def lines(
    faces_: Sequence[tuple[Face, float]], count: int, seed: int, vocabulary: list[str]
) -> tuple[tuple[Picture, str], ...]:
    """`count` lines of receipts in those faces."""
    drawer, writer = Drawer(seed, faces_, 0.1), Writer(random.Random(seed), vocabulary)
    drawn: list[tuple[Picture, str]] = []
    while len(drawn) < count:
        text = writer.line()
        picture = drawer.line(text)
        if picture is not None:
            drawn.append((picture, text))
    return tuple(drawn)


def main() -> None:
    """Learn, and print a row a kind of line: character error of the bundled recogniser, of the learnt one, of both."""
    parser = argparse.ArgumentParser(description="What corrections of one odd face teach.")
    parser.add_argument("font", type=Path)
    parser.add_argument("--held-out", type=Path, nargs="*", default=[], help="fonts held out from training, if need be")
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--test", type=int, default=200, help="lines of each kind that errors are measured on")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--keep", type=Path, help="folder for the model; one that is there is measured again")
    options = parser.parse_args()
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "20000")  # read at oneDNN's first use
    torch.set_num_threads(1)
    odd = [(Outline(options.font), 1.0)]
    test, apart = words(evaluation=True), faces(held_out=True, extra=options.held_out)
    parts = [
        Part(options.font.stem, lines(odd, options.test, 12, test)),
        Part("faces of training", lines(faces(), options.test, 13, test)),
        *(held_out_lines(options.test, extra=options.held_out) if apart else []),
    ]
    start = BUNDLED / "inference.onnx"
    with tempfile.TemporaryDirectory() as name:
        made = (options.keep or Path(name)) / "inference.onnx"
        if not made.exists():
            cpu = time.process_time()
            learner, characters = tuned(
                start, lines(odd, options.lines, 11, words()), options.steps,
                lambda share: print(f"{100 * share:.0f} %", end="\r", file=sys.stderr, flush=True),
            )  # fmt: skip
            export(learner.average, characters, made.parent)
            spent = (time.process_time() - cpu) / 60
            print(f"{options.font.stem}: {options.lines} lines, {options.steps} steps, {spent:.0f} CPU minutes\n")
        readers = Pair(start), Pair(made), Pair(start, made)
        print("| | bundled | what was learnt, alone | both |\n|---|---|---|---|")
        for part in parts:
            found = [
                part_error(part.name, [one for of in sheets(part.lines) for one in reader.read(of)])
                for reader in readers
            ]
            print(f"| {part.name} |", " | ".join(f"{100 * error:.2f} %" for error in found), "|", flush=True)


if __name__ == "__main__":
    main()
