"""Makes the 8-bit models that pages are read with: `python -m training.quantise` (four minutes on one core).

The detector of the rapidocr package becomes `workbench/models/receipt_det_int8/inference.onnx`, the recogniser in
FOLDER (default: the bundled one) gets an `int8-<mark>.onnx` beside its `inference.onnx`. The mark names the weights it
was made from: after a new `inference.onnx` it is not taken any more, until this has run again. Ranges are measured on
drawn lines and pages only. Used where the processor has VNNI; older ones clip sums of eight-bit weights.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, version_converter
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from training import quicker
from training.draw import HEIGHT, Drawer, Picture
from training.export import halved
from training.faces import faces
from training.text import Writer, words
from workbench.pipeline.ocr.eight_bits import STORED, made_of, said, told
from workbench.pipeline.ocr.model_files import BUNDLED, DETECTOR_INT8, int8_file, plain_detector

WIDTH = 320
SHAPES = ((1280, 960), (1280, 608), (960, 1280), (1120, 832))  # height x width of a drawn page


def lines(count: int, seed: int = 3) -> Iterator[Picture]:
    """Drawn lines, 48 px high."""
    drawer, writer = Drawer(seed, faces()), Writer(random.Random(seed), words())
    while count:
        picture = drawer.line(writer.line() if count % 3 else writer.plain())
        if picture is not None:
            count -= 1
            yield picture


def tiles(count: int) -> list[Picture]:
    """Drawn lines, end to end, cut into pieces of one width: a histogram of ranges wants equal shapes."""
    strip = np.concatenate(list(lines(2 * count)), axis=1)
    return [strip[:, at * WIDTH : (at + 1) * WIDTH] for at in range(count)]


def pages(count: int, seed: int = 5) -> Iterator[Picture]:
    """Drawn lines in rows on a sheet of paper that lies on something."""
    r, noise, pool = random.Random(seed), np.random.default_rng(seed), list(lines(600, seed))
    for _ in range(count):
        high, wide = r.choice(SHAPES)
        coarse = noise.random((r.randint(2, 12), r.randint(2, 12), 3), np.float32)
        page = cv2.resize(coarse, (wide, high)) * r.uniform(20, 120) + [r.uniform(20, 180) for _ in range(3)]
        page += noise.standard_normal((high, wide, 1), np.float32) * r.uniform(1, 8)
        across, top, bottom = int(wide * r.uniform(0.45, 0.95)), r.randint(0, high // 6), high - r.randint(0, high // 6)
        left, tone = r.randint(0, wide - across), r.uniform(150, 250)
        grain = noise.standard_normal((bottom - top, across, 1), np.float32) * r.uniform(0, 6)
        page[top:bottom, left : left + across] = tone + grain
        _print(page[top:bottom, left : left + across], tone, pool, r)
        yield np.clip(page, 0, 255).astype(np.uint8)


def _print(paper: np.ndarray, tone: float, pool: list[Picture], r: random.Random) -> None:
    """Fills `paper` with rows of lines, in place."""
    size = r.uniform(14, 36)
    y = size
    while y + 2 * size < paper.shape[0]:
        x, high = r.randint(4, 20), int(size * r.choice([1, 1, 1, 1, 1.6]))
        while True:
            line = r.choice(pool)
            wide = round(line.shape[1] * high / HEIGHT)
            if x + wide >= paper.shape[1] - 4:
                break
            small = cv2.resize(line, (wide, high), interpolation=cv2.INTER_AREA).astype(np.float32)
            paper[int(y) : int(y) + high, x : x + wide] = small * (tone / max(small.mean() * 1.2, 60))
            x += wide + r.randint(10, 200)
            if r.random() < 0.5:
                break
        y += high * r.uniform(1.05, 1.7)


class Pictures(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime is not typed
    """Pictures as both networks take them."""

    def __init__(self, pictures: Iterable[Picture]) -> None:
        self._pictures = iter(pictures)

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The next one, or nothing."""
        picture = next(self._pictures, None)
        if picture is None:
            return None
        return {"x": np.ascontiguousarray((picture.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None])}


