"""What several test files use."""

import io
import sys

import pytest

from tncut.cli import main


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the command line: arguments and standard input in, (exit code, output, errors) out."""

    def call(*arguments: object, stdin: str | bytes = "") -> tuple[int, str, str]:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "argv", ["tncut", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
