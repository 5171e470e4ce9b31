"""Graphs of networkx, and the files that they are kept in: out, and in again as they were."""

import json
import re

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.architectures import NETWORK_KINDS, RANDOM, random_einsum
from tests.circuits import random_partition, seeds, trees
from tncut import (
    PEPS,
    ConvAC,
    Einsum,
    bound,
    export,
    from_networkx,
    load,
    min_cut,
    to_networkx,
    unfold,
)
from tncut.errors import FileError, MethodError, SpecError, TncutError
from tncut.formats import parse_spec
from tncut.network import build


def read_back(text: str, form: str, tmp_path):
    path = tmp_path / ("net.graphml" if form == "graphml" else "net.json")
    path.write_text(text, encoding="utf-8")
    return load(str(path))


@pytest.mark.parametrize("form", ["networkx-json", "graphml", "einsum"])
@pytest.mark.parametrize("kind", NETWORK_KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_what_goes_out_comes_back_as_it_was(form, kind, seed, tmp_path):
    network = build(RANDOM[kind](np.random.default_rng(seed)))
    again = build(read_back(export.FORMS[form](network), form, tmp_path))
    assert Einsum.of(again) == Einsum.of(network) if network.name else Einsum.of(network)
    assert again.free == network.free
    assert again.grid == network.grid
    split = random_partition(np.random.default_rng(seed), network)
    assert bound(again, split).rank_bound == bound(network, split).rank_bound


@settings(max_examples=60, deadline=None)
@given(seeds())
def test_a_graph_of_networkx_is_its_network(seed):
    einsum = random_einsum(np.random.default_rng(seed))
    assert Einsum.of(from_networkx(to_networkx(einsum))) == einsum


@settings(max_examples=30, deadline=None)
@given(trees(read_again=True))
def test_circuits_go_out_unfolded(circuit):
    network = unfold(circuit)
    if not network.read.all():
        with pytest.raises(SpecError, match="no tensor holds site"):
            to_networkx(circuit)
        return
    again = from_networkx(to_networkx(circuit))
    split = random_partition(np.random.default_rng(0), circuit)
    assert min_cut(again, split).rank_bound == min_cut(network, split).rank_bound


def test_a_plain_graph_needs_no_words_of_tncuts():
    graph = nx.grid_2d_graph(3, 3)
    nx.set_edge_attributes(graph, 2, "dim")
    ours = from_networkx(graph, site=4, grid=(3, 3))
    theirs = PEPS(sites=(3, 3), site_dim=4, bond_dim=2)
    for split in ("block:0,0:2x2", "left-right", "checkerboard"):
        assert bound(ours, split).rank_bound == bound(theirs, split).rank_bound == bound(ours, split).rank_lower
    assert from_networkx(nx.path_graph(3), dim=3, site={0: 2, 2: 2}).bond_dims.tolist() == [2, 2, 3, 3]


def test_parallel_edges_loops_and_copies_are_what_they_are():
    graph = nx.MultiGraph()
    graph.add_node("a", site=9)
    graph.add_node("b", site=9)
    graph.add_edge("a", "b", dim=2)
    graph.add_edge("a", "b", dim=3)
    graph.add_edge("a", "a", dim=5)
    network = from_networkx(graph)
    assert bound(network, [0]).rank_bound == 6
    assert [len(bonds) for bonds in network.all_axes] == [5, 3]
    star = nx.star_graph(4)
    nx.set_node_attributes(star, {0: "copy"}, "kind")
    joined = from_networkx(star, dim=3, site=dict.fromkeys(range(1, 5), 4))
    assert (joined.tensors, joined.bonds) == (4, 5)
    assert bound(joined, "odd-even").rank_bound == 3
    pair = nx.compose(star, nx.relabel_nodes(star, {0: 10, 1: 11, 2: 12, 3: 13, 4: 14}))
    pair.add_edge(0, 10)
    assert from_networkx(pair, dim=3, site=None).bonds == 1


def test_dot_names_every_tensor_and_every_bond():
    text = export.dot(PEPS(sites=(2, 2), site_dim=2, bond_dim=3, name='a "grid"'))
    assert text.startswith('graph "a \\"grid\\"" {')
    assert len(re.findall(r"^  t\d+ \[shape=box", text, re.MULTILINE)) == 4
    assert len(re.findall(r"^  s\d+ \[shape=circle", text, re.MULTILINE)) == 4
    assert text.count(" -- ") == 8


def test_the_script_for_quimb_builds_the_network():
    pytest.importorskip("quimb", reason="needs quimb (the test extra)")
    names = {}
    exec(export.quimb(Einsum(inputs=["ab", "bc", "bd"], output="acd", sizes=2, name='odd " name')), names)
    assert names["network"].num_tensors == 3
    assert names["network"].contract(output_inds=names["output"]).shape == (2, 2, 2)


def flow_of(text: str) -> int:
    """The value of a DIMACS max-flow, by networkx."""
    graph, ends = nx.DiGraph(), {}
    for line in text.splitlines():
        match line.split():
            case ["n", node, which]:
                ends[which] = int(node)
            case ["a", tail, head, capacity]:
                known = graph.get_edge_data(int(tail), int(head), {"capacity": 0})["capacity"]
                graph.add_edge(int(tail), int(head), capacity=known + int(capacity))
    graph.add_nodes_from(ends.values())
    return nx.maximum_flow_value(graph, ends["s"], ends["t"])


@settings(max_examples=60, deadline=None)
@given(seeds())
def test_the_flow_of_dimacs_is_the_cut(seed):
    rng = np.random.default_rng(seed)
    network = random_einsum(rng, base=2).network()
    split = random_partition(rng, network)
    text = export.dimacs(network, split)
    base = int(re.search(r"^c capacities: exponents of (\d+), exact$", text, re.MULTILINE)[1])
    assert base ** flow_of(text) == bound(network, split).rank_bound


def test_dimacs_of_other_dimensions_says_that_it_rounds():
    text = export.dimacs(PEPS(sites=(2, 3), site_dim=6, bond_dim=3), "left-right")
    assert "c capacities: log2 times 2^32, rounded down" in text
    assert abs(flow_of(text) / 2**32 - np.log2(9)) < 1e-6


@pytest.mark.parametrize("form", [*export.FORMS, "dimacs"])
def test_the_command_writes_each_form(run, tmp_path, form):
    path = tmp_path / "out.txt"
    split = ["-p", "left-right"] if form == "dimacs" else []
    code, printed, _ = run("export", "peps-6x6", "--to", form, *split)
    assert code == 0
    assert run("export", "peps-6x6", "--to", form, "-o", path, *split)[0] == 0
    assert path.read_text().rstrip("\n") == printed.rstrip("\n")
    assert export.text_of(load("peps-6x6"), form, *split[1:]) == path.read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["deep-16", "--to", "dimacs"], "give it, for example -p left-right"),
        (["deep-16", "--to", "dot", "-p", "left-right"], "only dimacs takes one"),
        (["deep-16", "--to", "png"], "unknown form 'png'; choose from networkx-json"),
        (["residual-8", "--to", "dot"], "sums of several children is no tensor network"),
    ],
)
def test_what_cannot_go_out_is_one_line(run, words, message):
    code, _, error = run("export", *words)
    assert code == 1
    assert message in error
    assert error.count("\n") == 1