def fused(source: Path, target: Path) -> onnx.ModelProto:
    """The graph at `source` with constants folded and GELUs in one node, written to `target`.

    Convolutions keep their activations apart: fused ones cannot be quantised.
    """
    model = version_converter.convert_version(onnx.load(str(source)), 17)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"],
        disabled_optimizers=["ConvActivationFusion", "ConvAddActivationFusion"],
    )  # fmt: skip
    model = onnx.load(str(target))
    known = {value.name for value in (*model.graph.value_info, *model.graph.input, *model.graph.output)}
    for node in model.graph.node:  # the quantiser takes no tensor whose type is not written down
        if node.op_type in ("Conv", "Gelu", "QuickGelu", "Relu", "MaxPool", "Resize") and node.output[0] not in known:
            model.graph.value_info.append(helper.make_tensor_value_info(node.output[0], TensorProto.FLOAT, None))
    onnx.save(model, str(target))
    return model


def detector(target: Path) -> None:
    """PP-OCRv6_small_det in 8 bits: all of it but its nonlinearities; ranges are the widest seen."""
    with tempfile.TemporaryDirectory() as folder:
        plain, bytewise = Path(folder) / "plain.onnx", Path(folder) / "bytewise.onnx"
        model = fused(plain_detector(), plain)
        quicker.before(model)
        onnx.save(model, str(plain))
        kinds = ["Conv", "Add", "Relu", "Concat", "MaxPool", "Resize", "Mul", "GlobalAveragePool"]
        quantize_static(
            plain, bytewise, Pictures(pages(40)), quant_format=QuantFormat.QDQ, op_types_to_quantize=kinds,
            per_channel=True, activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8, calibrate_method=CalibrationMethod.MinMax,
        )  # fmt: skip
        made = onnx.load(str(bytewise))
    quicker.after(made)
    _keep(made, plain_detector(), target)


def recogniser(source: Path, target: Path) -> None:
    """A recogniser with its 1 x 1 convolutions in 8 bits, where three quarters of its time goes.

    With the others it reads more digits wrong (0.6 for 0.33 in a hundred), as it does with the widest ranges seen; with
    seven bits a weight no fewer than with eight.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, bytewise = Path(folder) / "plain.onnx", Path(folder) / "bytewise.onnx"
        model = fused(source, plain)
        shapes = {constant.name: list(constant.dims) for constant in model.graph.initializer}
        larger = [n.name for n in model.graph.node if n.op_type == "Conv" and shapes.get(n.input[1], [])[2:] != [1, 1]]
        quantize_static(
            plain, bytewise, Pictures(tiles(80)), quant_format=QuantFormat.QDQ, op_types_to_quantize=["Conv"],
            nodes_to_exclude=larger, per_channel=True, reduce_range=True, activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8, calibrate_method=CalibrationMethod.Percentile,
            extra_options={"CalibPercentile": 99.99},
        )  # fmt: skip
        made = onnx.load(str(bytewise))
    _keep(made, source, target)


def _keep(made: onnx.ModelProto, source: Path, target: Path) -> None:
    """Writes a quantised model to `target`, with what `source` says of itself and no more domains than it uses."""
    halved(made)
    used = {node.domain for node in made.graph.node}
    imports = [entry for entry in made.opset_import if entry.domain in used]
    del made.opset_import[:], made.metadata_props[:]
    made.opset_import.extend(imports)
    made.metadata_props.extend(onnx.load(str(source), load_external_data=False).metadata_props)
    onnx.checker.check_model(made)
    onnx.save(made, str(target))


def main() -> None:
    """Both, or the recogniser of a folder."""
    parser = argparse.ArgumentParser(description="Make the 8-bit models.")
    parser.add_argument("folder", type=Path, nargs="?", help="a recogniser's; else the detector and the bundled one")
    options = parser.parse_args()
    if options.folder is None:
        DETECTOR_INT8.parent.mkdir(exist_ok=True)
        detector(DETECTOR_INT8)
        print(f"{DETECTOR_INT8}: {DETECTOR_INT8.stat().st_size / 1e6:.1f} MB")
    folder = options.folder or BUNDLED
    for old in folder.glob("int8-*.onnx"):
        old.unlink()
    target = int8_file(folder)
    recogniser(folder / "inference.onnx", target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
    if folder == BUNDLED:
        keep_what_they_say()


def keep_what_they_say() -> None:
    """Keeps what the bundled 8-bit models say here, for other machines to compare; to be run where VNNI is."""
    if not told():
        raise RuntimeError("this processor has no VNNI: what it says of 8-bit models is nothing to compare with")
    models = (int8_file(BUNDLED), DETECTOR_INT8)
    line, page = said(*models)
    STORED.write_text(json.dumps({"made_of": made_of(*models), "line": line, "page": page}) + "\n", "utf-8")


if __name__ == "__main__":
    main()
