"""Long work says on a terminal what it does, and can be interrupted."""

import io
import signal
import sys
import time

import pytest

from tncut.cli import app, working
from tncut.tools.progress import heard_by, tell, told


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch):
    """What a terminal got as standard error while an action ran as a command."""

    def call(action):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr(working, "SILENCE", 0.05)
        monkeypatch.setattr(working, "GLANCE", 0.01)
        monkeypatch.setattr(app, "app", lambda **_: action())
        try:
            app.main()
        except SystemExit as stop:
            return terminal.getvalue(), stop.code
        return terminal.getvalue(), 0

    return call


def wait_for(text):
    """Work until the terminal shows a text."""
    begin = time.monotonic()
    while text not in sys.stderr.getvalue() and time.monotonic() < begin + 20:
        time.sleep(0.01)


def test_work_is_told_after_a_while_and_the_line_is_gone_at_the_end(shown):
    def work():
        for _ in told(range(3), "region", 3):
            pass
        wait_for("region 3 of 3")
        working.put("answer")
        tell("next")
        wait_for("next")

    text, code = shown(work)
    assert code == 0
    assert "region 3 of 3" in text
    assert "next" in text
    assert text.endswith("\x1b[?25h") or "\x1b[2K" in text  # the line is wiped


def test_quick_work_says_nothing(shown, monkeypatch):
    assert shown(lambda: tell("quick")) == ("", 0)


def test_no_terminal_no_line(capsys, monkeypatch):
    monkeypatch.setattr(app, "app", lambda **_: tell("nobody listens"))
    app.main()
    assert capsys.readouterr().err == ""


def test_an_interruption_is_one_line_and_code_130(shown):
    def work():
        raise KeyboardInterrupt

    assert shown(work) == ("tncut: interrupted\n", 130)


def test_a_request_to_end_ends_the_program_as_an_error_does(shown):
    before = signal.getsignal(signal.SIGTERM)
    assert shown(lambda: signal.raise_signal(signal.SIGTERM)) == ("tncut: ended by a signal\n", 143)
    assert signal.getsignal(signal.SIGTERM) == before


def test_listeners_hear_what_is_told_within_alone():
    heard = []
    with heard_by(heard.append):
        assert list(told("ab", "letter")) == ["a", "b"]
    tell("nobody")
    assert heard == ["letter 1", "letter 2"]
