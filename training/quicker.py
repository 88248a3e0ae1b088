"""The detector's graph in a form that ONNX Runtime computes in 8 bits nearly throughout: a third of its time goes.

A quantised graph spends more time between its convolutions than in them: what has no kernel in 8 bits is computed in
single precision, with a step to it and one back over the whole plane. `before` writes such steps as others that have
one, `after` writes those whose kernel is slow as copies; in single precision all say the same as before. GELUs stay:
x * sigmoid(1.702 x) would save a tenth more, and is 0.005 off in the mean, which lost two more of 56 dates.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

WIDTH = 16
"""channels that a convolution in 8 bits gives at a time; for 12 it takes twice as long"""


class Graph:
    """A graph to be rewritten: who makes a tensor, who takes it, what its constants are."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._graph = model.graph

    def of(self, *kinds: str) -> list[NodeProto]:
        """The nodes of these kinds, in order."""
        return [node for node in self._graph.node if node.op_type in kinds]

    def maker(self, tensor: str) -> NodeProto:
        """The node that makes it."""
        maker: NodeProto = next(node for node in self._graph.node if tensor in node.output)
        return maker

    def takers(self, tensor: str) -> list[NodeProto]:
        """The nodes that take it."""
        return [node for node in self._graph.node if tensor in node.input]

    def constant(self, name: str) -> np.ndarray:
        """Its value."""
        return numpy_helper.to_array(next(one for one in self._graph.initializer if one.name == name))

    def keep(self, name: str, value: np.ndarray) -> str:
        """Adds a constant, or gives it another value; its name."""
        others = [one for one in self._graph.initializer if one.name != name]
        del self._graph.initializer[:]
        self._graph.initializer.extend([*others, numpy_helper.from_array(np.ascontiguousarray(value), name)])
        return name

    def replace(self, olds: list[NodeProto], *news: NodeProto) -> None:
        """Puts `news` where the first of `olds` stands, which go."""
        nodes = list(self._graph.node)
        at = nodes.index(olds[0])
        nodes[at : at + 1] = news
        del self._graph.node[:]
        self._graph.node.extend(node for node in nodes if node not in olds)

    def forget_unused(self) -> None:
        """Drops the constants that nobody takes any more."""
        taken = {name for node in self._graph.node for name in node.input}
        kept = [one for one in self._graph.initializer if one.name in taken]
        del self._graph.initializer[:]
        self._graph.initializer.extend(kept)


def before(model: onnx.ModelProto) -> None:
    """Rewrites what has no kernel in 8 bits; `model` is in single precision, its tensors all floats."""
    graph = Graph(model)
    for mean in graph.of("ReduceMean"):
        graph.replace([mean], helper.make_node("GlobalAveragePool", mean.input[:1], mean.output, mean.name))
    for add in graph.of("Add"):
        _one_gate(graph, add)
    _grown_at_the_end(graph)
    for conv in graph.of("Conv"):
        _filled_up(graph, conv)
    graph.forget_unused()
    del model.graph.value_info[:]  # the quantiser wants each tensor's type; shapes have changed
    model.graph.value_info.extend(
        helper.make_tensor_value_info(node.output[0], TensorProto.FLOAT, None) for node in model.graph.node
    )


def _one_gate(graph: Graph, add: NodeProto) -> None:
    """x + x * gate is x * (1 + gate), one pass over the plane instead of two."""
    for mul in graph.of("Mul"):
        plane, gate = mul.input
        if set(add.input) == {plane, mul.output[0]} and len(graph.takers(mul.output[0])) == 1:
            one = graph.keep("one", np.ones((), np.float32))
            more = helper.make_node("Add", [gate, one], [f"{gate}_and_one"], f"{mul.name}_and_one")
            graph.replace([mul], more)
            graph.replace([add], helper.make_node("Mul", [plane, more.output[0]], add.output, mul.name))


