"""What the README shows is what tncut does."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tncut
from tncut.formats import parse_spec

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
SWEEP = re.search(r"```toml\n(architectures = .*?)```", README, re.DOTALL)[1]


@pytest.mark.parametrize("block", BLOCKS, ids=[block.split("\n")[0] for block in BLOCKS])
def test_commands_print_what_the_readme_shows(block, tmp_path):
    (tmp_path / "sweep.toml").write_text(SWEEP)
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, output = part.split("\n", 1)
        arguments = command.split()
        assert arguments[0] == "tncut"
        done = subprocess.run(
            [sys.executable, "-m", *arguments], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        assert re.sub(r"in [\d.]+ s", "in 0.3 s", done.stdout.rstrip()) == output.rstrip()


def test_the_python_example_prints_what_the_readme_shows():
    code, output = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL).groups()
    assert code.count("\n") <= 7
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert printed.getvalue() == output


def test_the_specifications_of_the_readme_compile():
    for text in re.findall(r"```toml\n(name = .*?)```", README, re.DOTALL):
        assert tncut.compile(parse_spec(text)).units


def test_every_picture_of_the_readme_is_there():
    for path in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (Path(__file__).parent.parent / path).stat().st_size > 1000
