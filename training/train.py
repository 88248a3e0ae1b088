"""Trains the recogniser on drawn lines: `python -m training.train START.onnx RUN --hours 8`.

A run can be stopped at any moment and started again with the same command; it loses what it did since the last save.
Lines with Hangul are learnt from the text alone. Lines without it are also learnt from the base model's own output:
without that the network forgets within minutes what the base knows about digits.
"""

from __future__ import annotations

import argparse
import copy
import math
import multiprocessing as mp
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.draw import HEIGHT, Drawer
from training.faces import faces
from training.lines import read
from training.network import Recogniser, by_letters, halved_where_quick, in_channels_last, load, take_head
from training.text import CHARACTERS, Writer, words
from workbench.pipeline.ocr.ctc import greedy
from workbench.pipeline.ocr.model_files import plain_recogniser
from workbench.pipeline.storage.atomic import whole

WIDTHS = (104, 152, 208, 264, 328, 400, 480, 560)  # few shapes: oneDNN builds and keeps its kernels for each
BATCH = 32
HARSH, SCANNED, LOOSE = 0.12, 0.12, 0.25  # shares of badly printed, of scanned lines, of those in boxes that do not fit
DENSE = 0.6  # share of the lines with Hangul that are packed with it
BRIEF = 0.08  # share of lines of a character or two, as in the cells of a table
PLAIN = 0.2  # share of batches without Hangul, which the base model teaches too
RATES = {"stem": 1e-4, "blocks": 4e-4, "head": 1e-3, "": 6e-4}  # of AdamW at full height; "" is the rest
OWN = 0.2  # share of a user's own lines, where given
AVERAGE = 0.998  # what the averaged weights keep at each step
HARD, SELDOM = 0.15, 0.06  # loss a character from which on every line is practised; share of those that are known
LOST = 2.0  # loss a character from which on a line counts less: nobody could read it


@dataclass(frozen=True)
class Batch:
    """Pictures uint8 N x 48 x W x 3 of near-equal width and their texts.

    `plain`: they are without Hangul. `weights`: how much each counts; all alike where not given.
    """

    pictures: np.ndarray
    texts: list[str]
    plain: bool
    weights: np.ndarray | None = None


def batches(seed: int, fonts: list[Path], folders: list[Path]) -> Iterator[Batch]:
    """Drawn lines, for ever; one in five comes from `folders` (see `training.collect`) where there are any."""
    cv2.setNumThreads(1)
    rng = random.Random(seed)
    drawer = Drawer(seed, faces(extra=fonts), HARSH, SCANNED, LOOSE)
    own = [line for folder in folders for line in read(folder)]
    writer = Writer(rng, words())
    while True:
        plain = rng.random() < PLAIN
        lines: list[tuple[np.ndarray, str]] = []
        while len(lines) < 8 * BATCH:
            if own and not plain and rng.random() < OWN:
                photo, text = rng.choice(own)
                picture = drawer.again(photo)
            else:
                text = _written(writer, plain)
                picture = drawer.line(text)
            if picture is not None:
                lines.append((picture, text))
        lines.sort(key=lambda line: line[0].shape[1])
        cuts = [lines[i : i + BATCH] for i in range(0, len(lines), BATCH)]
        rng.shuffle(cuts)
        for cut in cuts:
            yield Batch(stacked([p for p, _ in cut]), [t for _, t in cut], plain)


def _written(writer: Writer, plain: bool) -> str:
    if writer.rng.random() < BRIEF:
        return writer.brief(plain)
    return writer.plain() if plain else writer.dense() if writer.rng.random() < DENSE else writer.line()


def stacked(pictures: list[np.ndarray]) -> np.ndarray:
    """One array N x 48 x W x 3 of pictures, grey behind the shorter ones, W one of `WIDTHS`."""
    widest = max(p.shape[1] for p in pictures)
    stack = np.full((len(pictures), HEIGHT, next(w for w in WIDTHS if w >= widest), 3), 128, np.uint8)
    for row, picture in zip(stack, pictures, strict=True):
        row[:, : picture.shape[1]] = picture
    return stack


def _feed(queue: mp.Queue[Batch], seed: int, fonts: list[Path], folders: list[Path]) -> None:
    for batch in batches(seed, fonts, folders):
        queue.put(batch)


