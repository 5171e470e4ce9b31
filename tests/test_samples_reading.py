"""Samples from files: what is read is what was written, and what cannot be read is one line with its place."""

import numpy as np
import pytest
from PIL import Image

from tncut import FileError, Samples, TncutError, load_samples

INPUTS = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.25], [0.5, 0.5, 0.75], [0.0, 0.0, 1.0]])
LABELS = np.array([0, 1, 1, 0])
TABLE = "a,b,c,kind\n" + "".join(
    f"{a},{b},{c},{kind}\n" for (a, b, c), kind in zip(INPUTS.tolist(), LABELS, strict=True)
)


def same(found: Samples, expected: Samples) -> bool:
    assert (found.grid, found.label, found.embedding) == (expected.grid, expected.label, expected.embedding)
    pairs = zip([*found.vectors, found.weights], [*expected.vectors, expected.weights], strict=True)
    return all(np.allclose(one, other) for one, other in pairs)


@pytest.fixture
def written(tmp_path):
    """A name of a file for every format, all with the same numbers."""
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    np.savez(tmp_path / "data.npz", inputs=INPUTS.astype(np.float32), kind=LABELS)
    np.save(tmp_path / "data.npy", INPUTS)
    (tmp_path / "data.csv").write_text(TABLE)
    columns = {name: INPUTS[:, number] for number, name in enumerate("abc")} | {"kind": LABELS}
    parquet.write_table(arrow.table(columns), tmp_path / "data.parquet")
    return tmp_path


@pytest.mark.parametrize("suffix", ["npz", "csv", "parquet"])
@pytest.mark.parametrize("classes", [True, False])
def test_every_format_gives_the_same_samples(written, suffix, classes):
    found = load_samples(written / f"data.{suffix}", label="kind", classes=classes, embedding="fourier:2")
    assert same(found, Samples.of(INPUTS, LABELS, classes=classes, embedding="fourier:2"))
    assert found.names == (None if suffix == "npz" else ("a", "b", "c"))


def test_an_array_alone_has_no_labels(written):
    assert same(load_samples(written / "data.npy"), Samples.of(INPUTS))


def test_a_table_without_a_header_has_numbered_columns(tmp_path):
    (tmp_path / "plain.csv").write_text("0,1,5\n1,0,-5\n\n")
    assert same(load_samples(tmp_path / "plain.csv", label="2"), Samples.of([[0, 1], [1, 0]], [5, -5]))


def test_columns_are_sites_by_name(written):
    terminals = load_samples(written / "data.csv", label="kind").terminals
    assert terminals.partition("sites:a,c").sites_a.tolist() == [0, 2]


@pytest.mark.parametrize("colour", [True, False])
def test_a_folder_of_images_is_a_grid_of_pixels(tmp_path, colour):
    shape = (5, 4, 3, 3) if colour else (5, 4, 3)
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    for number, image in enumerate(pixels):
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    embedding = "vectors" if colour else "angle"
    assert same(load_samples(tmp_path, embedding=embedding), Samples.of(pixels / 255, embedding=embedding))


def test_what_is_discrete_survives_a_change_of_order(written):
    samples = load_samples(written / "data.csv", label="kind").ordered([2, 0, 1])
    assert samples.names == ("c", "a", "b")


BAD = {
    "ragged.csv": ("1,2\n3\n", "row 2 has 1 column; the first row has 2"),
    "hole.csv": ("a,b\n1,2\n3,\n", "column b, sample 1 is empty"),
    "word.csv": ("a,b\n1,2\n3,red\n", "column b, sample 1 is 'red', no number; is it a label"),
    "empty.csv": ("", "it has no rows"),
    "header.csv": ("a,b\n", "there is 0 sample"),
    "nan.csv": ("a,b\n1,2\nnan,4\n", r"inputs\[1, 0\] is nan"),
    "broken.npz": ("no archive", "it is no .npz file"),
    "broken.npy": ("no array", "it cannot be read"),
    "broken.parquet": ("no table", "it cannot be read"),
    "data.txt": ("1 2", "unknown kind of file '.txt'"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_line_with_its_name(tmp_path, name):
    text, message = BAD[name]
    (tmp_path / name).write_text(text)
    with pytest.raises(TncutError, match=message) as error:
        load_samples(tmp_path / name)
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_not_there_is_one_line(tmp_path, written):
    with pytest.raises(FileError, match="cannot be read: No such file"):
        load_samples(tmp_path / "nowhere.csv")
    with pytest.raises(FileError, match="there is no column 'kin'; did you mean 'kind'"):
        load_samples(written / "data.csv", label="kin")
    with pytest.raises(FileError, match="there is no array 'kin'; did you mean 'kind'"):
        load_samples(written / "data.npz", label="kin")
    np.savez(tmp_path / "other.npz", x=INPUTS)
    with pytest.raises(FileError, match="there is no array 'inputs'; choose from x"):
        load_samples(tmp_path / "other.npz")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="there is no image in the folder"):
        load_samples(tmp_path / "folder")
    Image.new("L", (3, 3)).save(tmp_path / "folder" / "a.png")
    Image.new("L", (3, 4)).save(tmp_path / "folder" / "b.png")
    with pytest.raises(FileError, match=r"b.png has shape \(4, 3\), the first image \(3, 3\)"):
        load_samples(tmp_path / "folder")
    (tmp_path / "folder" / "b.png").write_text("no image")
    with pytest.raises(FileError, match=r"b\.png cannot be read as an image"):
        load_samples(tmp_path / "folder")
