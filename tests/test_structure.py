"""The floors of the house, its public names, and how light it is to import."""

import ast
import subprocess
import sys
from inspect import ismodule
from pathlib import Path

import pytest

import tncut

ROOT = Path(tncut.__file__).parent

# Imports go strictly down. Files of one folder may import each other; a folder is one room.
FLOOR = {
    "errors": 0,
    "arrays": 0,
    "svg": 5,
    "files": 10,
    "memory": 10,
    "bits": 10,
    "partition": 10,
    "entanglement": 10,
    "circuit": 10,
    "network": 10,
    "places": 15,
    "architectures": 20,
    "families": 20,
    "unfolding": 15,
    "sums": 20,
    "sharing": 20,
    "mincut": 20,
    "oracle": 20,
    "cost": 25,
    "formats": 30,
    "report": 30,
    "summary": 30,
    "mixed_bounds": 30,
    "bulk": 36,
    "profiles": 38,
    "verification": 40,
    "statements": 40,
    "draw": 40,
    "grids": 50,
    "comparison": 55,
    "page": 50,
    "api": 60,
    "cli": 60,
    "__main__": 70,
    "__init__": 70,
}
HEAVY = [
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
    "pyarrow",
    "rich",
]


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """The rooms that a file imports, relative imports resolved."""
    depth = len(path.relative_to(ROOT).parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {name.split(".")[0] for name in names}
    return found


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_to_lower_floors_only(path):
    for other in imported_rooms(path):
        assert FLOOR[other] < FLOOR[room(path)], f"{path.name} imports {other}"


def test_the_oracle_and_the_cuts_share_no_code():
    for folder in ("oracle", "mincut"):
        for path in (ROOT / folder).glob("*.py"):
            assert imported_rooms(path) <= {
                "errors",
                "arrays",
                "bits",
                "memory",
                "circuit",
                "network",
                "partition",
                "entanglement",
                "places",
            }


def test_only_drawing_imports_matplotlib():
    for path in ROOT.rglob("*.py"):
        assert room(path) == "draw" or "matplotlib" not in path.read_text()


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
