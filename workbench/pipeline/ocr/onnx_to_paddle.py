"""An ONNX network becomes PaddlePaddle's own inference files, so that PaddlePaddle reads with the bundled weights.

Needs the packages `onnx` and `paddlepaddle` (`pip install receipt-workbench[paddle]`). Knows the operators of the two
bundled networks; what depends on constants alone is worked out beforehand by ONNX's reference implementation.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import paddle
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator
from onnxruntime.transformers.fusion_gelu import FusionGelu
from onnxruntime.transformers.onnx_model import OnnxModel
from paddle import nn
from paddle.nn import functional as F

Attributes = dict[str, Any]


class OnnxNetwork(nn.Layer):  # type: ignore[misc]  # paddle is untyped
    """The graph of an ONNX model as a Paddle layer; its constants become parameters.

    Raises NotImplementedError for an operator that neither bundled network has.
    """

    def __init__(self, graph: onnx.GraphProto) -> None:
        super().__init__()
        self._graph = graph
        self._constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self._fold(graph)
        self._parameters_of: dict[str, Any] = {}
        factors = {name for node in graph.node if node.op_type == "Resize" for name in node.input}
        for name, array in self._constants.items():
            if array.dtype.kind == "f" and array.size > 1 and name not in factors:
                value = nn.initializer.Assign(array.astype(np.float32))
                parameter = self.create_parameter(list(array.shape), default_initializer=value)
                self.add_parameter(f"weight_{len(self._parameters_of)}", parameter)
                self._parameters_of[name] = parameter

    def _fold(self, graph: onnx.GraphProto) -> None:
        """Works out every node that depends on constants alone."""
        for node in graph.node:
            if node.op_type == "Constant":
                self._constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            elif node.op_type != "If" and node.input and all(name in self._constants for name in node.input if name):
                inputs = {name: self._constants[name] for name in node.input if name}
                known = ReferenceEvaluator(_model_of(node, inputs)).run(None, inputs)
                self._constants |= dict(zip(node.output, known, strict=True))
            for attribute in node.attribute:
                if attribute.type == onnx.AttributeProto.GRAPH:
                    self._fold(attribute.g)

    def forward(self, pixels: Any) -> Any:
        """What the ONNX model gives for the same input."""
        values: dict[str, Any] = {self._graph.input[0].name: pixels}
        self._run(self._graph, values)
        return values[self._graph.output[0].name]

    def _run(self, graph: onnx.GraphProto, values: dict[str, Any]) -> None:
        for node in graph.node:
            if node.output[0] in self._constants:
                continue
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            inputs = [self._value(name, values) for name in node.input if name]
            if node.op_type == "If":
                branch = attributes["then_branch" if inputs[0] else "else_branch"]
                self._run(branch, values)
                found = [self._value(branch.output[0].name, values)]
            elif node.op_type in OPERATORS:
                found = OPERATORS[node.op_type](inputs, attributes)
                found = found if node.op_type == "Split" else [found]
            else:
                raise NotImplementedError(node.op_type)
            for place, name in enumerate(node.output):  # Paddle rewrites this function, and knows no strict `zip`
                values[name] = found[place]

    def _value(self, name: str, values: dict[str, Any]) -> Any:
        if name in values:
            return values[name]
        return self._parameters_of[name] if name in self._parameters_of else self._constants[name]


def _model_of(node: onnx.NodeProto, inputs: dict[str, Any]) -> onnx.ModelProto:
    """One node as a model of its own."""
    given = [onnx.helper.make_tensor_value_info(n, numpy_kind(v.dtype), v.shape) for n, v in inputs.items()]
    out = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.UNDEFINED, None) for name in node.output]
    graph = onnx.helper.make_graph([node], "constant", given, out)
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])


def numpy_kind(dtype: Any) -> int:
    """ONNX's number for a numpy dtype."""
    return int(onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))


def _paddings(attributes: Attributes) -> list[int]:
    """Rows and columns added: one number a side where both are alike, else top, bottom, left, right."""
    if attributes.get("auto_pad") == b"SAME_UPPER":  # both networks use it with strides of 1 only
        (high, wide) = (size - 1 for size in attributes["kernel_shape"])
        top, left, bottom, right = high // 2, wide // 2, high - high // 2, wide - wide // 2
    else:
        top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    return [top, left] if (top, left) == (bottom, right) else [top, bottom, left, right]


def _conv(inputs: Sequence[Any], attributes: Attributes) -> Any:
    return F.conv2d(
        inputs[0],
        inputs[1],
        inputs[2] if len(inputs) > 2 else None,
        stride=list(attributes.get("strides", [1, 1])),
        padding=_paddings(attributes),
        dilation=list(attributes.get("dilations", [1, 1])),
        groups=attributes.get("group", 1),
    )


def _conv_transpose(inputs: Sequence[Any], attributes: Attributes) -> Any:
    bias = inputs[2] if len(inputs) > 2 else None
    return F.conv2d_transpose(inputs[0], inputs[1], bias, stride=list(attributes["strides"]))


def _max_pool(inputs: Sequence[Any], attributes: Attributes) -> Any:
    x, around = inputs[0], _paddings(attributes)
    if len(around) == 4:  # top, bottom, left, right; Paddle wants left, right, top, bottom
        x, around = F.pad(x, [*around[2:], *around[:2]], value=-3e38), [0, 0]
    return F.max_pool2d(x, list(attributes["kernel_shape"]), list(attributes.get("strides", [1, 1])), around)


