"""The command line itself: each command parses, calls the library, and prints; the mathematics lies elsewhere."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from ..errors import TncutError
from .working import working

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"tncut {version('tncut')}")
        raise typer.Exit


@app.callback()
def tncut(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """How much dependence between its inputs can a network architecture model?"""


def main() -> None:
    """Run the command line; an error of the user's is one line and exit code 1."""
    try:
        with _ended_politely(), working():
            try:
                app(prog_name="tncut")
            finally:
                sys.stdout.flush()
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    except TncutError as error:
        _fail(" ".join(str(error).split()))
    except MemoryError:
        _fail("the computation does not fit into memory; take a smaller architecture")
    except BrokenPipeError:
        # The reader has gone (a pager, head): nothing is left to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(f"cannot write the output: {error.strerror}")


def _fail(message: str, code: int = 1) -> None:
    print(f"tncut: {message}", file=sys.stderr)
    raise SystemExit(code)


@contextmanager
def _ended_politely() -> Iterator[None]:
    """A request to end (SIGTERM) ends the program as an error does, so that worker processes are taken down."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: _fail("ended by a signal", 128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
