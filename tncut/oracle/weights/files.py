"""Weights in files: one .npz file, an array for each group of matrices (see circuit/weight_groups.py)."""

import math
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...circuit import Architecture, Circuit, WeightGroup, compile, weight_groups
from ...errors import FileError, SpecError
from ...tools.files import check_target, write_whole
from ...tools.memory import refuse_above
from ...tools.words import shown, shown_name
from ..fields import Array, Floats
from .weights import Weights

SUFFIX = ".npz"


def load_weights(path: str | Path, architecture: Architecture | Circuit, *, memory_limit: int | None = None) -> Weights:
    """The weights of an architecture from an .npz file, in floats.

    The file has one array for each group that `show` (and `tncut show`) names: `layer1.layer0.8x4` of shape
    (matrices, 8, 4) for the matrices by which layer 1 reads layer 0, unit after unit; `sites` for the inputs; `output`
    of shape (labels, channels). Where all matrices of a group are one shared matrix, the first axis may be 1. A
    FileError if the file cannot be read, a SpecError if an array is missing, has another shape, or is not of finite
    real numbers, a SizeError before more than `memory_limit` bytes are read.
    """
    circuit, file = compile(architecture), Path(path)
    name, groups = shown_name(file), {group.name: group for group in weight_groups(circuit)}
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive, groups, name, memory_limit)
        with np.load(file, allow_pickle=False) as content:
            arrays = {key: content[key] for key in groups}
    except OSError as error:
        raise FileError(f"cannot read {name}: {error.strerror or error}") from None
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError) as error:
        raise FileError(f"{name} is no file of weights: {error}") from None
    return weights_from(arrays, circuit, name=name)


def weights_from(arrays: Mapping[str, Any], architecture: Architecture | Circuit, *, name: str = "weights") -> Weights:
    """Weights in floats from arrays by the names of their groups, as `load_weights` has them; errors say `name`."""
    circuit = compile(architecture)
    groups = weight_groups(circuit)
    for key in arrays.keys() - {group.name for group in groups}:
        raise SpecError(f"{name} has an array {shown(key)}; the architecture has {_listed(groups)}")
    matrices: list[Array] = [np.zeros((0, 0))] * len(circuit.factor_child)
    output: Array | None = None
    for group in groups:
        if group.name not in arrays:
            raise SpecError(f"{name} has no array {group.name}; the architecture has {_listed(groups)}")
        array = _checked(np.asarray(arrays[group.name]), group, name)
        if not len(group.pairs):
            output = array
            continue
        shared = array.strides[0] == 0
        for pair, matrix in zip(group.pairs.tolist(), [array[0]] * len(array) if shared else array, strict=True):
            matrices[pair] = matrix
    return Weights(circuit, Floats(), tuple(matrices), output)


def save_weights(weights: Weights, path: str | Path) -> None:
    """Write weights in floats as `load_weights` reads them; a group that shares one matrix keeps its first axis 1."""
    if not isinstance(weights.field, Floats):
        raise SpecError("weights modulo a prime are not kept in files; give weights in floats")
    file = Path(path)
    check_target(file, SUFFIX, "a file of weights")
    arrays: dict[str, Any] = {}
    for group in weight_groups(weights.circuit):
        own = [weights.matrices[pair] for pair in group.pairs.tolist()]
        if own:
            shared = all(matrix is own[0] for matrix in own)
            arrays[group.name] = np.stack(own[:1] if shared else own)
        else:
            arrays[group.name] = weights.output

    def write(part: Path) -> None:
        with part.open("wb") as stream:
            np.savez(stream, **arrays)

    write_whole(file, write)


def _check_members(
    archive: zipfile.ZipFile, groups: Mapping[str, WeightGroup], name: str, memory_limit: int | None
) -> None:
    """The names, types and sizes of all arrays, from their headers alone."""
    held = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
    listed = _listed(tuple(groups.values()))
    for key in held.keys() - groups.keys():
        raise SpecError(f"{name} has an array {shown(key)}; the architecture has {listed}")
    for key in groups.keys() - held.keys():
        raise SpecError(f"{name} has no array {key}; the architecture has {listed}")
    entries = 0
    for key, group in groups.items():
        with archive.open(held[key]) as stream:
            version = np.lib.format.read_magic(stream)
            header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, _, dtype = header(stream)
        _check_array(shape, dtype, group, name)
        entries += math.prod(shape)
    refuse_above(memory_limit, 2 * 8 * entries, f"reading {name}")


def _check_array(shape: tuple[int, ...], dtype: "np.dtype[Any]", group: WeightGroup, name: str) -> None:
    if dtype.kind not in "buif":
        raise SpecError(f"{name}: {group.name} has entries of type {shown(str(dtype))}; they must be real numbers")
    if shape not in (group.shape, _shared_shape(group)):
        raise SpecError(f"{name}: {group.name} has shape {shown(shape)}; it must be {group.shape}")


def _checked(array: Array, group: WeightGroup, name: str) -> Array:
    """The array of a group in floats; a single matrix stands for all of them."""
    _check_array(array.shape, array.dtype, group, name)
    floats: Array = array.astype(np.float64)
    if not np.isfinite(floats).all():
        raise SpecError(f"{name}: {group.name} has an entry that is not finite")
    return floats if array.shape == group.shape else np.broadcast_to(floats, group.shape)


def _shared_shape(group: WeightGroup) -> tuple[int, ...]:
    """The shape of one matrix that stands for all of a group."""
    return (1, *group.shape[1:]) if len(group.pairs) else group.shape


def _listed(groups: tuple[WeightGroup, ...]) -> str:
    few = ", ".join(group.name for group in groups[:6])
    return few if len(groups) <= 6 else f"{few} and {len(groups) - 6} more"
