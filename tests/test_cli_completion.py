"""What a shell is offered while a command is typed."""

import pytest

from tncut.cli import main


@pytest.fixture
def offered(monkeypatch, capsys):
    """What bash is offered for the last of these words."""

    def call(*words: str) -> list[str]:
        monkeypatch.setenv("_TNCUT_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", " ".join(("tncut", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        monkeypatch.setattr("sys.argv", ["tncut"])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out.split()

    return call


@pytest.mark.parametrize(
    ("words", "some"),
    [
        (["bound", "deep-"], {"deep-16", "deep-64"}),
        (["bound", "deep-16", "-p", "c"], {"checkerboard", "canonical"}),
        (["bound", "deep-16", "--method", "t"], {"tree"}),
        (["draw", "deep-16", "-p", "random"], {"random:seed=", "random:"}),
        (["profile", "deep-16", "--family", "pre"], {"prefix:", "prefix"}),
        (["verify", "deep-16", "--weights", "w"], {"witness"}),
        (["compare", "deep-16", "-m", "rank"], {"rank_bound", "rank_lower"}),
        (["plot", "x.db", "--kind", "h"], {"heatmap"}),
        (["export", "deep-16", "--to", "g"], {"graphml"}),
    ],
)
def test_names_that_begin_as_typed_are_offered(offered, words, some):
    found = set(offered(*words))
    assert some <= found
    assert all(name.startswith(words[-1]) for name in found)


def test_files_and_folders_are_offered(offered, tmp_path, monkeypatch):
    (tmp_path / "nets").mkdir()
    for name in ("net.toml", "net.txt", "nets/inner.json", "nets/mask.png"):
        (tmp_path / name).write_text("")
    monkeypatch.chdir(tmp_path)
    assert offered("show", "net") == ["net.toml", "nets/"]
    assert offered("show", "nets/") == ["nets/inner.json"]
    assert offered("bound", "deep-16", "-p", "mask:nets/") == ["mask:nets/mask.png"]
    assert offered("show", "none/") == []