class Lesson:
    """What a batch teaches: the text by CTC and, where there is no Hangul, the base model's output frame by frame."""

    def __init__(self, characters: list[str], teacher: Recogniser, known: list[str], device: str) -> None:
        self.place = {c: i + 1 for i, c in enumerate(characters)}
        self.device = device
        self.teacher = copy.deepcopy(teacher)
        places = {c: i + 1 for i, c in enumerate(known)}
        shared = [c for c in characters if c in places]
        self.shared = torch.tensor([0] + [self.place[c] for c in shared], device=device)
        self.teacher.head = torch.nn.Linear(teacher.head.in_features, len(shared) + 1)
        take_head(self.teacher, shared, teacher, known)
        in_channels_last(self.teacher, device).eval().requires_grad_(False)

    def loss(self, network: Recogniser, batch: Batch) -> tuple[Tensor, Tensor]:
        """The loss and the logits."""
        x = self._seen(batch)
        with halved_where_quick(self.device):
            logits = network(x)
            taught = self.teacher(x) if batch.plain else None
        scores = logits.float().log_softmax(-1)
        losses = self._spelled(scores, batch.texts)
        if taught is not None:
            apart = F.kl_div(scores[..., self.shared], taught.float().softmax(-1), reduction="none").sum(-1).mean(-1)
            losses = losses + 4.0 * apart * self._right(taught, batch.texts)
        if batch.weights is not None:
            losses = losses * torch.from_numpy(batch.weights).to(self.device)
        return losses.mean(), logits

    def doubts(self, network: Recogniser, batch: Batch) -> list[float]:
        """The loss of each line's text, a character."""
        with torch.no_grad(), halved_where_quick(self.device):
            logits = network(self._seen(batch))
        found: list[float] = self._spelled(logits.float().log_softmax(-1), batch.texts).tolist()
        return found

    def _seen(self, batch: Batch) -> Tensor:
        x = torch.from_numpy(batch.pictures).to(self.device).permute(0, 3, 1, 2)
        return x.contiguous(memory_format=torch.channels_last).float() / 127.5 - 1

    def _spelled(self, scores: Tensor, texts: list[str]) -> Tensor:
        targets = torch.tensor([self.place[c] for text in texts for c in text])
        lengths = torch.tensor([len(text) for text in texts])
        steps = torch.full((len(texts),), scores.shape[1])
        whole = F.ctc_loss(
            scores.transpose(0, 1), targets.to(self.device), steps, lengths, reduction="none", zero_infinity=True
        )
        return whole / lengths.to(self.device)

    def _right(self, taught: Tensor, texts: list[str]) -> Tensor:
        """1 for lines that the teacher reads as they are, 0 for those where it would teach a mistake."""
        path = taught.argmax(-1).cpu().numpy()
        wanted = [[self._shared_place(c) for c in text if c != " "] for text in texts]
        space = self._shared_place(" ")
        read = [[k for k, before in zip(row, [0, *row], strict=False) if k and k != before] for row in path.tolist()]
        same = [[k for k in line if k != space] == want for line, want in zip(read, wanted, strict=True)]
        return torch.tensor(same, dtype=torch.float32, device=self.device)

    def _shared_place(self, character: str) -> int:
        if not hasattr(self, "_places"):
            self._places = {int(k): i for i, k in enumerate(self.shared.tolist())}
        return self._places.get(self.place[character], -1)


class Sieve:
    """Keeps the lines that are worth practising, so that the time goes where the errors are.

    Three of four drawn lines are read without a doubt: looking at one costs a fifth of practising it. Of those only a
    few are kept, and count for those that are not, so the scores stay honest (importance sampling).
    """

    def __init__(self, lesson: Lesson, seed: int = 0) -> None:
        self.lesson = lesson
        self.rng = random.Random(seed)
        self.kept: dict[tuple[bool, int], list[tuple[np.ndarray, str, float]]] = {}  # by plain and width

    def ready(self, network: Recogniser, batch: Batch) -> list[Batch]:
        """The batches that are full, now that these lines were looked at."""
        lines = self.kept.setdefault((batch.plain, batch.pictures.shape[2]), [])
        doubts = self.lesson.doubts(network, batch)
        for picture, text, doubt in zip(batch.pictures, batch.texts, doubts, strict=True):
            chance = min(1.0, max(SELDOM, doubt / HARD))
            if self.rng.random() < chance:
                lines.append((picture, text, min(1.0, LOST / doubt) if doubt > HARD else 1 / chance))
        full = []
        while len(lines) >= BATCH:
            pictures, texts, weights = zip(*lines[:BATCH], strict=True)
            del lines[:BATCH]
            full.append(Batch(np.stack(pictures), list(texts), batch.plain, np.array(weights, np.float32)))
        return full


def decoded(logits: Tensor, characters: list[str]) -> list[str]:
    """Greedy CTC: repeats and blanks dropped."""
    return ["".join(characters[k - 1] for k in greedy(path)) for path in logits.argmax(-1).cpu().numpy()]


