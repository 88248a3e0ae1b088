"""Goes on from given weights with a user's own corrected lines: `python -m training.learn CASE FOLDER`.

What comes out replaces nothing: it is asked beside what was, and believed where it is surer over a page's lines. So it
may forget; only what knows the syllables (`KEPT`) stays as it was, since most of them stand in no corrected line. A
fifth of the receipts is kept back; both together are compared with what was, on the lines kept back and on drawn ones.
The weights lie in FOLDER/model, FOLDER/state.json says how far it is and what was found; nobody takes them by that. A
run uses one core at the lowest priority.
"""

from __future__ import annotations

import argparse
import copy
import os
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
import torch
from torch import Tensor
from torch.nn import functional as F

import workbench
from training.collect import corrected_by_receipt
from training.draw import HEIGHT, Drawer
from training.export import export
from training.faces import Face, faces
from training.network import Recogniser, halved_where_quick, in_channels_last, load
from training.pair import Line, Pair, Sheet, sheets
from training.text import Writer, vocabulary
from training.train import Batch, stacked
from workbench.case import Case
from workbench.pipeline.ocr.model_files import recogniser_folder
from workbench.pipeline.storage.own_weights import Learnt

FEWEST = 20
"""Corrected lines: of fewer none could be kept back that would tell anything."""
KEPT_BACK = 5
"""One receipt in so many."""
STEPS, OWN, DRAWN = 200, 14, 8
"""Steps, and lines of either kind in one."""
RATES = {"stem": 1.8e-4, "": 2.4e-4}
"""Of Adam, by the beginning of a parameter's name; reached after `RISE` steps: begun at once, the first dozen steps
undo more than the others learn. They stay as high to the end, for what is kept is the mean of all that comes after."""
KEPT = ("mixers", "head")
"""Beginnings of the names of what does not learn"""
RISE = 60
DENSE = 0.6
"""Share of the drawn lines that are packed with Hangul: most syllables stand in none of the user's."""
NARROW_ENOUGH = 560
"""px at 48 px height: wider lines are not learnt from"""
ELSEWHERE = 300
"""Drawn lines that tell whether anything was forgotten."""
SCANNED, LOOSE = 0.12, 0.12

FONT = Path(workbench.__file__).parent / "fonts" / "WorkbenchGothic.ttf"


