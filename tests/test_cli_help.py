"""The help of the command line, as a terminal of 80 columns shows it."""

import pytest

from tncut.cli.app import app

COMMANDS = sorted(command.name or command.callback.__name__ for command in app.registered_commands)


def test_no_summary_is_cut_off(run, monkeypatch):
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    monkeypatch.setenv("COLUMNS", "80")
    text = run("--help")[1]
    assert "..." not in text.replace("[ARGS]...", "")
    assert max(map(len, text.splitlines())) <= 80
    assert all(f"  {name} " in text for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_is_explained(run, name):
    text = run(name, "--help")[1]
    assert "Usage: tncut" in text
    for line in text.splitlines():
        if line.startswith("  -"):
            assert len(line.split("  ")) > 2 or line == line.rstrip(), line
