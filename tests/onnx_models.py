"""Small ONNX models, and a direct evaluation of their surrogates that shares no code with the importer.

Which locations a window holds is asked of the reference implementation in the onnx package: a window holds a location
if an input that is one there, and zero elsewhere, changes its output.
"""

import math
import zlib
from functools import reduce

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

PRIME = 2**31 - 1
INPUT = "x"
OPSET = 22  # from here on a window that begins in the padding at the end is left out in ceil_mode
WINDOWED = ("Conv", "MaxPool", "AveragePool")
SAME = ("Flatten", "Relu", "BatchNormalization", "Dropout", "Identity", "Softmax", "LRN")


def model(nodes, shape, *, outputs=None, weights=None):
    """A model over one input; `weights`: name -> shape of tensors of zeros."""
    zeros = [numpy_helper.from_array(np.zeros(size, dtype=np.float32), name) for name, size in (weights or {}).items()]
    inputs = [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, shape)]
    names = outputs or [nodes[-1].output[0]]
    told = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names]
    graph = helper.make_graph(nodes, "graph", inputs, told, initializer=zeros)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])


class Builder:
    """Nodes one after another, each called as its output."""

    def __init__(self, grid, channels):
        self.nodes, self.weights, self.shape = [], {}, [1, channels, *grid]

    def add(self, op, *inputs, weight=None, **attributes):
        """A node; a weight of this shape is its second input. Its name."""
        name = f"{op.lower()}-{len(self.nodes)}"
        if weight is not None:
            self.weights[f"{name}-w"] = weight
            inputs = (inputs[0], f"{name}-w", *inputs[1:])
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    def __repr__(self):
        texts = [f"{n.name}({', '.join(n.input)}; {helper.printable_node(n)})" for n in self.nodes]
        return f"{self.shape} {self.weights} {texts}"

    def model(self):
        return model(self.nodes, self.shape, weights=self.weights)

    def save(self, path):
        onnx.save(self.model(), path)
        return path


def windows(node, grid):
    """The locations of a grid that each output of a windowed node holds, as lists; and the grid of its outputs.

    Pools are read as convolutions, since the reference implementation of pools drops windows at asymmetric pads. With
    ceil_mode the convolution has more padding at the end, and as many outputs are kept as shape inference says.
    """
    size = math.prod(grid)
    keys = {a.name: helper.get_attribute_value(a) for a in node.attribute if a.name != "group"}
    values = {"x": np.eye(size, dtype=np.float32).reshape(size, 1, *grid)}
    values["w"] = np.ones((1, 1, *keys["kernel_shape"]), dtype=np.float32)
    out = None
    if keys.pop("ceil_mode", 0):
        read, info = helper.make_node("MaxPool", ["x"], ["y"], **keys, ceil_mode=1), {"x": values["x"]}
        inferred = onnx.shape_inference.infer_shapes(_alone(read, info)).graph.output[0].type.tensor_type.shape.dim
        out = [dim.dim_value for dim in inferred[2:]]
        pads = list(keys.get("pads", [0] * 2 * len(grid)))
        keys["pads"] = pads[: len(grid)] + [pad + 9 for pad in pads[len(grid) :]]
    (held,) = ReferenceEvaluator(_alone(helper.make_node("Conv", ["x", "w"], ["y"], **keys), values)).run(None, values)
    for axis, kept in enumerate(out or ()):
        held = held.take(range(kept), axis=axis + 2)
    flat = held.reshape(size, -1) > 0.5
    return [np.flatnonzero(column).tolist() for column in flat.T], held.shape[2:]


def _alone(node, values):
    """A model of one node."""
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, array.shape) for name, array in values.items()]
    graph = helper.make_graph([node], "one", infos, [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])


def matrix(node, layer, rows, columns):
    """The map with which a node reads a layer, at all positions."""
    rng = np.random.default_rng(zlib.crc32(f"{node} {layer}".encode()))
    return rng.integers(1, PRIME, (rows, columns)).astype(object)


def evaluate(proto, sites):
    """The output's first channel on these site vectors (locations, channels), modulo PRIME; None if it reads none."""
    size = [dim.dim_value for dim in proto.graph.input[0].type.tensor_type.shape.dim]
    weights = {tensor.name: tensor.dims for tensor in proto.graph.initializer}
    known = {INPUT: ("sites", list(sites.astype(object)), tuple(size[2:]))}  # layer, its vectors, grid
    for node in proto.graph.node:
        read = [known[name] for name in node.input if name in known]
        if node.op_type in SAME:
            known[node.output[0]] = read[0]
        elif node.op_type in ("Add", "Sum", "Concat"):
            known[node.output[0]] = (node.name, _added(node, read), read[0][2])
        else:
            known[node.output[0]] = _multiplied(node, weights, *read[0])
    (found,) = known[proto.graph.output[0].name][1]
    return None if found is None else int(found[0])


def _added(node, read):
    """Sums of linear maps of several layers; a location that reads nothing is None."""
    widths = [len(next(vector for vector in vectors if vector is not None)) for _, vectors, _ in read]
    channels = sum(widths) if node.op_type == "Concat" else widths[0]
    maps = [matrix(node.name, layer, channels, width) for (layer, _, _), width in zip(read, widths, strict=True)]
    found = []
    for location in range(max(len(vectors) for _, vectors, _ in read)):
        here = [vectors[location % len(vectors)] for _, vectors, _ in read]
        terms = [weight @ vector for weight, vector in zip(maps, here, strict=True) if vector is not None]
        found.append(sum(terms) % PRIME if terms else None)
    return found


def _multiplied(node, weights, layer, vectors, grid):
    """Products over windows: of linear maps, or without weights."""
    channels = next((len(vector) for vector in vectors if vector is not None), 0)
    group = next((a.i for a in node.attribute if a.name == "group"), 1)
    rows, out = [range(len(vectors))], (1,) * len(grid)
    if node.op_type in WINDOWED:
        rows, out = windows(node, grid)
    mapped, after = layer == "sites", channels
    if node.op_type in ("Conv", "Gemm"):
        after = weights[node.input[1]][0]
        mapped = mapped or not 1 < group == channels == after
    if mapped:
        weight = matrix(node.name, layer, after, channels)
        vectors = [None if vector is None else weight @ vector % PRIME for vector in vectors]
    found = []
    for row in rows:
        held = [vectors[place] for place in row if vectors[place] is not None]
        found.append(reduce(lambda left, right: left * right % PRIME, held) if held else None)
    return node.name, found, out


def weights_of(surrogate, circuit):
    """The same maps as weights of the circuit: those of a pool are the ones of the layer whose factors it joins."""
    layers = {layer.name: layer for layer in surrogate.layers}
    before = dict(zip(layers, ["sites", *layers], strict=False))

    def owner(name):
        layer = layers[name]
        below = layer.inputs[0] if layer.inputs else before[name]
        return owner(below) if layer.op == "pool" and below != "sites" else name

    names = circuit.layer_names
    of_vertex = [["sites", *names][layer + 1] for layer in circuit.vertex_layers.tolist()]
    dims = circuit.vertex_dims.tolist()
    matrices = []
    for unit, child in zip(circuit.factor_unit.tolist(), circuit.factor_child.tolist(), strict=True):
        name, rows = names[circuit.unit_layer[unit]], int(circuit.unit_dims[unit])
        full = layers[name].channels or rows
        matrices.append(matrix(owner(name), of_vertex[child], full, dims[child])[:rows])
    return tuple(matrices)