class Run:
    """A training run on disk: `state.pt` to go on from, with the weights averaged over the last steps; `log.csv`."""

    def __init__(self, folder: Path, start: Path, base: Path, device: str) -> None:
        self.folder, self.device = folder, device
        folder.mkdir(parents=True, exist_ok=True)
        teacher, known = load(base)
        self.network, self.characters = load(start)
        if self.characters != CHARACTERS:  # the base itself: give it our head
            fresh = Recogniser(len(CHARACTERS))
            fresh.load_state_dict({k: v for k, v in self.network.state_dict().items() if "head" not in k}, strict=False)
            take_head(fresh, CHARACTERS, teacher, known)
            self.network, self.characters = fresh, CHARACTERS
        in_channels_last(by_letters(self.network, self.characters), device).train()
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(self._groups(), weight_decay=1e-3)
        self.lesson = Lesson(self.characters, teacher, known, device)
        self.step, self.spent = 0, 0.0
        if (folder / "state.pt").exists():
            self._resume(torch.load(folder / "state.pt", map_location=device))

    def _groups(self) -> list[dict[str, Any]]:
        rated: dict[str, list[torch.nn.Parameter]] = {name: [] for name in RATES}
        for name, parameter in self.network.named_parameters():
            rated[next(part for part in RATES if name.startswith(part))].append(parameter)
        return [{"params": parameters, "lr": RATES[name], "full": RATES[name]} for name, parameters in rated.items()]

    def train(self, batch: Batch, progress: float) -> tuple[float, Tensor]:
        """One step; `progress` 0..1 sets the rate: a short rise, then a cosine down to a fiftieth."""
        rise = min(1.0, (self.step + 1) / 100)
        for group in self.optimizer.param_groups:
            group["lr"] = group["full"] * rise * (0.02 + 0.49 * (1 + math.cos(math.pi * min(1.0, progress))))
        loss, logits = self.lesson.loss(self.network, batch)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self.step += 1
        keep = min(AVERAGE, self.step / (self.step + 10))
        with torch.no_grad():
            for mean, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
                mean.lerp_(now, 1 - keep)
        return loss.item(), logits.detach()

    def save(self) -> None:
        """Everything needed to go on, in one move."""
        state = {
            "network": self.network.state_dict(), "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(), "characters": self.characters,
            "step": self.step, "spent": self.spent,
        }  # fmt: skip
        with whole(self.folder / "state.pt") as draft, draft.open("wb") as file:  # a path may not begin with a dot
            torch.save(state, file)

    def _resume(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        full = [group["full"] for group in self.optimizer.param_groups]  # rates may be changed between sittings
        self.optimizer.load_state_dict(state["optimizer"])
        for group, rate in zip(self.optimizer.param_groups, full, strict=True):
            group["full"] = rate
        self.step, self.spent = state["step"], state["spent"]


def main() -> None:
    """Train until the hours are spent."""
    parser = argparse.ArgumentParser(description="Train the recogniser on drawn lines; stops and goes on at any time.")
    parser.add_argument("start", type=Path, help="ONNX file to start from: the bundled one, or the base model's")
    parser.add_argument("run", type=Path, help="folder of this run")
    parser.add_argument("--base", type=Path, help="PP-OCRv6_rec_small.onnx; default: the one in the rapidocr package")
    parser.add_argument("--hours", type=float, default=8.0, help="of training in all, sittings added up")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--drawers", type=int, default=1, help="processes that draw")
    parser.add_argument("--fonts", type=Path, nargs="*", default=[], help="font files beside those of the system")
    parser.add_argument(
        "--lines", type=Path, nargs="*", default=[], help="folders of your own lines beside the drawn ones"
    )
    parser.add_argument("--save-minutes", type=float, default=5.0)
    options = parser.parse_args()
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "20000")  # read at oneDNN's first use
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    run = Run(options.run, options.start, options.base or plain_recogniser(), device)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped; the same command goes on"))
    queue: mp.Queue[Batch] = mp.Queue(16)
    seeds = [int(time.time()) + i for i in range(options.drawers)]
    drawers = [mp.Process(target=_feed, args=(queue, s, options.fonts, options.lines), daemon=True) for s in seeds]
    for drawer in drawers:
        drawer.start()
    try:
        _loop(run, queue, 3600 * options.hours, 60 * options.save_minutes)
    finally:
        run.save()
        for drawer in drawers:
            drawer.terminate()


def _loop(run: Run, queue: mp.Queue[Batch], seconds: float, pause: float) -> None:
    last = saved = time.monotonic()
    losses: list[float] = []
    sieve = Sieve(run.lesson, run.step)
    log = (run.folder / "log.csv").open("a", buffering=1)
    with log:
        while run.spent < seconds:
            for batch in sieve.ready(run.network, queue.get()):
                loss, logits = run.train(batch, run.spent / seconds)
                losses.append(loss)
                if run.step % 50 == 0:
                    read = decoded(logits.float(), run.characters)
                    exact = np.mean([a == b for a, b in zip(read, batch.texts, strict=True)])
                    row = f"{run.step},{run.spent:.0f},{np.mean(losses):.4f},{exact:.2f},{batch.plain:d}"
                    log.write(row + "\n")
                    print(row, flush=True)
                    losses = []
            now = time.monotonic()
            run.spent, last = run.spent + now - last, now
            if now - saved > pause:
                run.save()
                saved = time.monotonic()


if __name__ == "__main__":
    main()
