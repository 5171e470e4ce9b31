"""ONNX files, in Python and on the command line: what is no model is one line, and large ones take little memory."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper, numpy_helper

import tncut
from tests.onnx_models import Builder, model
from tncut.errors import ExtraError, FileError, TncutError
from tncut.formats import load

LIGHT = Path(onnx.__file__).parent / "backend/test/data/light"
ALEXNET = LIGHT / "light_bvlc_alexnet.onnx"
CONTENT = ALEXNET.read_bytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no ONNX model: it is empty"),
        (b"a text", "is no ONNX model"),
        (b"\x89PNG\r\n\x1a\n", "is no ONNX model"),
        (b"PK\x03\x04" + bytes(100), "is no ONNX model"),
        (bytes(100), "is no ONNX model"),
        (CONTENT[:1000], "ends in the middle of its model: it was cut short"),
        (onnx.ModelProto(ir_version=8).SerializeToString(), "is no ONNX model: its graph has no nodes"),
    ],
)
def test_what_is_no_model_is_one_line(content, message, tmp_path):
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    with pytest.raises(FileError, match=message) as error:
        load(path)
    assert "\n" not in str(error.value)


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(FileError, match=r"cannot read .*nothing\.onnx: No such file"):
        load(tmp_path / "nothing.onnx")
    with pytest.raises(FileError, match=r"cannot read .*: Is a directory"):
        tncut.from_onnx(tmp_path)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_files_load_or_are_one_line(tmp_path_factory, changes):
    content = bytearray(CONTENT)
    for place, byte in changes:
        content[place] = byte
    path = tmp_path_factory.mktemp("damaged") / "net.onnx"
    path.write_bytes(content)
    told = ""
    try:
        load(path, sites=(16, 16))
    except TncutError as error:
        told = str(error)
    assert "\n" not in told
    assert len(told) < 900


def test_the_extra_is_named_where_onnx_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    told = re.escape('install the extra onnx (pip install "tncut[onnx]", or ".[onnx]" in a clone)')
    with pytest.raises(ExtraError, match=told):
        load(ALEXNET)


def test_weights_are_not_held(tmp_path):
    """A file of 100 MB, in weights and in a constant, takes less than 40 MB more; most are pages of libraries."""
    names = [f"w{number}" for number in range(5)]
    large = numpy_helper.from_array(np.ones((1000, 5000), dtype=np.float32))
    nodes = [helper.make_node("Constant", [], ["c"], value=large)]
    nodes += [
        helper.make_node("Conv", [before, name], [f"y-{name}"], name=name, kernel_shape=[2, 2])
        for before, name in zip(["x", *(f"y-{name}" for name in names)], names, strict=False)
    ]
    proto = model([*nodes, helper.make_node("GlobalAveragePool", ["y-w4"], ["z"])], [1, 1000, 9, 9])
    weights = np.ones((1000, 1000, 2, 2), dtype=np.float32)
    proto.graph.initializer.extend([numpy_helper.from_array(weights, name) for name in names])
    path = tmp_path / "net.onnx"
    onnx.save(proto, path)
    assert path.stat().st_size > 99e6
    code = (
        "import resource, tncut, onnx.numpy_helper\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"tncut.from_onnx({str(ALEXNET)!r})\n"
        f"before = peak(); tncut.from_onnx({str(path)!r}); print((peak() - before) * 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 40e6


def test_commands_take_a_model_and_put_it_on_other_sites(run, tmp_path):
    code, out, err = run("show", ALEXNET, "--sites", "32x32")
    assert (code, err) == (0, "")
    assert "layer 0   n3, grid 2 x 2, field 19 x 19: " in out
    assert "surrogate 2 LRN: normalisation: dropped" in out
    code, out, err = run("bound", ALEXNET, "-p", "left-right", "--sites", "32x32")
    assert (code, err) == (0, "")
    assert "surrogate  3 MaxPool: product windows without weights" in out
    assert re.search(r"^cut        layer \d+ \(n\d+\): ", out, re.MULTILINE)
    code, out, err = run("import", ALEXNET, "-o", tmp_path / "net.toml", "--sites", "32x32")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"wrote {tmp_path / 'net.toml'}"
    assert load(tmp_path / "net.toml") == load(ALEXNET, sites=(32, 32))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "deep-16", "--sites", "32x32"], "deep-16: its sites are given; only a model in an .onnx file"),
        (["show", ALEXNET, "--sites", "32*32"], "--sites '32*32': write a grid such as 32x32"),
        (["show", ALEXNET, "--sites", "0x32"], "sites[0] is 0; it must be from 1"),
        (["import", ALEXNET, "-o", "net.yaml"], "net.yaml: a specification ends in .toml or .json"),
        (["import", "net.txt", "-o", "net.toml"], "cannot read net.txt"),
        (["import", ALEXNET, "-o", "net.toml", "--pooling", "max"], "pooling is 'max'"),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_written(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_model_is_compared_like_any_architecture(run, tmp_path):
    builder = Builder((3, 3), 2)
    builder.add("GlobalAveragePool", builder.add("Conv", "x", weight=(3, 2, 2, 2), kernel_shape=[2, 2]))
    net = builder.save(tmp_path / "net.onnx")
    code, _, err = run("compare", net, "deep-16", "-p", "odd-even", "-o", tmp_path / "results.db", "--workers", "0")
    assert code == 0, err
    assert "net" in run("results", tmp_path / "results.db")[1]
