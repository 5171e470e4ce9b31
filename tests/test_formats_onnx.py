"""Models from ONNX: every layer as its definition says, and what has no counterpart is named."""

import math
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from onnx import helper, numpy_helper

import tncut
from tests.onnx_models import PRIME, Builder, evaluate, matrix, model, weights_of, windows
from tncut import from_onnx
from tncut.errors import SpecError
from tncut.formats import parse_spec, spec_text
from tncut.oracle import Modular, Weights
from tncut.oracle import evaluate as evaluate_circuit

LIGHT = sorted((Path(onnx.__file__).parent / "backend/test/data/light").glob("*.onnx"))


def assert_same_function(proto, path):
    """The circuit of the surrogate computes what reading the model node by node computes, with the same maps."""
    onnx.save(proto, path)
    surrogate = from_onnx(path)
    shape = (math.prod(surrogate.sites), surrogate.site_dim)
    sites = np.random.default_rng(0).integers(1, PRIME, shape)
    expected = evaluate(proto, sites)
    if expected is None:
        with pytest.raises(SpecError, match="the output reads no site"):
            surrogate.circuit()
        return
    circuit = surrogate.circuit()
    output = None
    if surrogate.root_map:
        rows = matrix(proto.graph.node[-1].name, circuit.layer_names[-1], 2, int(circuit.unit_dims[-1]))
        output = rows[:1].astype(np.int64)
    matrices = tuple(found.astype(np.int64) for found in weights_of(surrogate, circuit))
    found = evaluate_circuit(Weights(circuit, Modular(PRIME), matrices, output), list(sites))
    assert int(found) == expected


def small(*steps, grid=(5, 4), channels=3, end="GlobalAveragePool"):
    """A model of nodes one after another: (operator, weight shape or None, attributes)."""
    builder, last = Builder(grid, channels), "x"
    for op, weight, attributes in steps:
        last = builder.add(op, last, weight=weight, **attributes)
    builder.add(end, last)
    return builder


CASES = {
    "dilated": [("Conv", (4, 3, 2, 2), {"kernel_shape": [2, 2], "dilations": [2, 3]})],
    "strided": [("Conv", (4, 3, 3, 2), {"kernel_shape": [3, 2], "strides": [2, 1]})],
    "asymmetric pads": [("Conv", (4, 3, 3, 2), {"kernel_shape": [3, 2], "pads": [2, 0, 1, 1], "strides": [2, 2]})],
    "wide pads": [("Conv", (4, 3, 1, 1), {"kernel_shape": [1, 1], "pads": [1, 1, 1, 1]})],
    "same upper": [("Conv", (4, 3, 2, 3), {"kernel_shape": [2, 3], "auto_pad": "SAME_UPPER", "strides": [2, 1]})],
    "same lower": [("Conv", (4, 3, 2, 2), {"kernel_shape": [2, 2], "auto_pad": "SAME_LOWER"})],
    "valid": [("Conv", (4, 3, 2, 2), {"kernel_shape": [2, 2], "auto_pad": "VALID"})],
    "ceil mode": [
        ("Conv", (4, 3, 2, 2), {"kernel_shape": [2, 2]}),
        ("MaxPool", None, {"kernel_shape": [2, 2], "strides": [3, 2], "ceil_mode": 1}),
    ],
    "ceil mode with pads": [
        ("Conv", (4, 3, 1, 1), {"kernel_shape": [1, 1]}),
        ("MaxPool", None, {"kernel_shape": [3, 2], "strides": [3, 3], "pads": [1, 1, 1, 0], "ceil_mode": 1}),
    ],
    "average pool": [
        ("Conv", (4, 3, 1, 1), {"kernel_shape": [1, 1]}),
        ("AveragePool", None, {"kernel_shape": [2, 2], "pads": [0, 1, 1, 0]}),
    ],
    "pool of sites": [("MaxPool", None, {"kernel_shape": [2, 2], "strides": [2, 2]})],
    "pool of a pool": [
        ("Conv", (2, 3, 2, 1), {"kernel_shape": [2, 1]}),
        ("MaxPool", None, {"kernel_shape": [2, 2]}),
        ("MaxPool", None, {"kernel_shape": [2, 2], "strides": [2, 2]}),
    ],
    "grouped": [
        ("Conv", (4, 3, 1, 1), {"kernel_shape": [1, 1]}),
        ("Conv", (6, 2, 2, 2), {"kernel_shape": [2, 2], "group": 2}),
    ],
    "depthwise": [
        ("Conv", (4, 3, 2, 1), {"kernel_shape": [2, 1]}),
        ("Relu", None, {}),
        ("Conv", (4, 1, 3, 3), {"kernel_shape": [3, 3], "group": 4, "pads": [1, 1, 1, 1]}),
        ("Conv", (2, 4, 1, 1), {"kernel_shape": [1, 1]}),
    ],
    "depthwise of sites": [("Conv", (3, 1, 2, 2), {"kernel_shape": [2, 2], "group": 3})],
    "one channel": [("Conv", (4, 1, 2, 2), {"kernel_shape": [2, 2]})],
}


