"""Specifications: exact there and back, and every mistake named with what would be right."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tncut.architectures import ConvAC, Layer
from tncut.errors import FileError, SpecError
from tncut.formats import gallery, load, load_spec, parse_spec, save_spec, spec_table, spec_text
from tncut.network import build

lengths = st.integers(1, 5) | st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple)
explicit = st.lists(st.lists(st.integers(0, 9), min_size=1).map(tuple), min_size=1, max_size=4).map(tuple)
layers = st.one_of(
    st.builds(
        Layer,
        channels=st.integers(1, 99),
        window=lengths,
        stride=st.none() | lengths,
        dilation=lengths,
        padding=st.sampled_from(["valid", "same", "circular"]),
        pool=st.none() | st.just("all") | lengths,
    ),
    st.builds(Layer, channels=st.integers(1, 9), window=lengths, geometry=st.just("mirror")),
    st.builds(Layer, channels=st.integers(1, 9), geometry=explicit),
    st.just(Layer(channels=3, window="all")),
)


@st.composite
def convacs(draw):
    grid = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    sites = 1
    for length in grid:
        sites *= length
    values = {
        "sites": grid,
        "site_dim": draw(st.integers(1, 9) | st.lists(st.integers(1, 9), min_size=sites, max_size=sites)),
        "open_output": draw(st.none() | st.integers(1, 20)),
        "name": draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
    }
    below = draw(st.lists(layers, max_size=3))
    whole = Layer(channels=draw(st.integers(1, 9)), window="all")
    try:
        return ConvAC(**values, layers=[*below, whole])
    except SpecError:  # windows that do not fit
        return ConvAC(**values, layers=[whole])


@settings(max_examples=200)
@given(convacs(), st.sampled_from(["toml", "json"]))
def test_a_specification_reads_back_as_it_was(architecture, syntax):
    text = spec_text(architecture, syntax=syntax)
    assert parse_spec(text, syntax=syntax) == architecture
    assert spec_text(parse_spec(text, syntax=syntax), syntax=syntax) == text


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_files_read_back_as_they_were(tmp_path, suffix):
    architecture = ConvAC.deep(sites=8, site_dim=2, channels=(2, 3, 4), name="umlaut ü")
    path = tmp_path / f"net.{suffix}"
    save_spec(architecture, path)
    assert load_spec(path) == load(str(path)) == architecture
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_every_gallery_entry_compiles_and_tells_what_it_shows():
    entries = gallery()
    assert {"deep-16", "shallow-16", "deep-64", "shallow-64", "pooling-mirror-32x32", "overlap-2d-4x4"} <= set(entries)
    for name, about in entries.items():
        architecture = load(name)
        assert architecture.name == name
        assert len(about) > 20
        assert len(build(architecture).terminals)


VALID = {"kind": "convac", "sites": [4], "site_dim": 2, "layers": [{"channels": 2, "window": "all"}]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": None}, "key 'kind' is missing"),
        ({"kind": "convak"}, "kind is 'convak'; did you mean 'convac'"),
        ({"kind": 3}, "kind is 3"),
        ({"site": [4]}, "unknown key 'site'; did you mean 'sites'"),
        ({"sites": None}, "key 'sites' is missing"),
        ({"sites": [10**9]}, "sites make a grid of 1000000000 positions; the limit is"),
        ({"sites": "4"}, "sites is '4'; it must be an integer"),
        ({"sites": []}, "not empty"),
        ({"site_dim": 0}, "site_dim is 0; it must be from 1"),
        ({"site_dim": -2}, "site_dim is -2"),
        ({"site_dim": [2, 2]}, "lists 2 dimensions; there are 4 sites"),
        ({"site_dim": float("nan")}, "site_dim is nan; it must be an integer"),
        ({"layers": 3}, "layers is a int; it must be a list of tables"),
        ({"layers": [3]}, r"layers\[0\]: is a int; it must be a table"),
        ({"layers": [{"window": 2}]}, r"layers\[0\]: key 'channels' is missing"),
        ({"layers": [{"channels": 2, "windows": 2}]}, r"layers\[0\]: unknown key 'windows'; did you mean 'window'"),
        ({"layers": [{"channels": 2, "window": 2, "padding": "vaild"}]}, "did you mean 'valid'"),
        ({"layers": [{"channels": 0, "window": 2}]}, r"layers\[0\]: channels is 0"),
        ({"layers": []}, "at least one layer"),
        ({"name": 3}, "name is 3; it must be text"),
        ({"open_output": "yes"}, "open_output is 'yes'"),
        ({"root_map": "no"}, "root_map is 'no'; it must be true or false"),
    ],
)
def test_mistakes_are_named_with_their_key(change, message):
    table = {key: value for key, value in (VALID | change).items() if value is not None}
    with pytest.raises(SpecError, match=message) as caught:
        parse_spec(json.dumps(table), name="net.json", syntax="json")
    assert str(caught.value).startswith("net.json: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "syntax", "message"),
    [
        ('kind = "convac"\nsites = = 3', "toml", "line 2"),
        ("a = 1\na = 2", "toml", "not valid TOML"),
        ('{"kind": }', "json", "line 1"),
        ('{"kind": "convac", "kind": "convac"}', "json", "key 'kind' is given twice"),
        ("[1, 2]", "json", "is a table of keys"),
        ("[" * 100_000, "json", "nested too deeply"),
        ('{"sites": ' + "9" * 5000 + "}", "json", "not valid JSON"),
        ("a = " + "[" * 5000, "toml", "net: n"),
    ],
)
def test_what_is_no_toml_or_json_is_refused_with_its_place(text, syntax, message):
    with pytest.raises(SpecError, match=message):
        parse_spec(text, name="net", syntax=syntax)


def test_files_that_cannot_be_read_are_refused(tmp_path):
    (tmp_path / "latin.toml").write_bytes("name = 'ü'".encode("latin-1"))
    (tmp_path / "huge.toml").write_bytes(b"#" * (17 * 2**20))
    (tmp_path / "folder.toml").mkdir()
    expected = {"missing": "No such file", "latin": "not UTF-8", "huge": "larger than 16 MB", "folder": "directory"}
    for name, message in expected.items():
        with pytest.raises(FileError, match=f"(?i){message}"):
            load_spec(tmp_path / f"{name}.toml")
    with pytest.raises(SpecError, match=r"ends in \.toml or \.json"):
        load_spec(tmp_path / "net.yaml")


def test_files_that_cannot_be_written_leave_nothing(tmp_path):
    architecture = load("deep-16")
    with pytest.raises(FileError, match="cannot write"):
        save_spec(architecture, tmp_path / "nowhere" / "net.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(FileError, match="is a folder"):
        save_spec(architecture, tmp_path / "folder.toml")
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder.toml"]


def test_a_name_that_is_not_in_the_gallery_gets_the_nearest_one():
    with pytest.raises(SpecError, match="did you mean 'deep-16'"):
        load("deep16")


def test_what_has_no_file_form_is_refused():
    class Other:
        name = ""

    with pytest.raises(SpecError, match="Other has no file form"):
        spec_table(Other())