def path_graph(**changes):
    """A graph of two tensors and one bond, with something changed at it."""
    graph = nx.path_graph(2)
    nx.set_edge_attributes(graph, 2, "dim")
    nx.set_node_attributes(graph, 2, "site")
    for key, value in changes.items():
        (graph.edges[0, 1] if key == "dim" else graph.nodes[0])[key] = value
    return graph


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dim": 0}, "edge 0 to 1: 'dim' is 0; it must be an integer from 1"),
        ({"dim": "two"}, "'dim' is 'two'"),
        ({"dim": None}, "'dim' is None"),
        ({"dim": 2.5}, "'dim' is 2.5"),
        ({"site": -1}, "node 0: its site is -1"),
        ({"site": "x"}, "node 0: its site is 'x'"),
        ({"kind": "tensr"}, "node 0: kind is 'tensr'; did you mean 'tensor'"),
        ({"indices": "a b"}, "node 0: its indices are 'a b', but its edges say otherwise"),
        ({"indices": 3}, "node 0: its indices are 3"),
    ],
)
def test_graphs_that_say_something_impossible_are_one_line(changes, message):
    with pytest.raises(SpecError, match=message):
        from_networkx(path_graph(**changes))


def test_sites_that_cannot_be_are_one_line():
    graph = nx.Graph([("s", "t"), ("s", "u")])
    nx.set_node_attributes(graph, {"s": "site"}, "kind")
    with pytest.raises(SpecError, match="site 's' has more than one edge"):
        from_networkx(graph, dim=2)
    graph = nx.Graph([("s", "t")])
    nx.set_node_attributes(graph, {"s": "site", "t": "site"}, "kind")
    with pytest.raises(SpecError, match="ends at two sites"):
        from_networkx(graph, dim=2)
    graph = nx.Graph()
    graph.add_node("s", kind="site")
    with pytest.raises(SpecError, match="site 's' has no edge"):
        from_networkx(graph)
    with pytest.raises(SpecError, match="grid is 'two'"):
        from_networkx(path_graph(), grid="two")
    with pytest.raises(TncutError, match="there is no term"):
        from_networkx(nx.Graph())


@pytest.mark.parametrize("thing", [None, 3, "graph", ConvAC, [(0, 1)]], ids=lambda thing: type(thing).__name__)
def test_what_is_no_graph_is_one_line(thing):
    with pytest.raises(SpecError, match="is no graph of networkx"):
        from_networkx(thing)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"nodes": 3}', "key 'nodes' of the graph must be a list of tables"),
        ('{"nodes": [], "edges": [1]}', "key 'edges' of the graph must be a list"),
        ('{"nodes": [{"id": 0}], "edges": [{"source": 0}]}', "no graph as networkx writes it"),
        ('{"nodes": [{"id": {}}], "edges": []}', "no graph as networkx writes it"),
        ('{"nodes": [], "edges": [], "graph": 3}', "there is no term"),
        (json.dumps({"nodes": [{"id": 0}, {"id": 1}], "edges": [{"source": 0, "target": 1}]}), "'dim' is None"),
    ],
)
def test_bad_graphs_in_json_are_one_line(text, message):
    with pytest.raises(TncutError, match=message) as error:
        parse_spec(text, name="net.json", syntax="json")
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("net.json: ")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<graphml>",
        b"no xml",
        b"\xff\xfe",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><graphml>&b;</graphml>',
        b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns"></graphml>',
        b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph><edge source="0"/></graph></graphml>',
        b" " * (17 * 2**20),
    ],
    ids=range(8),
)
def test_bad_graphml_files_are_one_line(run, tmp_path, content):
    path = tmp_path / "net.graphml"
    path.write_bytes(content)
    with pytest.raises((SpecError, FileError, TncutError)):
        load(str(path))
    code, _, error = run("bound", path, "-p", "0")
    assert code == 1
    assert error.count("\n") == 1
    assert "net.graphml" in error


def test_a_missing_form_is_refused():
    with pytest.raises(MethodError, match="unknown form"):
        export.text_of(load("mps-32"), "gif")
