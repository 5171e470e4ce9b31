"""How long each command takes on each network of the gallery: python -m benchmarks.commands [-o FILE]

CPU seconds in one process; what takes more than two seconds is listed, the slowest first.
"""

import argparse
import contextlib
import io
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe
from tncut.cli import main as tncut
from tncut.formats import gallery

COMMANDS = (
    "show {net}",
    "bound {net} -p odd-even",
    "bound {net} -p left-right",
    "bound {net} -p all",
    "verify {net} -p odd-even --rank-only",
    "verify {net} -p left-right",
    "typical {net} -p left-right",
    "capacity {net}",
    "profile {net}",
    "trim {net}",
    "sensitivities {net} -p left-right",
    "tailor {net} -p left-right --budget 5000",
    "arrange {net}",
    "draw {net} -p left-right -o picture.png",
    "explore {net} -o page.html",
    "export {net} --to graphml -o net.graphml",
)
LISTED = 2.0  # seconds


def seconds(command: str) -> tuple[float, str]:
    """CPU seconds of one command, and what it said on standard error."""
    begin, errors = time.process_time(), io.StringIO()
    sys.argv = ["tncut", *command.split()]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors), contextlib.suppress(SystemExit):
        tncut()
    return time.process_time() - begin, errors.getvalue().strip()


def main() -> str:
    """The table, as markdown."""
    runs = [command.format(net=net) for net in gallery() for command in COMMANDS]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        found = sorted(((*seconds(run), run) for run in runs), reverse=True)
    slow = [f"| `tncut {run}` | {took:.1f} | {said} |" for took, said, run in found if took > LISTED]
    head = f"{len(runs)} commands, {sum(took for took, _, _ in found):.0f} CPU s; {len(slow)} above {LISTED:g} s:"
    return "\n".join([head, "", "| command | CPU s | said |", "|---|---|---|", *slow])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Commands on all networks of the gallery, as markdown.")
    parser.add_argument("-o", "--output", type=Path, help="write the table to this file too")
    chosen = parser.parse_args()
    text = f"Measured on {describe()}.\n\n{main()}"
    print(text)
    if chosen.output is not None:
        chosen.output.write_text(text + "\n", encoding="utf-8")
