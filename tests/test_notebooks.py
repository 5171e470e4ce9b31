"""The notebooks as they are committed, read and not executed; running them is the task of nbmake."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
MOST_BYTES = 400_000
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ABSOLUTE_PATH = re.compile(r"""(?:^|[\s"'(=])(?:/[\w.-]+){2,}|[A-Z]:\\\w""", re.MULTILINE)

Cell = dict[str, Any]

each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells_of(path: Path) -> list[Cell]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def code_of(path: Path) -> list[Cell]:
    return [cell for cell in cells_of(path) if cell["cell_type"] == "code"]


def source(cell: Cell) -> str:
    return "".join(cell["source"])


def says(cell: Cell, word: str) -> bool:
    """Whether a text has a paragraph that begins with this word in bold, for example **Claim 2.**"""
    return cell["cell_type"] == "markdown" and bool(re.search(rf"^\*\*{word}\b", source(cell), re.MULTILINE))


def texts(cell: Cell) -> list[str]:
    """What a reader reads of a cell: its source, what it printed, what it shows; no pictures."""
    shown = [source(cell)]
    for output in cell.get("outputs", []):
        shown.append("".join(output.get("text", "")))
        shown += ["".join(data) for kind, data in output.get("data", {}).items() if kind.startswith("text/")]
    return shown


def ends_in_an_assertion(code: str) -> bool:
    return isinstance(ast.parse(re.sub(r"^%.*", "", code, flags=re.MULTILINE)).body[-1], ast.Assert)


def test_notebooks_are_numbered_in_reading_order_without_gaps():
    assert PATHS
    for number, path in enumerate(PATHS, start=1):
        assert re.fullmatch(rf"{number:02}-[a-z0-9-]+", path.stem)


@each_notebook
def test_the_first_cell_is_the_title_with_the_number_of_the_file(path):
    first = cells_of(path)[0]
    assert first["cell_type"] == "markdown"
    assert source(first).startswith(f"# {int(path.stem[:2])}. ")


@each_notebook
def test_every_claim_has_a_source_a_cell_that_ends_in_an_assertion_and_a_result(path):
    cells = cells_of(path)
    claims = [place for place, cell in enumerate(cells) if says(cell, "Claim")]
    assert claims
    for claim, following in zip(claims, [*claims[1:], len(cells) - 1], strict=True):
        assert says(cells[claim], "Source"), f"claim without a source: {source(cells[claim])}"
        # The text that gives the result may go on to the next claim.
        results = [place for place in range(claim + 1, following + 1) if says(cells[place], "Result")]
        assert results, f"claim without a result: {source(cells[claim])}"
        between = [source(cell) for cell in cells[claim : results[0]] if cell["cell_type"] == "code"]
        assert between, f"claim without code: {source(cells[claim])}"
        assert any(ends_in_an_assertion(code) for code in between), between


@each_notebook
def test_notebooks_were_executed_in_order_from_a_fresh_kernel(path):
    cells = code_of(path)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert any(cell["outputs"] for cell in cells)


@each_notebook
def test_no_output_is_an_error_or_a_warning(path):
    for output in (output for cell in code_of(path) for output in cell["outputs"]):
        assert output["output_type"] != "error"
        assert output.get("name") != "stderr", output


@each_notebook
def test_notebooks_show_pictures_and_stay_small(path):
    kinds = {kind for cell in code_of(path) for output in cell["outputs"] for kind in output.get("data", {})}
    assert kinds & {"image/png", "image/svg+xml"}
    assert path.stat().st_size < MOST_BYTES


@each_notebook
def test_notebooks_say_nothing_of_the_machine_that_ran_them(path):
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"] == KERNEL
    for cell in cells_of(path):
        assert not cell["metadata"]
        assert not any(ABSOLUTE_PATH.search(text) for text in texts(cell)), texts(cell)


@each_notebook
def test_notebooks_follow_the_format(path):
    nbformat = pytest.importorskip("nbformat", reason="nbformat comes with the extra notebooks")
    nbformat.validate(nbformat.read(path, as_version=4))