@pytest.mark.parametrize("name", CASES)
def test_a_layer_is_what_the_operator_says(name, tmp_path):
    steps = CASES[name]
    builder = small(*steps, channels=1 if name == "one channel" else 3)
    proto = builder.model()
    if name == "one channel":
        # A single channel is given dimension 2, so that the site can say something.
        onnx.save(proto, tmp_path / "net.onnx")
        found = from_onnx(tmp_path / "net.onnx")
        assert found.site_dim == 2
        assert found.notes[-1] == "the input has 1 channels at each location; every site has dimension 2"
    else:
        assert_same_function(proto, tmp_path / "net.onnx")


@pytest.mark.parametrize("op", ["Add", "Sum", "Concat"])
@pytest.mark.parametrize("end", ["GlobalMaxPool", "Gemm"])
def test_branches_meet_in_sums_of_maps(op, end, tmp_path):
    builder = Builder((4, 3), 2)
    first = builder.add("Conv", "x", weight=(3, 2, 2, 2), kernel_shape=[2, 2], pads=[0, 0, 1, 1])
    left = builder.add("Relu", builder.add("Conv", first, weight=(3, 3, 3, 1), kernel_shape=[3, 1], pads=[1, 0, 1, 0]))
    met = builder.add(op, left, first, **({"axis": 1} if op == "Concat" else {}))
    pooled = builder.add("MaxPool", met, kernel_shape=[2, 2], strides=[2, 1])
    channels = 6 if op == "Concat" else 3
    last = builder.add("Conv", pooled, weight=(4, channels, 1, 2), kernel_shape=[1, 2])
    if end == "Gemm":
        flat = builder.add("Flatten", last)
        hidden = builder.add("Relu", builder.add("Gemm", flat, weight=(5, 8), transB=1))
        builder.add("Gemm", hidden, weight=(2, 5), transB=1)
    else:
        builder.add(end, last)
    assert_same_function(builder.model(), tmp_path / "net.onnx")