def parted(by_receipt: dict[str, Sheet]) -> tuple[list[Line], list[Sheet]]:
    """(to learn from, kept back): whole receipts, always the same ones; never all of one kind."""
    names = sorted(by_receipt, key=lambda name: zlib.crc32(name.encode()))
    back = set(names[: max(1, len(names) // KEPT_BACK)])
    learnt = [line for name in names if name not in back for line in by_receipt[name].lines]
    return learnt, [by_receipt[name] for name in back]


class Learner:
    """The network, its mean over the steps after the rise, and one step after the other."""

    def __init__(self, network: Recogniser, characters: list[str]) -> None:
        self.network = in_channels_last(network).train()
        self.average = copy.deepcopy(network).eval().requires_grad_(False)
        self.place = {c: i + 1 for i, c in enumerate(characters)}
        rated: dict[str, list[torch.nn.Parameter]] = {name: [] for name in RATES}
        for name, parameter in self.network.named_parameters():
            if name.startswith(KEPT):
                parameter.requires_grad_(False)
            else:
                rated[next(part for part in RATES if name.startswith(part))].append(parameter)
        groups: list[dict[str, Any]] = [{"params": rated[name], "full": rate} for name, rate in RATES.items()]
        self.optimizer = torch.optim.Adam(groups, betas=(0.9, 0.99))
        self.steps = 0

    def step(self, own: Batch, drawn: Batch) -> float:
        """Learns to spell both."""
        self.steps += 1
        for group in self.optimizer.param_groups:
            group["lr"] = group["full"] * min(1.0, self.steps / RISE)
        mine, others = (self._spelled(self._said(_seen(batch)), batch.texts) for batch in (own, drawn))
        loss = mine + others
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        with torch.no_grad():
            for mean, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
                mean.lerp_(now, 1 / max(1, self.steps - RISE))
        return float(loss.item())

    def _said(self, x: Tensor) -> Tensor:
        with halved_where_quick("cpu"):
            logits: Tensor = self.network(x)
        return logits.float().log_softmax(-1)

    def _spelled(self, said: Tensor, texts: Sequence[str]) -> Tensor:
        targets = torch.tensor([self.place[c] for text in texts for c in text])
        lengths = torch.tensor([len(text) for text in texts])
        steps = torch.full((len(texts),), said.shape[1])
        return F.ctc_loss(said.transpose(0, 1), targets, steps, lengths, zero_infinity=True)


def _seen(batch: Batch) -> Tensor:
    x = torch.from_numpy(batch.pictures).permute(0, 3, 1, 2)
    return x.contiguous(memory_format=torch.channels_last).float() / 127.5 - 1


def batches(lines: Iterator[Line], size: int) -> Iterator[Batch]:
    """Lines of near-equal width together, for ever."""
    while True:
        many = sorted((next(lines) for _ in range(8 * size)), key=lambda line: line[0].shape[1])
        cuts = [many[i : i + size] for i in range(0, len(many), size)]
        random.shuffle(cuts)
        for cut in cuts:
            yield Batch(stacked([p for p, _ in cut]), [t for _, t in cut], False)


def seen_again(own: Sequence[Line], drawer: Drawer, rng: random.Random) -> Iterator[Line]:
    """The user's lines as other cameras would have seen them, for ever."""
    while True:
        picture, text = rng.choice(own)
        seen = drawer.again(picture)
        if seen is not None:
            yield seen, text


def drawn(drawer: Drawer, writer: Writer, dense: float = 0.0) -> Iterator[Line]:
    """Lines as receipts print them, for ever; that share of them packed with Hangul."""
    while True:
        text = writer.dense() if writer.rng.random() < dense else writer.line()
        picture = drawer.line(text)
        if picture is not None:
            yield picture, text


def any_faces() -> list[tuple[Face, float]]:
    """The Korean faces of this machine; at least the one that the workpaper is set in."""
    return faces() or faces(extra=[FONT])


def tuned(
    start: Path, own: Sequence[Line], steps: int = STEPS, tell: Callable[[float], None] = lambda _: None
) -> tuple[Learner, list[str]]:
    """What the network at `start` (ONNX) learns from `own`, and its characters; `tell` hears 0..1."""
    own = [line for line in own if line[0].shape[1] * HEIGHT <= NARROW_ENOUGH * line[0].shape[0]]
    rng = random.Random(1)
    drawer = Drawer(2, [(face, 1.0) for face, _ in any_faces()], 0.1, SCANNED, LOOSE)
    learner = Learner(*(found := load(start)))
    ours = batches(seen_again(own, drawer, rng), OWN)
    others = batches(drawn(drawer, Writer(rng, vocabulary()), DENSE), DRAWN)
    for step in range(steps):
        learner.step(next(ours), next(others))
        tell((step + 1) / steps)
    return learner, found[1]


def some_drawn(seed: int, count: int) -> list[Line]:
    """Drawn lines that tell whether anything was forgotten."""
    drawer = Drawer(seed, any_faces(), 0.1)
    return list(islice(drawn(drawer, Writer(random.Random(seed), vocabulary())), count))


def run(case_folder: Path, folder: Path, steps: int = STEPS) -> Learnt:
    """From a case to FOLDER/model and a comparison, told in FOLDER/state.json all along."""
    folder.mkdir(parents=True, exist_ok=True)
    case = Case.open(case_folder)
    bundled = recogniser_folder(case.settings.recogniser) / "inference.onnx"
    before = recogniser_folder(case.opinion()) / "inference.onnx" if case.opinion() else None
    by_receipt = dict(corrected_by_receipt(case))
    case.close()
    own, back = parted(by_receipt)
    state = Learnt(lines=len(own), kept_back=sum(len(sheet.lines) for sheet in back))
    if state.lines + state.kept_back < FEWEST or not own:
        state = replace(state, done=True, trouble="few")
        state.write(folder)
        return state

    def tell(share: float) -> None:
        replace(state, share=0.9 * share).write(folder)

    tell(0.0)
    learner, characters = tuned(before or bundled, own, steps, tell)
    export(learner.average, characters, folder / "model")
    was, now = Pair(bundled, before), Pair(bundled, folder / "model" / "inference.onnx")
    others = list(sheets(some_drawn(7, ELSEWHERE)))
    kept_back, elsewhere = [(was.error(of), now.error(of)) for of in (back, others)]
    state = replace(state, share=1.0, done=True, own=kept_back, elsewhere=elsewhere)
    state.write(folder)
    return state


def main() -> None:
    """Learn from a case."""
    parser = argparse.ArgumentParser(description="Go on from the weights in use with a case's corrected lines.")
    parser.add_argument("case", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    process = psutil.Process()
    process.nice(getattr(psutil, "IDLE_PRIORITY_CLASS", 19))  # the name is Windows' only
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "20000")  # read at oneDNN's first use
    torch.set_num_threads(1)
    (options.folder / "process").write_text(f"{process.pid} {process.create_time()}", "utf-8")
    try:
        run(options.case, options.folder, options.steps)
    except Exception:
        Learnt(done=True, trouble="failed").write(options.folder)
        raise


if __name__ == "__main__":
    main()
