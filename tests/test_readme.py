"""What the README and the guide show is what tncut does."""

import contextlib
import io
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import tncut
from tncut.formats import parse_spec

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README + GUIDE, re.DOTALL)
SWEEP = re.search(r"```toml\n(architectures = .*?)```", GUIDE, re.DOTALL)[1]


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


def test_the_specifications_of_the_guide_compile():
    found = re.findall(r"```toml\n(name = .*?)```", GUIDE, re.DOTALL)
    assert found
    for text in found:
        assert tncut.compile(parse_spec(text)).units


@pytest.mark.parametrize("page", ["README.md", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.md"))])
def test_every_picture_of_a_page_is_there(page):
    for path in re.findall(r"!\[.*?\]\((.*?)\)", (ROOT / page).read_text(encoding="utf-8")):
        assert ((ROOT / page).parent / path).stat().st_size > 1000


def test_the_readme_leads_in_one_click_to_the_theorems_the_citation_and_the_functions():
    links = re.findall(r"\]\((.*?)\)", README)
    assert {"docs/theory.md#the-theorems", "CITATION.cff", "docs/api.md"} <= set(links)
    assert len(README.splitlines()) <= 80


def test_the_citation_names_the_version():
    assert f"\nversion: {version('tncut')}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
