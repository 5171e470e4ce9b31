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
SHOWN = re.search(r"```console\n(.*?)```", README, re.DOTALL)[1]
COMMANDS = [part.strip("\n").split("\n", 1) for part in re.split(r"^\$ ", SHOWN, flags=re.MULTILINE) if part]


@pytest.mark.parametrize(("command", "output"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_commands_print_what_the_readme_shows(command, output):
    arguments = command.split()
    assert arguments[0] == "tncut"
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip() == output.rstrip()


def test_the_python_example_prints_what_the_readme_shows():
    code, output = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL).groups()
    assert code.count("\n") <= 7
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert printed.getvalue() == output


def test_the_specifications_of_the_readme_compile():
    for text in re.findall(r"```toml\n(.*?)```", README, re.DOTALL):
        assert tncut.compile(parse_spec(text)).units


def test_every_picture_of_the_readme_is_there():
    for path in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (Path(__file__).parent.parent / path).stat().st_size > 1000
