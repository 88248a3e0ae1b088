"""Writes a trained run as the model folder that PaddleOCR and RapidOCR read: `python -m training.export RUN FOLDER`.

`inference.onnx` has the softmax and a dynamic width, and its dictionary in the metadata (RapidOCR); `inference.yml` has
the dictionary again (PaddleOCR). Weights are stored in half precision, which halves the file; the engines compute in
single precision.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import yaml
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from training.network import HEIGHT, Recogniser, by_letters, load, whole

NAME = "korean_PP-OCRv5_mobile_rec"  # a name PaddleOCR knows; it refuses others
APART = 1e-4  # ONNX against PyTorch on noise: the largest difference of a step's probabilities, mean over steps
APART_HALVED = 0.05  # ... and with weights rounded to half precision, which noise makes much of (0.01 to 0.02)


class Chances(nn.Module):
    """The network with what the engines expect at its end: probabilities."""

    def __init__(self, network: Recogniser) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        """N x 3 x 48 x W to N x W/4 x classes."""
        chances: Tensor = self.network(x).softmax(-1)
        return chances


def export(network: Recogniser, characters: list[str], folder: Path) -> float:
    """Write the model folder; how far its probabilities are from PyTorch's on noise.

    `characters` ends with the space, which both engines add to the dictionary by themselves.
    """
    if characters[-1] != " ":
        raise ValueError("the engines imply the space as the last class")
    folder.mkdir(parents=True, exist_ok=True)
    chances = Chances(network).cpu().eval()
    target = folder / "inference.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that it is the older exporter; its graph is plainer
        torch.onnx.export(
            chances, (torch.zeros(1, 3, HEIGHT, 320),), str(target), opset_version=17, dynamo=False,
            input_names=["x"], output_names=["chances"],
            dynamic_axes={"x": {0: "lines", 3: "width"}, "chances": {0: "lines", 1: "steps"}},
        )  # fmt: skip
    _compared(chances, target, APART)
    model = halved(onnx.load(str(target)))
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(characters) + 1
    entry = model.metadata_props.add()
    entry.key, entry.value = "character", "\n".join(characters[:-1])
    onnx.checker.check_model(model)
    onnx.save(model, str(target))
    (folder / "inference.yml").write_text(settings(characters), "utf8")
    return _compared(chances, target, APART_HALVED)


def settings(characters: list[str]) -> str:
    """`inference.yml` in PaddleOCR's form."""
    resize = {"RecResizeImg": {"image_shape": [3, HEIGHT, 320]}}
    return yaml.safe_dump(
        {
            "Global": {"model_name": NAME},
            "PreProcess": {"transform_ops": [{"DecodeImage": {"channel_first": False, "img_mode": "BGR"}}, resize]},
            "PostProcess": {"name": "CTCLabelDecode", "character_dict": characters[:-1]},
        },
        allow_unicode=True, sort_keys=False,
    )  # fmt: skip


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with its large weights in half precision, cast back at loading."""
    casts = []
    for constant in model.graph.initializer:
        array = numpy_helper.to_array(constant)
        if array.dtype == np.float32 and array.size >= 1024:
            name = constant.name
            constant.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}_half"))
            casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def _compared(chances: Chances, path: Path, limit: float) -> float:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for lines, width in ((1, 320), (2, 488)):
        x = torch.rand(lines, 3, HEIGHT, width) * 2 - 1
        with torch.no_grad():
            worst = max(
                worst, float(np.abs(session.run(None, {"x": x.numpy()})[0] - chances(x).numpy()).max(-1).mean())
            )
    if worst > limit:
        raise RuntimeError(f"ONNX and PyTorch are {worst:.5f} apart; the export is wrong")
    return worst


def averaged(sources: Sequence[Path], weights: str = "average") -> tuple[Recogniser, list[str]]:
    """The mean network of runs and ONNX files that go back to one start."""
    found = [load(source) if source.suffix == ".onnx" else trained(source, weights) for source in sources]
    network, characters = found[0]
    if any(others != characters for _, others in found):
        raise ValueError("the runs have different dictionaries")
    states = [one.state_dict() for one, _ in found]
    network.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return network, characters


def trained(run: Path, weights: str = "average") -> tuple[Recogniser, list[str]]:
    """A run's network: with its averaged weights, or with those of its last step (`network`)."""
    state = torch.load(run / "state.pt", map_location="cpu")
    characters: list[str] = state["characters"]
    network = by_letters(Recogniser(len(characters)), characters)
    network.load_state_dict(state[weights])
    return whole(network), characters


def main() -> None:
    """Export the mean of runs and of ONNX files."""
    parser = argparse.ArgumentParser(description="Write runs as a model folder.")
    parser.add_argument("runs", type=Path, nargs="+", help="folders of runs and .onnx files, averaged where several")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", choices=("average", "network"), default="average")
    options = parser.parse_args()
    network, characters = averaged(options.runs, options.weights)
    apart = export(network, characters, options.folder)
    print(f"{options.folder}: ONNX and PyTorch at most {apart:.6f} apart")


if __name__ == "__main__":
    main()
