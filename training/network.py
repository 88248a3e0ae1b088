"""The recogniser as a small PyTorch module, and its weights out of an ONNX file.

The shape is that of PP-OCRv6_small_rec (Apache-2.0): a light convolutional backbone, two transformer blocks over the
columns, a CTC head. One output step stands for 4 px of a line that is 48 px high; the base model's for 8, which
loses repeated digits in narrow print. The windows that a step sees are as wide as the base's and overlap by half.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrize

WIDTH, HEADS, STRIDE, HEIGHT = 120, 8, 4, 48
BLOCKS = (  # channels in, channels out, squeeze-and-excitation?; a change of channels halves the height
    (96, 96, True), (96, 96, False), (96, 96, False), (96, 192, False),
    (192, 192, True), (192, 192, False), (192, 192, True), (192, 192, False),
    (192, 192, True), (192, 192, False), (192, 384, False),
    (384, 384, True), (384, 384, False),
)  # fmt: skip


class Stem(nn.Module):
    """The picture (N x 3 x 48 x W) becomes 96 planes at a quarter of its size."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 48, 3, 2, 1)
        self.narrow = nn.Conv2d(48, 24, 2)
        self.widen = nn.Conv2d(24, 48, 2)
        self.join = nn.Conv2d(96, 48, 3, 2, 1)
        self.out = nn.Conv2d(48, 96, 1)

    def forward(self, x: Tensor) -> Tensor:
        """N x 3 x 48 x W to N x 96 x 12 x W/4."""
        x = F.relu(self.first(x))
        grown = (0, 1, 0, 1)  # right and below: what the base's auto_pad=SAME_UPPER means for a 2 x 2 kernel
        y = F.relu(self.widen(F.pad(F.relu(self.narrow(F.pad(x, grown))), grown)))
        pooled = F.max_pool2d(F.pad(x, grown), 2, 1)  # zeros pad it exactly: after ReLU nothing is below zero
        return F.relu(self.out(F.relu(self.join(torch.cat([pooled, y], 1)))))


