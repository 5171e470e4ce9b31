"""What several test files use, and how tests are chosen.

Tests that end processes of their own, workers or a cluster's, are marked `kills`, those that need Chromium or Chrome
`browser`: `pytest -m "not kills and not browser"` runs the others.

With HYPOTHESIS_PROFILE=ci, as in .ci/run, hypothesis tries the same examples in every run; elsewhere others each time.
"""

import io
import os
import sys

import pytest
from hypothesis import settings

from tncut.cli import main

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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
