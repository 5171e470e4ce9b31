"""The pages of docs/ say what the code does: keys, commands, outputs, and links that lead somewhere."""

import contextlib
import io
import json
import re
import runpy
from dataclasses import MISSING, fields
from inspect import getdoc, isclass, ismodule
from pathlib import Path

import pytest

import tncut
from tncut.architectures.convac import GEOMETRIES, PADDINGS
from tncut.architectures.graphs.surrogate import OPERATIONS
from tncut.circuit import GATES
from tncut.comparison import Sweep, load_sweep
from tncut.comparison.measures import GROUPS, MEASURES
from tncut.comparison.sweep import KEYS
from tncut.formats import parse_spec, spec_table
from tncut.formats.spec import KINDS
from tncut.network import build

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
SPECIFICATIONS = (DOCS / "specifications.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(toml|json)\n(.*?)^```", SPECIFICATIONS, re.DOTALL | re.MULTILINE)
LAYERS = {"convac": ("### layers", tncut.Layer), "surrogate": ("### layers of a surrogate", tncut.SurrogateLayer)}
TABLES = [*((f"## kind {kind}", cls) for kind, cls in KINDS.items()), *LAYERS.values()]


def prose(text):
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page):
    """The names that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)", prose(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows(heading):
    """key -> (type, default, meaning) of the table below a heading."""
    section = SPECIFICATIONS.split(f"\n{heading}\n")[1].split("\n#")[0]
    return {
        key: cells for key, *cells in re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*) \|$", section, re.MULTILINE)
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings_that_exist(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page.read_text(encoding="utf-8"))):
        if not re.match(r"\w+:", link):
            path, _, heading = link.partition("#")
            target = page.parent / path if path else page
            assert target.exists(), link
            assert not heading or heading in anchors(target), link


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_files_and_tests_that_a_page_names_exist(page):
    for path in re.findall(r"`((?:tncut|tests|docs)/[\w/.]+)`", page.read_text(encoding="utf-8")):
        assert (ROOT / path).is_file(), path


def test_the_command_reference_is_what_the_commands_say():
    written = runpy.run_path(str(DOCS / "make_cli.py"))["reference"]()
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == written, "run: python docs/make_cli.py"


def test_the_page_of_the_design_is_what_the_code_is():
    written = runpy.run_path(str(DOCS / "make_design.py"))["page"]()
    assert (DOCS / "design.md").read_text(encoding="utf-8") == written, "run: python docs/make_design.py"


API = runpy.run_path(str(DOCS / "make_api.py"))


def test_the_reference_of_the_public_names_is_what_their_docstrings_say():
    written = API["reference"]()
    assert (DOCS / "api.md").read_text(encoding="utf-8") == written, "run: python docs/make_api.py"


def test_every_public_name_is_in_one_group():
    names = [name for group in API["GROUPS"].values() for name in group]
    assert len(set(names)) == len(names)
    assert set(names) == set(tncut.__all__)


def public_values():
    """(name, value) of every public name, those of public modules too."""
    for name in tncut.__all__:
        value = getattr(tncut, name)
        yield name, value
        if ismodule(value):
            yield from ((f"{name}.{inner}", getattr(value, inner)) for inner in API["public_names"](value))


@pytest.mark.parametrize(("name", "value"), list(public_values()))
def test_every_public_name_has_a_docstring(name, value):
    if ismodule(value) or callable(value):
        assert value.__doc__
        assert not value.__doc__.startswith(f"{value.__name__}("), "written by dataclass"
    for member, _, function in API["public_members"](value) if isclass(value) else ():
        assert getdoc(getattr(value, member)) or getdoc(function), f"{name}.{member}"


def test_the_code_of_the_theory_prints_what_is_shown():
    names = {}
    for code in re.findall(r"```python\n(.*?)```", (DOCS / "theory.md").read_text(encoding="utf-8"), re.DOTALL):
        shown = re.findall(r"^# (.*)", code, re.MULTILINE)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, names)
        assert printed.getvalue().splitlines() == shown


def test_the_code_and_the_commands_of_measuring_print_what_is_shown(run):
    page = (DOCS / "measuring.md").read_text(encoding="utf-8")
    for code, shown in re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, {})
        assert printed.getvalue() == shown
    listed = re.search(r"\$ tncut show tree-8 \| grep array\n(.*?)```", page, re.DOTALL)[1].splitlines()
    assert listed == [line for line in run("show", "tree-8")[1].splitlines() if "array" in line]


@pytest.mark.parametrize(("heading", "cls"), TABLES)
def test_every_key_is_described_with_its_default(heading, cls):
    described = rows(heading)
    assert list(described) == [field.name for field in fields(cls)]
    for field in fields(cls):
        default = described[field.name][1]
        if field.default is MISSING:
            assert default == "required"
        elif field.default is None:
            assert default.startswith("none: ")
        else:
            assert default == f"`{json.dumps(field.default)}`"


def test_every_kind_and_choice_is_described():
    assert [f"kind {kind}" for kind in KINDS] == re.findall(r"^## (kind \w+)", SPECIFICATIONS, re.MULTILINE)
    assert list(KINDS) == re.findall(r"^\| \[`(\w+)`\]\(#kind-\1\)", SPECIFICATIONS, re.MULTILINE)
    for heading, key, choices in [
        ("## kind convac", "gate", GATES),
        ("### layers", "padding", PADDINGS),
        ("### layers", "geometry", GEOMETRIES),
        ("### layers of a surrogate", "op", OPERATIONS),
    ]:
        assert re.findall(r"`([a-z-]+)`", rows(heading)[key][2]) == list(choices)


@pytest.mark.parametrize(("syntax", "text"), EXAMPLES)
def test_every_example_compiles(syntax, text):
    architecture = parse_spec(text, syntax=syntax)
    built = build(architecture)
    assert built.tensors if isinstance(built, tncut.TensorNetwork) else built.units


def test_the_examples_show_every_key_of_every_kind():
    tables = [spec_table(parse_spec(text, syntax=syntax)) for syntax, text in EXAMPLES]
    assert tables[0] == tables[1]  # the first is given in both syntaxes
    for kind, cls in KINDS.items():
        shown = {key for table in tables if table["kind"] == kind for key in table}
        assert shown == {field.name for field in fields(cls)} | {"kind"}
    for kind, (_, cls) in LAYERS.items():
        shown = {key for table in tables if table["kind"] == kind for layer in table["layers"] for key in layer}
        assert shown == {field.name for field in fields(cls)}


def test_sweep_files_are_described(tmp_path):
    described = rows("## Sweep files")
    assert tuple(described) == KEYS
    for field in fields(Sweep):
        default = described[field.name][1]
        assert default == ("none" if field.default in (MISSING, ()) else f"`{json.dumps(field.default)}`")
    assert set(re.findall(r"`(\w+)`", described["measures"][2])) == {*MEASURES, *GROUPS}
    path = tmp_path / "sweep.toml"
    path.write_text(re.search(r"```toml sweep\n(.*?)```", SPECIFICATIONS, re.DOTALL)[1], encoding="utf-8")
    sweep = load_sweep(path)
    assert (len(sweep.architectures), len(sweep.partitions)) == (2 + 3 * 2, 2)
