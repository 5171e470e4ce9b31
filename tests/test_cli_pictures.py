"""The command that draws results: it reads, selects, draws, and says what is wrong in one line."""

from pathlib import Path

import pytest

from tests.test_draw_results import sweep
from tncut.errors import FileError


@pytest.fixture
def plot(run, monkeypatch, tmp_path):
    """Draw a file of results: arguments in, (exit code, output, errors) out."""

    def read_results(path: Path) -> list:
        if path.name != "results.db":
            raise FileError(f"cannot read {path}: No such file or directory")
        return sweep(4, "net")

    monkeypatch.setattr("tncut.comparison.read_results", read_results)

    def call(*arguments: str, file: str = "results.db") -> tuple[int, str, str]:
        return run("plot", tmp_path / file, *arguments)

    return call


@pytest.mark.parametrize("kind", ["heatmap", "pareto", "profile"])
def test_every_kind_is_drawn(plot, tmp_path, kind):
    picture = tmp_path / "picture.svg"
    assert plot("-o", str(picture), "--kind", kind) == (0, f"wrote {picture}\n", "")
    assert picture.stat().st_size > 5000


def test_only_what_is_asked_for_is_drawn(plot, tmp_path):
    picture = tmp_path / "picture.svg"
    plot("-o", str(picture), "-a", "net = 1", "-a", "net = 3", "-p", "odd-even")
    text = picture.read_text()
    assert "net = 1" in text
    assert "net = 2" not in text
    assert "prefix" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "pie"], "unknown picture 'pie'; choose from heatmap, pareto, profile"),
        (["--measure", "entropy"], "no row has bits for the measure 'entropy'; measures with bits there: rank_bound"),
        (["-a", "deep"], "no row has the architecture 'deep'"),
        (["-o", "picture.jpg"], "the name must end in .png, .svg, .pdf"),
    ],
)
def test_mistakes_are_one_line_and_write_nothing(plot, tmp_path, arguments, message):
    code, out, err = plot("-o", str(tmp_path / "picture.png"), *arguments)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_one_line(plot, tmp_path):
    code, out, err = plot("-o", str(tmp_path / "picture.png"), file="none.db")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "none.db" in err
