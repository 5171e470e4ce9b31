"""ONNX files without their weights: the bytes of large tensors are passed over, never held.

An ONNX file is one protobuf message. Its fields are copied from the mapped file, but for the data of tensors above
`KEPT` bytes; what is left, some kilobytes even of a large model, is parsed by the onnx package. Nothing is executed.
"""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import ExtraError, FileError
from ...tools.words import install_hint, shown_name

KEPT = 4096  # bytes of a tensor's data: shapes are far smaller, weights larger
DEEPEST = 32  # messages inside of messages
# The fields of each message that hold tensors, further inside: field number -> message (onnx.proto).
INSIDE: dict[str, dict[int, str]] = {
    "model": {7: "graph", 25: "function"},
    "function": {7: "node"},
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse tensor", 23: "sparse tensor"},
    "sparse tensor": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
GRAPH = 7  # of a model
DATA = (4, 5, 6, 7, 9, 10, 11)  # of a tensor: float, int32, string, int64, raw, double, uint64 data
VARINT, LENGTH, FIXED = 0, 2, {1: 8, 5: 4}  # how a field is written; those of 8 and 4 bytes

Field = tuple[int, int, int, int, int]  # number, way of writing; where the field, its content and what follows begin


class _Broken(Exception):
    """Bytes that are no message."""


def read_model(path: Path) -> Any:
    """The ModelProto in a file, without the data of its weights; a FileError of one line if there is none."""
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError:
        raise ExtraError(f"reading ONNX files needs onnx: {install_hint('onnx')}") from None
    try:
        model = onnx.ModelProto.FromString(_without_weights(path))
    except DecodeError:
        raise FileError(f"{shown_name(path)} is no ONNX model") from None
    if not model.graph.node:
        raise FileError(f"{shown_name(path)} is no ONNX model: its graph has no nodes")
    if model.functions:
        from onnx.inliner import inline_local_functions

        model = inline_local_functions(model)
    return model


def _without_weights(path: Path) -> bytes:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _model(data, path)
    except OSError as error:
        raise FileError(f"cannot read {shown_name(path)}: {error.strerror}") from None
    except ValueError:
        raise FileError(f"{shown_name(path)} is no ONNX model: it is empty, or no file can have this name") from None


def _model(data: mmap.mmap, path: Path) -> bytes:
    """The message of a model; the error tells a file that ends too soon from one that is something else."""
    parts: list[bytes] = []
    numbers: set[int] = set()
    try:
        for number, kind, first, begin, end in _fields(data, 0, len(data)):
            if end > len(data) and numbers and number <= GRAPH:
                raise FileError(f"{shown_name(path)} ends in the middle of its model: it was cut short")
            numbers.add(number)
            parts.append(_copied(data, (number, kind, first, begin, end), INSIDE["model"], 0))
    except _Broken:
        found = "is damaged: a message in its graph has no end" if GRAPH in numbers else "is no ONNX model"
        raise FileError(f"{shown_name(path)} {found}") from None
    return b"".join(parts)


def _copied(data: mmap.mmap, field: Field, inside: dict[int, str], depth: int) -> bytes:
    """A field, without the data of large tensors in it."""
    number, kind, first, begin, end = field
    if end > len(data):
        raise _Broken
    if kind != LENGTH or number not in inside:
        return data[first:end]
    if depth == DEEPEST:
        raise _Broken
    message = inside[number]
    parts = []
    for part in _fields(data, begin, end):
        if part[-1] > end:
            raise _Broken
        if message != "tensor" or part[0] not in DATA or part[-1] - part[-2] <= KEPT:
            parts.append(_copied(data, part, INSIDE[message], depth + 1))
    content = b"".join(parts)
    return _varint_bytes(number << 3 | LENGTH) + _varint_bytes(len(content)) + content


def _fields(data: mmap.mmap, begin: int, end: int) -> Iterator[Field]:
    """The fields of the message between two positions; a field that ends later is the last one."""
    place = begin
    while place < end:
        first = place
        tag, place = _varint(data, place, end)
        number, kind = tag >> 3, tag & 7
        if kind == LENGTH:
            length, place = _varint(data, place, end)
        elif kind == VARINT:
            length = _varint(data, place, end)[1] - place
        elif kind in FIXED:
            length = FIXED[kind]
        else:
            raise _Broken
        yield number, kind, first, place, place + length
        place += length


def _varint(data: mmap.mmap, place: int, end: int) -> tuple[int, int]:
    """An integer written in groups of seven bits, and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= end:
            break
        byte = data[place]
        value |= (byte & 127) << shift
        place += 1
        if byte < 128:
            return value, place
    raise _Broken


def _varint_bytes(value: int) -> bytes:
    groups = []
    while value >= 128:
        groups.append(value & 127 | 128)
        value >>= 7
    return bytes([*groups, value])
