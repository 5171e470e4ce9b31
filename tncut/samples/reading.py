"""Samples from files: arrays, tables (a column is a site), folders of images (a pixel is a site)."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ExtraError, FileError, MethodError
from ..tools.files import read_text
from ..tools.memory import refuse_above
from ..tools.values import check_known
from ..tools.within import within
from ..tools.words import counted, install_hint, nearest, shown, shown_name
from .samples import Samples

MOST_BYTES = 2**32
IMAGES = (".png", ".jpg", ".jpeg", ".bmp")


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds: inputs, labels if it has them, and the names of its sites."""

    inputs: NDArray[Any]
    labels: NDArray[Any] | None = None
    names: tuple[str, ...] | None = None


def load_samples(
    path: str | Path,
    *,
    label: str | None = None,
    embedding: str = "angle",
    scale: str = "none",
    classes: bool = False,
) -> Samples:
    """Samples in a file: .npz (arrays `inputs` and `labels`), .npy, .csv, .parquet, or a folder of images of one size.

    `label`: the column of a table, or the array of an .npz file, that holds the labels. The rest is as in `Samples.of`.
    A FileError, or a MethodError with the place, for what cannot be read.
    """
    file = Path(path)
    with within(shown_name(file)):
        table = _read(file, label)
        samples = Samples.of(table.inputs, table.labels, embedding=embedding, scale=scale, classes=classes)
    return samples if table.names is None else replace(samples, names=table.names)


def _read(file: Path, label: str | None) -> Table:
    if file.is_dir():
        if label is not None:
            raise MethodError("a folder of images has no labels; put them in an .npz file")
        return Table(_images(file))
    suffix = file.suffix.lower()
    check_known("kind of file", suffix, READERS, FileError)
    try:
        refuse_above(MOST_BYTES, file.stat().st_size, "a file of data")
        return READERS[suffix](file, label)
    except OSError as error:
        raise FileError(f"it cannot be read: {error.strerror or error}") from None
    except (ValueError, EOFError, zipfile.BadZipFile, csv.Error) as error:
        raise FileError(f"it cannot be read: {str(error).splitlines()[0]}") from None


def _npy(file: Path, label: str | None) -> Table:
    if label is not None:
        raise MethodError("an .npy file has one array, and no labels; put both in an .npz file")
    array: NDArray[Any] = np.load(file, allow_pickle=False)
    return Table(array)


def _npz(file: Path, label: str | None) -> Table:
    if file.is_file() and not zipfile.is_zipfile(file):
        raise FileError("it is no .npz file, or a part of one is missing")
    with np.load(file, allow_pickle=False) as arrays:
        known = list(arrays.files)
        key = label or "labels"
        for name in ["inputs", *([label] if label else [])]:
            if name not in known:
                raise FileError(f"there is no array {shown(name)}; {nearest(name, known)}")
        return Table(arrays["inputs"], arrays[key] if key in known else None)


def _csv(file: Path, label: str | None) -> Table:
    lines = [row for row in csv.reader(io.StringIO(read_text(file, limit=MOST_BYTES))) if row]
    if not lines:
        raise FileError("it has no rows")
    header = None if all(map(_is_number, lines[0])) else [name.strip() for name in lines[0]]
    rows = lines if header is None else lines[1:]
    for number, row in enumerate(rows, start=1 if header is None else 2):
        if len(row) != len(lines[0]):
            raise FileError(f"row {number} has {counted(len(row), 'column')}; the first row has {len(lines[0])}")
    columns = header or [str(number) for number in range(len(lines[0]))]
    return _table(columns, list(zip(*rows, strict=True)) or [()] * len(columns), label, header is not None)


def _parquet(file: Path, label: str | None) -> Table:
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise ExtraError(f"Parquet files need pyarrow: {install_hint('parquet')}") from None
    table = parquet.read_table(file)
    return _table(table.column_names, [column.to_pylist() for column in table.columns], label, True)


def _table(columns: list[str], values: Sequence[Sequence[Any]], label: str | None, named: bool) -> Table:
    if label is not None and label not in columns:
        raise FileError(f"there is no column {shown(label)}; {nearest(label, columns)}")
    sites = [number for number, name in enumerate(columns) if name != label]
    inputs = np.array([_column(columns[number], values[number], named) for number in sites]).T
    labels = None if label is None else _labels(values[columns.index(label)])
    return Table(inputs, labels, tuple(columns[number] for number in sites) if named else None)


def _column(name: str, values: Sequence[Any], named: bool) -> list[float]:
    found = []
    for row, value in enumerate(values):
        if not _is_number(value):
            what = "is empty" if value is None or not str(value).strip() else f"is {shown(value)}, no number"
            raise FileError(f"column {shown_name(name)}, sample {row} {what}; is it a label? name it with label")
        found.append(float(value))
    return found


def _labels(values: Sequence[Any]) -> NDArray[Any]:
    if all(map(_is_number, values)):
        numbers = np.array([float(value) for value in values])
        return numbers.astype(np.int64) if (numbers == np.floor(numbers)).all() else numbers
    return np.array([str(value).strip() for value in values])


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _images(folder: Path) -> NDArray[Any]:
    from PIL import Image, UnidentifiedImageError

    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in IMAGES)
    if not files:
        raise FileError(f"there is no image in the folder; images end in {', '.join(IMAGES)}")
    found: list[NDArray[Any]] = []
    for file in files:
        try:
            with Image.open(file) as image:
                found.append(np.asarray(image.convert("L") if image.mode in ("1", "L", "LA") else image.convert("RGB")))
        except (OSError, UnidentifiedImageError):
            raise FileError(f"{shown_name(file.name)} cannot be read as an image") from None
        if found[-1].shape != found[0].shape:
            raise FileError(f"{shown_name(file.name)} has shape {found[-1].shape}, the first image {found[0].shape}")
    return np.stack(found).astype(np.float64) / 255


READERS = {".npz": _npz, ".npy": _npy, ".csv": _csv, ".parquet": _parquet}
