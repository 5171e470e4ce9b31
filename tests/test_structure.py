"""The rooms of the house and their floors, the public names, and how light it is to import."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from inspect import ismodule
from pathlib import Path

import pytest

import tncut

ROOT = Path(tncut.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

# Imports go strictly down, from room to room and from sub-room to sub-room. Files of one room may import each other.
FLOORS = [
    ["errors"],
    ["tools"],
    ["partition"],
    ["circuit"],
    ["network"],
    ["architectures"],
    ["architectures.graphs", "architectures.networks"],
    ["formats.onnx"],
    ["formats", "mincut", "oracle"],
    ["mincut.batch", "export"],
    ["proven.fan", "proven.pairing"],
    ["proven.symmetric"],
    ["proven"],
    ["proven.batch"],
    ["proven.arrangement"],
    ["tailoring"],
    ["verification", "samples"],
    ["training"],
    ["comparison"],
    ["draw.layout"],
    ["draw.svg"],
    ["draw.figures", "draw.page"],
    ["draw"],
    ["cli"],
    ["api"],
    ["__init__", "__main__"],
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
# What a notebook shows is drawn on a higher floor, and loaded when it is shown.
SHOWN_IN_NOTEBOOKS = {"partition/partition.py", "architectures/notebook.py", "mincut/cut.py", "proven/report.py"}
PRIVATE = re.compile(r"\._(?!_|repr_)\w+|^from tncut.* import .*\b_\w+", re.MULTILINE)
each_test_file = pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("*.py")), ids=lambda path: path.stem)
MOST_MODULES, MOST_FOLDERS, MOST_FILES = 6, 16, 18
HEAVY = [
    "quimb",
    "cotengra",
    "matplotlib",
    "ortools",
    "networkx",
    "tensornetwork",
    "typer",
    "scipy",
    "opt_einsum",
    "tomlkit",
    "PIL",
    "flint",
    "numba",
    "loky",
    "distributed",
    "dask",
    "filelock",
    "pyarrow",
    "rich",
    "onnx",
    "jax",
    "optax",
    "sklearn",
]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def room(module: str) -> str:
    """The innermost room of a module: proven.batch of proven.batch.bounds, errors of errors."""
    parts = module.split(".")
    rooms = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next(name for name in rooms if name in FLOOR)


def imports(path: Path, *, deferred: bool) -> Iterator[str]:
    """The modules of tncut that a file imports at once, or those that it imports inside of functions."""
    tree = ast.parse(path.read_text())
    inner = {
        node for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    here = module_name(path).split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level and (node in inner) == deferred:
            base = [*here[: len(here) - node.level + 1], *([node.module] if node.module else [])]
            for alias in node.names:
                found = ROOT.joinpath(*".".join([*base, alias.name]).split("."))
                known = found.is_dir() or found.with_suffix(".py").exists()
                yield ".".join([*base, alias.name] if known else base)


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_go_to_lower_floors_only(path):
    own = room(module_name(path))
    for other in imports(path, deferred=False):
        assert room(other) == own or FLOOR[room(other)] < FLOOR[own] or other.startswith(f"{own}."), other


def test_no_modules_import_each_other():
    graph = {}
    for path in FILES:
        name = module_name(path).removesuffix(".__init__")
        graph[name] = {other for other in imports(path, deferred=False) if not name.startswith(f"{other}.")} - {name}
    assert list(TopologicalSorter(graph).static_order())


def test_only_the_command_line_and_notebook_views_import_late():
    late = {path for path in FILES if any(imports(path, deferred=True))}
    named = {path.relative_to(ROOT).as_posix() for path in late if path.parent.name != "cli"}
    assert named == SHOWN_IN_NOTEBOOKS
    for path in late:
        if path.parent.name != "cli":
            assert set(imports(path, deferred=True)) == {"draw.notebook"}


def test_the_house_stays_small_enough_to_be_seen_at_once():
    entries = [path for path in ROOT.iterdir() if path.name not in ("__pycache__", "py.typed")]
    assert len([path for path in entries if path.suffix == ".py"]) <= MOST_MODULES
    assert len([path for path in entries if path.is_dir()]) <= MOST_FOLDERS
    for folder in {path.parent for path in FILES} - {ROOT}:
        assert len([path for path in folder.iterdir() if path.is_file()]) <= MOST_FILES, folder.name


def test_the_oracle_and_the_cuts_share_no_code():
    for folder in ("oracle", "mincut"):
        for path in (ROOT / folder).rglob("*.py"):
            for other in imports(path, deferred=False):
                assert other.split(".")[0] in {folder, "errors", "tools", "circuit", "network", "partition"}


def test_only_drawing_imports_matplotlib():
    for path in FILES:
        assert module_name(path).startswith("draw.figures.") or "matplotlib" not in path.read_text()


@each_test_file
def test_tests_reach_for_no_private_names(path):
    assert not PRIVATE.findall(path.read_text())


@each_test_file
def test_a_seed_that_fails_is_named(path):
    """Seeds are parameters of tests, or drawn by hypothesis; a loop would not say which of them it was."""
    assert not re.findall(r"^ +for seed in .*:$", path.read_text(), re.MULTILINE)


def test_public_names_are_listed():
    names = {name for name in tncut.__all__ if not name.startswith("_")}
    assert names == set(tncut.__all__)
    api = vars(sys.modules["tncut.api"])
    public = {n for n, v in api.items() if n[0] != "_" and (not ismodule(v) or v.__name__.startswith("tncut."))}
    assert public == set(tncut.__all__)
    for name in tncut.__all__:
        value = getattr(tncut, name)
        assert value.__doc__, f"{name} has no docstring"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = tncut.nothing


@pytest.mark.parametrize("statement", ["import tncut", "import tncut; [getattr(tncut, n) for n in tncut.__all__]"])
def test_importing_loads_nothing_heavy(statement):
    code = f"{statement}\nimport sys\nprint([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_neither_numpy_nor_anything_heavy():
    code = "import sys; sys.argv = ['tncut', '--help']\nfrom tncut.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass\n"
    code += f"print([m for m in {['numpy', *(m for m in HEAVY if m != 'typer')]} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
