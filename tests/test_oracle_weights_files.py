"""Weights in files: what is written is read, and anything else is one line."""

import io
import zipfile

import numpy as np
import pytest

from tests.circuits import pooled, random_reuse, random_tree
from tncut.architectures import ConvAC, Layer, Recurrent
from tncut.architectures.summary import show
from tncut.circuit import Circuit, weight_groups
from tncut.errors import FileError, SizeError, SpecError
from tncut.oracle import Floats, Modular, draw_weights, load_weights, save_weights, weights_from


@pytest.mark.parametrize("seed", range(20))
def test_what_is_written_is_read(seed, tmp_path):
    rng = np.random.default_rng(seed)
    circuit = random_tree(rng) if seed % 2 else random_reuse(rng)
    weights = draw_weights(circuit, field=Floats(), seed=seed)
    save_weights(weights, tmp_path / "weights.npz")
    found = load_weights(tmp_path / "weights.npz", circuit)
    assert all(np.array_equal(a, b) for a, b in zip(found.matrices, weights.matrices, strict=True))
    assert (found.output is None) == (weights.output is None)
    assert found.output is None or np.array_equal(found.output, weights.output)


def test_shared_weights_are_one_matrix_in_the_file_and_after_it(tmp_path):
    net = Recurrent(steps=4, site_dim=3, hidden=[3])
    save_weights(draw_weights(net, "shared", field=Floats()), tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz") as content:
        assert {key: content[key].shape for key in content} == {
            "layer0.sites.3x3": (1, 3, 3),
            "layer0.layer0.3x3": (1, 3, 3),
            "output": (1, 3),
        }
    found = load_weights(tmp_path / "w.npz", net)
    assert len({matrix.ctypes.data for matrix in found.matrices}) == 2


def test_the_names_are_those_that_show_lists():
    net = ConvAC(sites=4, site_dim=[2, 2, 3, 2], layers=(Layer(channels=3, window=2), Layer(channels=2, window="all")))
    groups = weight_groups(net.circuit())
    assert [str(group) for group in groups] == [
        "layer0.sites.3x2 (3, 3, 2)",
        "layer0.sites.3x3 (1, 3, 3)",
        "layer1.layer0.2x3 (2, 2, 3)",
        "output (1, 2)",
    ]
    assert all(str(group) in str(show(net)) for group in groups)
    assert show(net).to_dict()["arrays"] == {group.name: list(group.shape) for group in groups}


def test_matrices_lie_in_the_order_of_units_and_factors():
    circuit = Circuit.from_units([2, 2, 2], [(2, [("site", 2), ("site", 0)]), (2, [("unit", 0), ("site", 1)])])
    arrays = {
        "layer0.sites.2x2": np.array([np.eye(2), 2 * np.eye(2)]),
        "layer1.sites.2x2": 3 * np.eye(2)[None],
        "layer1.layer0.2x2": 4 * np.eye(2)[None],
        "output": np.ones((1, 2), dtype=int),
    }
    weights = weights_from(arrays, circuit)
    assert [matrix[0, 0] for matrix in weights.matrices] == [1, 2, 4, 3]


CIRCUIT = pooled(2, [2], [3])
GOOD = {"layer0.sites.3x2": np.ones((2, 3, 2)), "output": np.ones((1, 3))}
BAD = {
    "missing": ({"output": GOOD["output"]}, "has no array layer0.sites.3x2"),
    "unknown": (GOOD | {"more": np.ones(1)}, "has an array 'more'; the architecture has layer0.sites.3x2, output"),
    "shape": (GOOD | {"output": np.ones((3, 1))}, r"output has shape \(3, 1\); it must be \(1, 3\)"),
    "transposed": (GOOD | {"layer0.sites.3x2": np.ones((2, 2, 3))}, r"it must be \(2, 3, 2\)"),
    "complex": (GOOD | {"output": np.ones((1, 3), dtype=complex)}, "must be real numbers"),
    "text": (GOOD | {"output": np.array([["a", "b", "c"]])}, "must be real numbers"),
    "infinite": (GOOD | {"output": np.array([[1, np.inf, 1]])}, "an entry that is not finite"),
}


@pytest.mark.parametrize("case", BAD)
def test_arrays_that_are_not_those_of_the_architecture_are_one_line(case, tmp_path):
    arrays, message = BAD[case]
    file = tmp_path / "w.npz"
    np.savez(file, **arrays)
    with pytest.raises(SpecError, match=message) as error:
        load_weights(file, CIRCUIT)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def _huge_header() -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (2**40, 3, 2)})
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"text", b"PK\x03\x04broken", b"\x93NUMPY\x01\x00", None],
    ids=["empty", "text", "zip", "npy", "none"],
)
def test_what_is_no_file_of_weights_is_one_line(content, tmp_path):
    if content is not None:
        (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(FileError, match=r"w\.npz") as error:
        load_weights(tmp_path / "w.npz", CIRCUIT)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("member", [b"", b"no array", _huge_header(), b"\x93NUMPY\x09\x00"])
def test_broken_members_are_one_line_and_take_no_memory(member, tmp_path):
    np.savez(tmp_path / "w.npz", output=GOOD["output"])
    with zipfile.ZipFile(tmp_path / "w.npz", "a") as archive:
        archive.writestr("layer0.sites.3x2.npy", member)
    with pytest.raises((FileError, SpecError), match=r"w\.npz") as error:
        load_weights(tmp_path / "w.npz", CIRCUIT)
    assert "\n" not in str(error.value)


def test_pickles_are_not_read(tmp_path):
    np.savez(tmp_path / "w.npz", **GOOD | {"output": np.array([[1, "a", None]], dtype=object)})
    with pytest.raises(SpecError, match="must be real numbers"):
        load_weights(tmp_path / "w.npz", CIRCUIT)


def test_what_is_written_or_read_is_checked_first(tmp_path):
    weights = draw_weights(CIRCUIT, field=Floats())
    with pytest.raises(FileError, match=r"ends in \.npz"):
        save_weights(weights, tmp_path / "w.txt")
    with pytest.raises(SpecError, match="modulo a prime"):
        save_weights(draw_weights(CIRCUIT, field=Modular()), tmp_path / "w.npz")
    assert not list(tmp_path.iterdir())
    save_weights(weights, tmp_path / "w.npz")
    with pytest.raises(SizeError, match="MB"):
        load_weights(tmp_path / "w.npz", CIRCUIT, memory_limit=100)