def _grown_at_the_end(graph: Graph) -> None:
    """The last two transposed convolutions (2 x 2, stride 2) as plain ones of 1 x 1 over the plane as it was.

    What belongs to the four pixels that each makes of one becomes channels; a step at the end puts all in place.
    """
    first, second = graph.of("ConvTranspose")
    weights, ends = graph.constant(first.input[1]), graph.constant(second.input[1])  # in, out, row, column
    quarters, inner = weights.transpose(2, 3, 1, 0), ends[:, 0].transpose(1, 2, 0)  # row, column, out, in
    _plain_convolution(graph, first, quarters.reshape(-1, weights.shape[0]))
    sixteen = np.zeros((2, 2, 2, 2, 2, 2, len(ends)), np.float32)  # row, row in it, column, column in it; row, column
    for row in range(2):
        for column in range(2):
            sixteen[row, :, column, :, row, column] = inner
    small = _plain_convolution(graph, second, sixteen.reshape(16, -1))
    (last,) = graph.takers(small)
    whole = helper.make_node("DepthToSpace", [small], [f"{small}_whole"], "whole", blocksize=4, mode="DCR")
    graph.replace([last], whole, helper.make_node("Sigmoid", whole.output, last.output, last.name))


def _plain_convolution(graph: Graph, grown: NodeProto, weights: np.ndarray) -> str:
    """A 1 x 1 convolution (`weights`: out x in) for a transposed one and the bias added to it; what it makes."""
    (add,) = graph.takers(grown.output[0])
    bias = graph.constant(add.input[1]).ravel()
    constants = [
        graph.keep(f"{grown.name}_weights", weights[:, :, None, None]),
        graph.keep(f"{grown.name}_bias", np.tile(bias, len(weights) // len(bias))),
    ]
    conv = helper.make_node("Conv", [grown.input[0], *constants], add.output, grown.name, kernel_shape=[1, 1])
    graph.replace([grown, add], conv)
    return str(add.output[0])


def _filled_up(graph: Graph, conv: NodeProto) -> None:
    """A convolution's channels up to a multiple of WIDTH with such as say nothing, where only another takes them."""
    weights, takers = graph.constant(conv.input[1]), graph.takers(conv.output[0])
    missing = -len(weights) % WIDTH
    if not missing or weights.shape[2:] == (1, 1) or [node.op_type for node in takers] != ["Relu"]:
        return
    behind = graph.takers(takers[0].output[0])
    if [node.op_type for node in behind] != ["Conv"] or graph.constant(behind[0].input[1]).shape[1] != len(weights):
        return
    for name in conv.input[1:]:
        value = graph.constant(name)
        graph.keep(name, np.pad(value, [(0, missing)] + [(0, 0)] * (value.ndim - 1)))
    name = behind[0].input[1]
    graph.keep(name, np.pad(graph.constant(name), [(0, 0), (0, missing), (0, 0), (0, 0)]))


def after(model: onnx.ModelProto) -> None:
    """Rewrites each plane made `times` as large (nearest neighbour) as copies of bytes; `model` is quantised."""
    graph = Graph(model)
    for resize in graph.of("Resize"):
        times, name = int(graph.constant(resize.input[2])[-1]), resize.name
        (quantised,) = graph.takers(resize.output[0])
        given, made = graph.maker(resize.input[0]).input[0], quantised.output[0]
        steps: list[tuple[str, list[str], dict[str, Any]]] = [
            ("Transpose", [given], {"perm": [0, 2, 3, 1]}),
            ("Concat", [f"{name}_0"] * times, {"axis": 3}),
            ("Reshape", [f"{name}_1", graph.keep("a_row_each", np.array([0, 0, 1, -1], np.int64))], {}),
            ("Concat", [f"{name}_2"] * times, {"axis": 2}),
            ("Shape", [f"{name}_0"], {}),
            ("Mul", [f"{name}_4", graph.keep(f"{times}_times", np.array([1, times, times, 1], np.int64))], {}),
            ("Reshape", [f"{name}_3", f"{name}_5"], {}),
            ("Transpose", [f"{name}_6"], {"perm": [0, 3, 1, 2]}),
        ]
        names = [f"{name}_{k}" for k in range(len(steps) - 1)] + [made]
        graph.replace(
            [resize, quantised],
            *(
                helper.make_node(kind, taken, [output], f"{name}_{kind}_{output}", **settings)
                for (kind, taken, settings), output in zip(steps, names, strict=True)
            ),
        )
    graph.forget_unused()
