"""The command that draws results: it reads, selects, draws, and says what is wrong in one line."""

from pathlib import Path

import pytest

from tests.test_draw_results import sweep
from tncut import ConvAC, Layer
from tncut.errors import FileError
from tncut.formats import save_spec


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


@pytest.mark.parametrize(("command", "name"), [("draw", "net.svg"), ("explore", "net.html")])
def test_several_partitions_where_one_is_shown_are_refused(run, tmp_path, command, name):
    given = ("-p", "odd-even", "-p", "left-right", "-o", tmp_path / name)
    code, out, err = run(command, "deep-16", *given)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "shows one partition; --partition is given 2 times" in err
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_large_to_draw_is_refused_before_it_is_bounded(run, tmp_path, monkeypatch):
    layers = (*[Layer(channels=2, window=3, stride=1)] * 3, Layer(channels=2, window="all"))
    save_spec(ConvAC(sites=(32, 32), site_dim=2, layers=layers), tmp_path / "net.toml")
    monkeypatch.setattr("tncut.proven.bound", None)
    code, _, err = run("draw", tmp_path / "net.toml", "-p", "odd-even", "-o", tmp_path / "net.png")
    assert (code, err) == (1, "tncut: the circuit has 2361 units; circuits of up to 2000 can be drawn\n")