@st.composite
def networks(draw):
    """Convolutions, pools, sums and concatenations of any form on a small grid, read by a global pool."""
    builder = Builder(draw(st.sampled_from([(5,), (7,), (4, 3), (3, 5)])), 2)
    axes = len(builder.shape) - 2
    tensors = [("x", builder.shape[2:], 2)]
    lengths = st.lists(st.integers(1, 3), min_size=axes, max_size=axes)
    for _ in range(draw(st.integers(1, 4))):
        name, grid, channels = draw(st.sampled_from(tensors[-2:]))
        same = [other for other in tensors[1:] if other[1] == grid and other[0] != name and name != "x"]
        op = draw(st.sampled_from(["Conv", "Conv", "MaxPool", "Concat", "Add"]))
        if op in ("Concat", "Add"):
            others = [other for other in same if op == "Concat" or other[2] == channels]
            if others:
                other = draw(st.sampled_from(others))
                made = builder.add(op, name, other[0], **({"axis": 1} if op == "Concat" else {}))
                tensors.append((made, grid, channels + other[2] if op == "Concat" else channels))
            continue
        keys = {"kernel_shape": draw(lengths), "strides": draw(lengths), "dilations": draw(lengths)}
        pads = draw(st.lists(st.integers(0, 2), min_size=2 * axes, max_size=2 * axes))
        pads = [min(pad, keys["kernel_shape"][n % axes] - 1) for n, pad in enumerate(pads)]
        if op == "Conv" and draw(st.booleans()):
            keys = {key: keys[key] for key in ("kernel_shape", "strides")}
            keys["auto_pad"] = draw(st.sampled_from(["SAME_UPPER", "SAME_LOWER"]))
        else:
            spans = [(k - 1) * d + 1 for k, d in zip(keys["kernel_shape"], keys["dilations"], strict=True)]
            rooms = [size + pads[n] + pads[axes + n] for n, size in enumerate(grid)]
            if any(span > room for span, room in zip(spans, rooms, strict=True)):
                continue
            keys["pads"] = pads
        if op == "Conv":
            width = draw(st.integers(1, 3))
            made = builder.add(op, name, weight=(width, channels, *keys["kernel_shape"]), **keys)
        else:
            width = channels
            made = builder.add(op, name, **keys, ceil_mode=draw(st.integers(0, 1)))
        tensors.append((made, windows(builder.nodes[-1], grid)[1], width))
    builder.add("GlobalAveragePool", tensors[-1][0])
    return builder


@settings(max_examples=100, deadline=None)
@given(networks())
def test_the_circuit_computes_what_the_model_says(tmp_path_factory, builder):
    proto = builder.model()
    assume(proto.graph.node[0].op_type != "GlobalAveragePool")
    assert_same_function(proto, tmp_path_factory.mktemp("net") / "net.onnx")


@pytest.mark.parametrize("path", LIGHT, ids=lambda path: path.stem)
def test_real_architectures_load_compile_and_are_bounded(path):
    found = from_onnx(path)
    circuit = found.circuit()
    assert (found.sites, found.site_dim, circuit.grids[-1]) == ((224, 224), 3, (1, 1))
    assert len(circuit.factor_child) > 300_000
    assert all(": " in note for note in found.notes)
    reduced = from_onnx(path, (16, 16) if "squeeze" in path.stem else (32, 32))
    assert [layer.name for layer in reduced.layers] == [layer.name for layer in found.layers]
    for split in ("left-right", "checkerboard"):
        report = tncut.bound(reduced, split)
        assert 1 < report.rank_lower <= report.rank_bound
        assert all(note in str(report) for note in reduced.notes)


def test_there_are_nine_of_them():
    assert len(LIGHT) == 9


@pytest.mark.parametrize("syntax", ["toml", "json"])
@pytest.mark.parametrize("path", LIGHT[1:8:3], ids=lambda path: path.stem)
def test_a_surrogate_reads_back_as_it_was(path, syntax):
    found = from_onnx(path, open_output=True)
    text = spec_text(found, syntax=syntax)
    assert parse_spec(text, syntax=syntax) == found
    assert len(text) < 400_000


def one(op, *inputs, name="node", **attributes):
    return helper.make_node(op, list(inputs) or ["x"], ["y"], name=name, **attributes)


