"""Every quick command on every network of the gallery: an answer, or one line that says why there is none.

Which commands take long, and whether they say so meanwhile, is measured by benchmarks/commands.py.
"""

import json
import time

import pytest

import tncut
from tncut.formats import gallery, parse_spec

COMMANDS = (
    "show {net}",
    "bound {net} -p left-right",
    "bound {net} -p canonical",
    "capacity {net}",
    "profile {net} --family block",
    "trim {net}",
    "export {net} --to graphml",
    "export {net} --to einsum",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_network_is_answered_or_refused_in_one_line(run, command):
    took = {}
    for net in gallery():
        begin = time.process_time()
        code, out, err = run(*command.format(net=net).split())
        took[net] = time.process_time() - begin
        if code:
            assert (code, out) == (1, ""), (net, out)
            assert err.startswith("tncut: "), net
            assert err.count("\n") == 1, net
        else:
            assert out
            assert not err
    slowest = max(took, key=lambda net: took[net])
    print(f"{command}: {sum(took.values()):.1f} CPU s; the slowest {slowest}, {took[slowest]:.1f}")


def test_shared_tensors_of_an_unfolded_circuit_leave_and_come_back(run):
    """The output has a number of its own, and no factor."""
    text = run("export", "gnn-path-12", "--to", "einsum")[1]
    assert json.loads(text)["kind"] == "einsum"
    again = parse_spec(text, syntax="json").network()
    assert (
        tncut.bound(again, "left-right").rank_bound == tncut.min_cut(tncut.load("gnn-path-12"), "left-right").rank_bound
    )