class Block(nn.Module):
    """Mixes within planes (depthwise), weighs the planes, then mixes between them."""

    def __init__(self, inner: int, outer: int, weighs: bool) -> None:
        super().__init__()
        self.same = inner == outer
        self.spread = nn.Conv2d(inner, inner, 3, 1 if self.same else (2, 1), 1, groups=inner)
        if weighs:
            self.squeeze = nn.Conv2d(inner, inner // 4, 1)
            self.excite = nn.Conv2d(inner // 4, inner, 1)
        self.weighs = weighs
        self.widen = nn.Conv2d(inner, 2 * inner, 1)
        self.narrow = nn.Conv2d(2 * inner, outer, 1)

    def forward(self, x: Tensor) -> Tensor:
        """N x inner x H x W to N x outer x H (or H/2) x W."""
        x = self.spread(x)
        if self.weighs:
            x = x * F.hardsigmoid(self.excite(F.relu(self.squeeze(x.mean((2, 3), keepdim=True)))))
        y: Tensor = self.narrow(F.gelu(self.widen(x)))
        return x + y if self.same else y


class Mixer(nn.Module):
    """A transformer block over the columns of the line."""

    def __init__(self) -> None:
        super().__init__()
        self.before = nn.LayerNorm(WIDTH)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.between = nn.LayerNorm(WIDTH)
        self.widen = nn.Linear(WIDTH, 2 * WIDTH)
        self.narrow = nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        """N x W/4 x 120, same out."""
        lines, steps, _ = x.shape
        q, k, v = self.qkv(self.before(x)).reshape(lines, steps, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        looked = ((q * (WIDTH // HEADS) ** -0.5) @ k.transpose(-1, -2)).softmax(-1) @ v
        x = x + self.out(looked.transpose(1, 2).reshape(lines, steps, WIDTH))
        mixed: Tensor = x + self.narrow(F.silu(self.widen(self.between(x))))
        return mixed


class Recogniser(nn.Module):
    """N x 3 x 48 x W (BGR, -1..1) to N x W/4 x (1 + characters) logits; class 0 is CTC's blank.

    The modules stand in the order of their use: `load` counts on it.
    """

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.stem = Stem()
        self.blocks = nn.Sequential(*(Block(*shape) for shape in BLOCKS))
        self.shortcut = nn.Conv2d(384, WIDTH, 1)
        self.enter = nn.Conv2d(384, WIDTH, 1)
        self.slide = nn.Conv2d(WIDTH, WIDTH, (1, 7), 1, (0, 6), (1, 2), groups=WIDTH)
        self.mixers = nn.Sequential(Mixer(), Mixer())
        self.after = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, characters + 1)

    def features(self, x: Tensor) -> Tensor:
        """N x W/4 x 120: what the head sees."""
        x = F.pad(F.avg_pool2d(self.blocks(self.stem(x)), (3, 2), (3, 1)), (0, 1, 0, 0), "replicate")
        kept = F.silu(self.shortcut(x))
        x = F.silu(self.enter(x))
        x = x + F.silu(self.slide(x))
        x = self.after(self.mixers(x.flatten(2).transpose(1, 2)))
        return x + kept.squeeze(2).transpose(1, 2)

    def forward(self, x: Tensor) -> Tensor:
        """The logits."""
        logits: Tensor = self.head(self.features(x))
        return logits


def load(path: Path | str) -> tuple[Recogniser, list[str]]:
    """The network and its dictionary out of an ONNX file: the base model's, or one that `training.export` wrote.

    Both engines count an implied space as the last class; it is listed here like any other character.
    """
    model = onnx.load(str(path))
    characters = dictionary(model)
    weights = list(_weights(model.graph))
    network = Recogniser(len(characters))
    for (name, parameter), array in zip(network.named_parameters(), weights, strict=True):
        if parameter.numel() != array.size:
            raise ValueError(f"{path}: {name} needs {tuple(parameter.shape)}, found {array.shape}")
        parameter.data.copy_(torch.from_numpy(array.reshape(parameter.shape).copy()))
    return in_channels_last(network), characters


def in_channels_last(network: Recogniser, device: str | None = None) -> Recogniser:
    """The network laid out as its convolutions are fastest, on `device` if given; in place."""
    moved: Recogniser = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return moved


def dictionary(model: onnx.ModelProto) -> list[str]:
    """The characters of classes 1, 2, ... as the file's metadata names them, the space that engines imply last."""
    listed: list[str] = {entry.key: entry.value for entry in model.metadata_props}["character"].split("\n")
    classes: int = model.graph.output[0].type.tensor_type.shape.dim[2].dim_value
    return listed + [" "] * (classes - 1 - len(listed))


def halved_where_quick(device: str) -> torch.autocast:
    """bfloat16 where the processor or card multiplies it; in a processor that only knows how to convert, it costs 2.3
    times what single precision does."""
    quick = device != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.autocast(device, torch.bfloat16, enabled=quick)


def take_head(network: Recogniser, characters: list[str], source: Recogniser, known: list[str]) -> int:
    """Copy the head's rows for the characters that `source` knows too; how many those were."""
    places = {character: i + 1 for i, character in enumerate(known)}
    pairs = [(0, 0)] + [(i + 1, places[c]) for i, c in enumerate(characters) if c in places]
    into, out = map(list, zip(*pairs, strict=True))
    with torch.no_grad():
        network.head.weight.normal_(0, 0.02)
        network.head.bias.fill_(float(source.head.bias.median()))
        network.head.weight[into] = source.head.weight[out]
        network.head.bias[into] = source.head.bias[out]
    return len(pairs) - 1


class Letters(nn.Module):
    """The head's rows, each with what all syllables of the same initial, vowel or final consonant share.

    Of 2,350 syllables most are seldom drawn; so one that is seen teaches those that look like it. For training only:
    `whole` adds it up into plain rows.
    """

    def __init__(self, characters: list[str], width: int = WIDTH) -> None:
        super().__init__()
        has = torch.zeros(len(characters) + 1, 19 + 21 + 28)
        for row, character in enumerate(characters, 1):
            if "가" <= character <= "힣":
                rest, final = divmod(ord(character) - ord("가"), 28)
                initial, vowel = divmod(rest, 21)
                has[row, [initial, 19 + vowel, 40 + final]] = 1
        self.register_buffer("has", has, persistent=False)
        self.shared = nn.Parameter(torch.zeros(has.shape[1], width))

    def forward(self, rows: Tensor) -> Tensor:
        """Classes x width, same out."""
        with torch.autocast(rows.device.type, enabled=False):
            has: Tensor = self.get_buffer("has")
            return rows + has @ self.shared


def by_letters(network: Recogniser, characters: list[str]) -> Recogniser:
    """The network with `Letters` in its head, in place."""
    parametrize.register_parametrization(network.head, "weight", Letters(characters))
    return network


def whole(network: Recogniser) -> Recogniser:
    """The network with plain rows in its head again, in place."""
    parametrize.remove_parametrizations(network.head, "weight")
    return network


def _weights(graph: onnx.GraphProto) -> Iterator[np.ndarray]:
    """The trained arrays in the order of their use, batch norms folded into the convolution before them."""
    constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    for node in graph.node:  # exporters wrap constants in Identity, and half-precision ones in Cast
        if node.op_type in ("Identity", "Cast") and node.input[0] in constants:
            constants[node.output[0]] = constants[node.input[0]].astype(np.float32)
    pending: np.ndarray | None = None  # a convolution's weight, until its bias or batch norm shows up
    for node in graph.node:
        arrays = [constants.get(name) for name in node.input]
        given = [a for a in arrays if a is not None and a.dtype.kind == "f" and a.size > 1]
        if node.op_type == "Conv":
            if len(given) == 2:
                yield from given
            else:
                pending = given[0]
        elif node.op_type == "BatchNormalization" and pending is not None:
            scale, bias, mean, variance = given
            factor = scale / np.sqrt(variance + 1e-5)
            yield pending * factor.reshape(-1, 1, 1, 1)
            yield bias - mean * factor
            pending = None
        elif node.op_type == "MatMul" and given:
            yield given[0].T
        elif node.op_type in ("Add", "Mul", "LayerNormalization"):
            if pending is not None and given:
                yield pending
                pending = None
            yield from given