CONV = helper.make_node("Conv", ["x", "w"], ["c"], name="conv", kernel_shape=[2, 2])
AFTER = {"w": [4, 3, 2, 2]}
REFUSED = {
    "attention": ([CONV, one("MatMul", "c", "c")], r"node node \(MatMul\): its weight depends on the input"),
    "a product of activations": (
        [CONV, one("GlobalMaxPool", "c"), helper.make_node("Mul", ["y", "c"], ["z"], name="gate")],
        r"node gate \(Mul\): the product of two activations",
    ),
    "a loop": ([CONV, one("Loop", "c")], r"node node \(Loop\): this operator has no counterpart"),
    "recurrence": ([CONV, one("LSTM", "c")], r"node node \(LSTM\): this operator has no counterpart"),
    "an unknown operator": ([CONV, one("Resize", "c")], r"node node \(Resize\): this operator has no counterpart"),
    "an operator without a name": ([CONV, one("Resize", "c", name="")], r"node y \(Resize\)"),
    "a part of the grid": (
        [CONV, one("Split", "c", axis=2), helper.make_node("Relu", ["y"], ["z"])],
        r"\(Split\): it takes a part of the grid",
    ),
    "grids joined": ([CONV, one("Concat", "c", "c", axis=3)], r"\(Concat\): it joins parts of a grid"),
    "other forms added": ([CONV, one("Add", "c", "x")], r"\(Add\): it adds tensors of different forms"),
    "a grid as output": ([CONV, one("Relu", "c")], "its output has 4 x 3 locations; one vector is needed"),
    "a window too long": (
        [one("MaxPool", "x", kernel_shape=[6, 1])],
        r"\(MaxPool\): its window spans 6 locations on axis 0",
    ),
    "a window of other axes": ([one("MaxPool", "x", kernel_shape=[2])], "its window does not fit a grid of 2 axes"),
    "an unknown padding": ([one("MaxPool", "x", kernel_shape=[2, 2], auto_pad="FULL")], "its auto_pad is 'FULL'"),
    "other channels": ([one("Conv", "x", "v", kernel_shape=[1, 1])], "does not fit 3 channels in 1 groups"),
    "a tensor that nothing gives": ([one("Relu", "nothing")], "depends on 0 inputs"),
    "no layer": ([one("Relu", "x")], "does not depend on its input by any layer"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_counterpart_is_refused_with_its_node_and_operator(case, tmp_path):
    nodes, message = REFUSED[case]
    path = tmp_path / "net.onnx"
    onnx.save(model(nodes, [1, 3, 5, 4], weights=AFTER | {"v": [2, 2, 1, 1]}), path)
    with pytest.raises(SpecError, match=message) as error:
        from_onnx(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def with_constants(builder, path, **values):
    """The model in a file, with these small constants."""
    proto = builder.model()
    proto.graph.initializer.extend([numpy_helper.from_array(np.array(value), name) for name, value in values.items()])
    onnx.save(proto, path)
    return path


def test_a_channel_shuffle_is_part_of_the_maps(tmp_path):
    builder = Builder((3, 3), 3)
    first = builder.add("Conv", "x", weight=(6, 3, 2, 2), kernel_shape=[2, 2])
    turned = builder.add("Transpose", builder.add("Reshape", first, "parts"), perm=[0, 2, 1, 3, 4])
    joined = builder.add("Reshape", turned, "whole")
    builder.add("GlobalAveragePool", builder.add("Conv", joined, weight=(4, 6, 1, 1), kernel_shape=[1, 1]))
    path = with_constants(builder, tmp_path / "net.onnx", parts=[1, 2, 3, 2, 2], whole=[1, -1, 2, 2])
    found = from_onnx(path)
    assert [(layer.op, layer.channels) for layer in found.layers] == [("product", 6), ("product", 4), ("pool", 4)]
    assert from_onnx(path, (7, 5)).circuit().grids[1] == (6, 4)


def test_a_shape_that_the_model_computes_itself_is_followed(tmp_path):
    """As PyTorch writes x.view(x.size(0), -1)."""
    builder = Builder((3, 3), 3)
    first = builder.add("Conv", "x", weight=(4, 3, 2, 2), kernel_shape=[2, 2])
    size = builder.add("Gather", builder.add("Shape", first), "zero")
    shape = builder.add("Concat", builder.add("Unsqueeze", size, "axes"), "rest", axis=0)
    builder.add("Gemm", builder.add("Reshape", first, shape), weight=(7, 16), transB=1)
    found = from_onnx(with_constants(builder, tmp_path / "net.onnx", zero=0, axes=[0], rest=[-1]), open_output=True)
    assert [(layer.channels, layer.window) for layer in found.layers] == [(4, 2), (7, "all")]
    assert (found.root_map, found.open_output) == (False, 7)


def test_a_vector_times_a_function_of_itself_is_a_nonlinearity(tmp_path):
    """x * sigmoid(x), as SiLU is often written."""
    builder = Builder((3, 3), 3)
    first = builder.add("Conv", "x", weight=(4, 3, 2, 2), kernel_shape=[2, 2])
    builder.add("GlobalAveragePool", builder.add("Mul", first, builder.add("Sigmoid", first)))
    found = from_onnx(builder.save(tmp_path / "net.onnx"))
    assert "Mul: a vector by a function of itself: part of its nonlinearity" in found.notes


@pytest.mark.parametrize("name", ["resnet50", "shufflenet", "densenet121"])
def test_what_is_replaced_and_dropped_is_named(name):
    (path,) = (path for path in LIGHT if name in path.stem)
    forms = {"ConstantOfShape", "Unsqueeze", "Reshape", "Transpose"}
    told = {word.split()[-1] for note in from_onnx(path).notes for word in note.split(": ")[0].split(", ")}
    assert told == {node.op_type for node in onnx.load(path).graph.node} - forms


def test_pooling_may_be_a_sum(tmp_path):
    builder = small(("Conv", (4, 3, 2, 2), {"kernel_shape": [2, 2]}), ("AveragePool", None, {"kernel_shape": [2, 2]}))
    path = builder.save(tmp_path / "net.onnx")
    summed, product = from_onnx(path, pooling="sum"), from_onnx(path)
    assert [layer.op for layer in summed.layers] == ["product", "sum", "sum"]
    assert [layer.op for layer in product.layers] == ["product", "pool", "pool"]
    assert (summed.circuit().layers, product.circuit().layers) == (3, 1)
    with pytest.raises(SpecError, match="pooling is 'max'; choose from product, sum"):
        from_onnx(path, pooling="max")


def test_a_last_linear_layer_is_the_map_of_the_root(tmp_path):
    builder = small(("Conv", (4, 3, 2, 2), {"kernel_shape": [2, 2]}))
    builder.add("Gemm", builder.add("Flatten", builder.nodes[-1].output[0]), weight=(9, 4), transB=1)
    path = builder.save(tmp_path / "net.onnx")
    assert (from_onnx(path).root_map, from_onnx(path).open_output) == (True, None)
    assert from_onnx(path, open_output=True).open_output == 9
    assert from_onnx(path).circuit().layer_names == ("globalaveragepool-1",)


def test_a_part_of_the_channels_is_read_by_full_maps(tmp_path):
    """As ShuffleNet v2 does it: one half goes through, the other is mapped."""
    builder = Builder((3, 3), 3)
    first = builder.add("Conv", "x", weight=(6, 3, 2, 2), kernel_shape=[2, 2])
    node = helper.make_node("Split", [first], ["left", "right"], name="split", axis=1)
    builder.nodes.append(node)
    mapped = builder.add("Conv", "right", weight=(3, 3, 1, 1), kernel_shape=[1, 1])
    builder.add("GlobalAveragePool", builder.add("Concat", "left", mapped, axis=1))
    found = from_onnx(builder.save(tmp_path / "net.onnx"))
    assert [(layer.op, layer.channels) for layer in found.layers][:3] == [("product", 6), ("product", 3), ("sum", 6)]
    assert any(note.startswith("2 Split: a part of the channels") for note in found.notes)


def test_other_sites_shorten_what_is_longer_than_the_grid():
    (path,) = (path for path in LIGHT if "alexnet" in path.stem)
    for sites in (32, (32,), (32, 32, 32)):
        with pytest.raises(SpecError, match=r"the input data_0 has 2 axes"):
            from_onnx(path, sites)
    found = from_onnx(path, [32, 48])
    assert found.sites == (32, 48)
    assert found.notes[-1] == "the sites are 32 x 48; the file has 224 x 224"
    assert "2 MaxPool: windows longer than the smaller grid: shortened to it" in found.notes
    assert from_onnx(path, (224, 224)) == from_onnx(path)


def test_a_dynamic_shape_asks_for_the_sites(tmp_path):
    builder = small(("Conv", (4, 3, 2, 2), {"kernel_shape": [2, 2]}))
    builder.shape = ["batch", 3, "height", 4]
    path = builder.save(tmp_path / "net.onnx")
    with pytest.raises(SpecError, match=r"a dynamic shape, height x 4; give sites=\(H, W\) in Python, --sites HxW on"):
        from_onnx(path)
    assert from_onnx(path, (6, 4)).sites == (6, 4)
    builder.shape = [1, "colours", 5, 4]
    with pytest.raises(SpecError, match="has no fixed number of channels"):
        from_onnx(builder.save(path))


def test_inputs_may_have_their_channels_last(tmp_path):
    nodes = [
        helper.make_node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["t", "w"], ["c"], kernel_shape=[2, 2], name="conv"),
        one("GlobalMaxPool", "c"),
    ]
    onnx.save(model(nodes, [1, 5, 4, 3], weights=AFTER), tmp_path / "net.onnx")
    found = from_onnx(tmp_path / "net.onnx")
    assert (found.sites, found.site_dim, found.layers[0].name) == ((5, 4), 3, "conv")


def test_a_multilayer_perceptron_reads_every_number_as_a_site(tmp_path):
    nodes = [
        helper.make_node("Gemm", ["x", "a"], ["h"], name="hidden"),
        helper.make_node("Relu", ["h"], ["r"]),
        helper.make_node("Gemm", ["r", "b"], ["y"], name="scores"),
    ]
    onnx.save(model(nodes, [1, 8], weights={"a": [8, 5], "b": [5, 3]}), tmp_path / "net.onnx")
    found = from_onnx(tmp_path / "net.onnx")
    assert (found.sites, found.site_dim, found.root_map) == ((8,), 2, True)
    assert tncut.bound(found, "left-right").rank_bound == 5


def test_a_block_with_its_channels_last_and_a_spelled_nonlinearity_is_read(tmp_path):
    """As ConvNeXt does it: depthwise, Transpose, LayerNormalization, two matrices with GELU between, scale, skip."""
    builder = Builder((4, 4), 3)
    stem = builder.add("Conv", "x", weight=(6, 3, 2, 2), kernel_shape=[2, 2], strides=[2, 2])
    depthwise = builder.add("Conv", stem, weight=(6, 1, 3, 3), kernel_shape=[3, 3], pads=[1] * 4, group=6)
    last = builder.add("Transpose", depthwise, perm=[0, 2, 3, 1])
    normal = builder.add("LayerNormalization", last, weight=(6,), axis=-1)
    wide = builder.add("Add", builder.add("MatMul", normal, weight=(6, 24)), "bias")
    erf = builder.add("Add", builder.add("Erf", builder.add("Div", wide, "root")), "one")
    gelu = builder.add("Mul", builder.add("Mul", wide, erf), "half")
    narrow = builder.add("Mul", builder.add("MatMul", gelu, weight=(24, 6)), "scale")
    met = builder.add("Add", stem, builder.add("Transpose", narrow, perm=[0, 3, 1, 2]))
    pooled = builder.add("ReduceMean", met, "grid", keepdims=0)
    builder.add("Gemm", pooled, weight=(5, 6), transB=1)
    values = {"bias": np.zeros(24), "root": 1.4, "one": 1.0, "half": 0.5, "scale": np.ones(6), "grid": [-2, -1]}
    found = from_onnx(with_constants(builder, tmp_path / "net.onnx", **values))
    ops = [(layer.op, layer.channels) for layer in found.layers]
    assert ops == [("product", 6), ("pool", 6), ("product", 24), ("product", 6), ("sum", 6), ("pool", 6)]
    assert found.root_map


def test_external_data_need_not_be_there(tmp_path):
    builder = small(("Conv", (40, 3, 2, 2), {"kernel_shape": [2, 2]}))
    onnx.save(builder.model(), tmp_path / "net.onnx", save_as_external_data=True, location="data", size_threshold=0)
    (tmp_path / "data").unlink()
    assert from_onnx(tmp_path / "net.onnx").layers == from_onnx(builder.save(tmp_path / "whole.onnx")).layers