def _average_pool(inputs: Sequence[Any], attributes: Attributes) -> Any:
    kernel, strides = list(attributes["kernel_shape"]), list(attributes["strides"])
    return F.avg_pool2d(inputs[0], kernel, strides, _paddings(attributes), exclusive=False)


def _pad(inputs: Sequence[Any], attributes: Attributes) -> Any:
    pads = [int(p) for p in inputs[1]]
    top, left, bottom, right = pads[2], pads[3], pads[6], pads[7]
    mode = "replicate" if attributes.get("mode") == b"edge" else "constant"
    return F.pad(inputs[0], [left, right, top, bottom], mode=mode)


def _resize(inputs: Sequence[Any], _: Attributes) -> Any:
    scale = [float(s) for s in inputs[-1]][2:]
    return F.interpolate(inputs[0], scale_factor=scale, mode="nearest")


# Shapes are Python lists whose unknown sides are tensors, so that known ones can decide a branch.


def _shape(inputs: Sequence[Any], _: Attributes) -> list[Any]:
    x = inputs[0]
    return [side if side >= 0 else paddle.shape(x)[place] for place, side in enumerate(x.shape)]


def _cast(inputs: Sequence[Any], attributes: Attributes) -> Any:
    if isinstance(inputs[0], list) or attributes["to"] == onnx.TensorProto.INT64:
        return inputs[0]
    return inputs[0].astype("float32")


def _unsqueeze(inputs: Sequence[Any], _: Attributes) -> Any:
    return [inputs[0]]  # only ever of one side of a shape


def _concat(inputs: Sequence[Any], attributes: Attributes) -> Any:
    if any(isinstance(i, list) for i in inputs):
        return [side for i in inputs for side in (i if isinstance(i, list) else i.tolist())]
    return paddle.concat(list(inputs), attributes["axis"])


def _split(inputs: Sequence[Any], attributes: Attributes) -> Any:
    edges = [0, *(int(end) for end in np.cumsum(inputs[1]))]
    axis = [attributes["axis"]]
    return [paddle.slice(inputs[0], axis, [edges[i]], [edges[i + 1]]) for i in range(len(edges) - 1)]


def _squeeze(inputs: Sequence[Any], _: Attributes) -> Any:
    return paddle.squeeze(inputs[0], [int(axis) for axis in inputs[1]])


def _layer_norm(inputs: Sequence[Any], attributes: Attributes) -> Any:
    return F.layer_norm(inputs[0], inputs[1].shape, inputs[1], inputs[2], attributes["epsilon"])


def _mean(inputs: Sequence[Any], attributes: Attributes) -> Any:
    axes, keeps = list(attributes["axes"]), bool(attributes["keepdims"])
    if axes == [2, 3] and keeps:  # oneDNN takes means by pooling in a tenth of the time
        return F.adaptive_avg_pool2d(inputs[0], 1)
    return inputs[0].mean(axes, keepdim=keeps)


OPERATORS: dict[str, Callable[[Sequence[Any], Attributes], Any]] = {
    "Add": lambda i, _: i[0] + i[1],
    "AveragePool": _average_pool,
    "Cast": _cast,
    "Concat": _concat,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "Div": lambda i, _: i[0] / i[1],
    "Equal": lambda i, _: bool(i[0] == i[1]),
    "Erf": lambda i, _: paddle.erf(i[0]),
    "Gelu": lambda i, _: F.gelu(i[0]),
    "Gather": lambda i, _: i[0][int(i[1])],
    "GlobalAveragePool": lambda i, _: F.adaptive_avg_pool2d(i[0], 1),
    "HardSigmoid": lambda i, a: F.hardsigmoid(i[0], a.get("alpha", 0.2), a.get("beta", 0.5)),
    "Identity": lambda i, _: i[0],
    "LayerNormalization": _layer_norm,
    "MatMul": lambda i, _: paddle.matmul(i[0], i[1]),
    "MaxPool": _max_pool,
    "Mul": lambda i, _: i[0] * i[1],
    "Pad": _pad,
    "ReduceMean": _mean,
    "Relu": lambda i, _: F.relu(i[0]),
    "Reshape": lambda i, _: paddle.reshape(i[0], i[1] if isinstance(i[1], list) else i[1].tolist()),
    "Resize": _resize,
    "Shape": _shape,
    "Sigmoid": lambda i, _: F.sigmoid(i[0]),
    "Slice": lambda i, _: i[0][int(i[1][0]) : int(i[2][0])],  # only ever of a shape
    "Softmax": lambda i, a: F.softmax(i[0], a["axis"]),
    "Split": _split,
    "Squeeze": _squeeze,
    "Transpose": lambda i, a: paddle.transpose(i[0], list(a["perm"])),
    "Unsqueeze": _unsqueeze,
}


def convert(source: Path, folder: Path, height: int | None = None) -> None:
    """Writes `inference.json` and `inference.pdiparams` of the ONNX file `source` into `folder`, whole or not at all.

    `height` is that of the picture where the network takes one height only (a recogniser's 48 px).
    """
    paddle.disable_static()
    model = OnnxModel(onnx.load(str(source)))
    FusionGelu(model).apply()  # Paddle's `erf` is one number at a time, its `gelu` sixteen
    model.topological_sort()
    network = OnnxNetwork(model.model.graph)
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    given = paddle.static.InputSpec([None, 3, height, None], "float32", "x")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        paddle.jit.save(network, str(Path(name) / "inference"), input_spec=[given])
        for part in ("inference.pdiparams", "inference.json"):  # the one that is looked for comes last
            (Path(name) / part).replace(folder / part)
