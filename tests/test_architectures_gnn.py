"""Graph networks: against their definition, the published figures, networkx, and the walk index theorem."""

import json
import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import tncut
from tests.architectures import random_gnn
from tests.circuits import random_partition, seeds
from tncut import GraphNet, edge_scores
from tncut.errors import FileError, MethodError, SizeError, SpecError
from tncut.formats import load
from tncut.oracle import Modular, draw_weights, evaluate, exact_rank
from tncut.proven.theorems import capacity, count_walks, walk_index

KARATE = nx.karate_club_graph()
CLUB = [vertex for vertex, data in KARATE.nodes(data=True) if data["club"] == "Mr. Hi"]


@pytest.mark.parametrize(
    ("graph", "split", "mapped", "plain"),
    [
        ({"graph": "path:24"}, "left-right", [6, 12.65, 21.3], [2, 10, 18]),
        ({"graph": "cycle:24"}, "left-right", [10, 23.3, 40.6], [2, 18, 34]),
        ({"graph": "grid:6x6"}, "top-bottom", [26, 72], [2, 50]),
        ({"edges": list(KARATE.edges)}, CLUB, [26, 60.2, 68], [2, 42, 68]),
    ],
)
def test_bounds_of_known_graphs(graph, split, mapped, plain):
    """D_x = 16, D_h = 4, depth 1, 2, 3; with a map before the last product, and without: the bound is at most this."""
    for depth, (with_map, without) in enumerate(zip(mapped, plain, strict=True), start=1):
        net = {"site_dim": 16, "hidden": [4] * depth, **graph}
        for readout_map, most in ((True, with_map), (False, without)):
            found = tncut.symmetric_cut(GraphNet(**net, readout_map=readout_map), split).entropy_bound
            assert found < most + 0.05
            assert depth > 1 or found == most


@pytest.mark.parametrize(("vertices", "site_dim", "width"), [(8, 4, 2), (6, 6, 2), (24, 16, 4)])
def test_the_bound_of_a_path_is_what_copies_at_the_boundary_cost(vertices, site_dim, width):
    """Depth 2, halves. Two vertices at the boundary have three copies of their hidden vectors: two of them are used on
    the own side, as a symmetric power, one on the other."""
    net = GraphNet(graph=f"path:{vertices}", site_dim=site_dim, hidden=[width] * 2)
    expected = (math.comb(width + 1, 2) * width) ** 2 * width
    assert tncut.symmetric_cut(net, "left-right").rank_bound == expected


def test_the_theorem_for_a_path_is_far_above():
    for depth, expected in enumerate([18, 50, 146], start=1):
        net = GraphNet(graph="path:24", site_dim=16, hidden=[4] * depth)
        assert walk_index(net, "left-right").value == 2**expected


@pytest.mark.parametrize(
    ("vertices", "depth", "site_dim", "width", "rank"),
    [(8, 1, 4, 2, 8), (8, 1, 3, 3, 27), (6, 2, 6, 2, 72), (8, 2, 4, 2, 72)],
)
def test_exact_ranks_of_paths_are_their_bounds(vertices, depth, site_dim, width, rank):
    """Unshared weights, left-right."""
    net = GraphNet(graph=f"path:{vertices}", site_dim=site_dim, hidden=[width] * depth)
    report = tncut.bound(net, "left-right")
    found = exact_rank(net, "left-right")
    assert (found.rank, found.complete) == (rank, True)
    assert report.rank_lower <= rank == report.rank_bound


@settings(max_examples=60)
@given(seed=seeds())
def test_every_vertex_multiplies_maps_of_itself_and_its_neighbours(seed):
    rng = np.random.default_rng(seed)
    net = random_gnn(rng)
    circuit = net.circuit()
    field = Modular(101)
    weights = draw_weights(circuit, field=field, seed=seed)
    sites = [field.random(rng, (dim,)) for dim in circuit.site_dims.tolist()]
    label = [field.random(rng, (net.open_output,))] if net.open_output else []
    known, matrices = {("site", i): x.astype(object) for i, x in enumerate(sites)}, iter(weights.matrices)
    graph = nx.Graph()
    graph.add_nodes_from(range(circuit.sites))
    graph.add_edges_from(map(tuple, net.pairs.tolist()))
    reach = {vertex: nx.single_source_shortest_path_length(graph, vertex) for vertex in graph}
    depth = len(net.hidden)

    def product(children):
        factors = [next(matrices).astype(object) @ known[child] % 101 for child in children]
        return math.prod(factors[1:], start=factors[0]) % 101

    layers = depth if net.vertex is not None or net.readout_map else depth - 1
    for layer in range(1, layers + 1):
        below = "site" if layer == 1 else f"layer {layer - 1}"
        for vertex in range(circuit.sites):
            if net.vertex is None or reach[net.vertex].get(vertex, depth) <= depth - layer:
                children = [(below, other) for other in sorted([vertex, *graph[vertex]])]
                known[f"layer {layer}", vertex] = product(children)
    if net.vertex is not None:
        root = known[f"layer {depth}", net.vertex]
    else:
        below = f"layer {layers}" if layers else "site"
        everyone = range(circuit.sites)
        read = everyone if net.readout_map else [n for i in everyone for n in sorted([i, *graph[i]])]
        root = product([(below, vertex) for vertex in read])
    output = weights.output.astype(object) @ root % 101
    expected = (output @ label[0].astype(object) if label else output[0]) % 101
    assert int(evaluate(weights, [*sites, *label])) == int(expected)


@settings(max_examples=60)
@given(seed=seeds())
def test_no_rank_exceeds_the_walk_index_theorem(seed):
    rng = np.random.default_rng(seed)
    net = random_gnn(rng)
    assume(net.open_output is None)
    split = random_partition(rng, net.circuit())
    assert exact_rank(net, split, seed=seed).rank <= walk_index(net, split).value


@given(seed=seeds(), vertex=st.booleans())
def test_walks_are_counted_as_networkx_counts_them(seed, vertex):
    graph = nx.gnp_random_graph(6, 0.4, seed=seed % 2**32)
    sides = np.random.default_rng(seed).random(6) < 0.5
    target = 2 if vertex else None
    net = GraphNet.from_networkx(graph, site_dim=2, hidden=[2, 2, 2], vertex=target)
    boundary = [v for v in graph if any(sides[v] != sides[other] for other in graph[v])]
    graph.add_edges_from((v, v) for v in list(graph))
    steps = np.linalg.matrix_power(nx.to_numpy_array(graph, nodelist=range(6)).astype(int), 2)
    expected = steps[boundary, 2].sum() if vertex else steps[boundary].sum()
    assert count_walks(net, tncut.Partition(sides)) == expected


def test_the_theorem_stands_among_the_statements():
    net = GraphNet(graph="cycle:6", site_dim=2, hidden=[2, 2])
    (found,) = [statement for statement in capacity(net, "left-right") if "walks" in statement.text]
    assert (found.kind, found.value) == ("bound", 2 ** (4 * 4 * 3 + 1))
    assert "2211.16494" in found.source
    with pytest.raises(MethodError, match="for one fixed label"):
        walk_index(GraphNet(graph="path:4", site_dim=2, hidden=[2], open_output=3), "odd-even")
    with pytest.raises(SizeError, match="too many digits"):
        walk_index(GraphNet(graph="complete:20", site_dim=2, hidden=[2] * 9), "odd-even")


def test_a_graph_is_given_in_many_forms(tmp_path):
    graph = nx.path_graph(4)
    edges = [[0, 1], [1, 2], [2, 3]]
    (tmp_path / "g.edgelist").write_text("# a path\n0 1 {'weight': 2}\n\n1 2\n3 2  # turned\n")
    (tmp_path / "g.json").write_text(json.dumps(nx.node_link_data(graph, edges="edges")))
    keys = {"site_dim": 2, "hidden": (3,)}
    listed = GraphNet(edges=edges, vertices=4, **keys)
    found = [
        GraphNet.from_networkx(graph, **keys),
        GraphNet(graph=str(tmp_path / "g.edgelist"), **keys),
        GraphNet(graph=str(tmp_path / "g.json"), **keys),
    ]
    assert found == [listed] * 3
    named = GraphNet(graph="path:4", **keys)
    assert named.pairs.tolist() == edges
    assert GraphNet(edges=np.array(edges), vertices=4, **keys) == listed
    assert nx.is_isomorphic(nx.Graph(GraphNet(graph="grid:3x4", **keys).pairs.tolist()), nx.grid_2d_graph(3, 4))
    assert nx.is_isomorphic(nx.Graph(GraphNet(graph="complete:5", **keys).pairs.tolist()), nx.complete_graph(5))
    assert nx.is_isomorphic(nx.Graph(GraphNet(graph="cycle:5", **keys).pairs.tolist()), nx.cycle_graph(5))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("g.edgelist", "0 1\n0 a\n", "line 2 is '0 a'; it must begin with the numbers of two vertices"),
        ("g.edgelist", "0\n", "line 1 is '0'"),
        ("g.edgelist", "0 0\n", "joins vertex 0 with itself"),
        ("g.json", "{", "no node-link data of networkx"),
        ("g.json", "[]", "no node-link data of networkx"),
        ("g.json", '{"nodes": 3, "links": []}', "no node-link data of networkx"),
        ("g.json", '{"directed": true, "multigraph": false, "graph": {}, "nodes": [], "links": []}', "is directed"),
        ("g.xml", "", r"write path:24, .* or a file that ends in \.edgelist or \.json"),
    ],
)
def test_a_file_that_is_no_graph_is_one_line(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises((SpecError, FileError), match=message) as error:
        GraphNet(graph=str(tmp_path / name), site_dim=2, hidden=[2])
    assert "\n" not in str(error.value)


def test_what_is_no_graph_of_networkx_is_refused():
    for graph in (nx.DiGraph([(0, 1)]), nx.MultiGraph([(0, 1)]), [(0, 1)], None):
        with pytest.raises(SpecError, match="graph"):
            GraphNet.from_networkx(graph, site_dim=2, hidden=[2])


def test_an_edge_scores_what_the_bound_falls_by_without_it():
    net = GraphNet(edges=list(nx.barbell_graph(3, 1).edges), site_dim=9, hidden=[2, 2])
    split = [0, 1, 2]
    before = tncut.bound(net, split).rank_bound
    scores = edge_scores(net, split)
    assert [score.bits for score in scores] == sorted((score.bits for score in scores), reverse=True)
    assert {score.edge for score in scores} == {tuple(sorted(edge)) for edge in nx.barbell_graph(3, 1).edges}
    for score in scores:
        graph = nx.barbell_graph(3, 1)
        graph.remove_edge(*score.edge)
        rest = GraphNet(edges=list(graph.edges), vertices=7, site_dim=9, hidden=[2, 2])
        assert score.rank_bound == tncut.bound(rest, split).rank_bound
        assert score.bits == math.log2(before) - math.log2(score.rank_bound)
    assert scores[0].edge == (2, 3)
    with pytest.raises(SpecError, match="ConvAC has no edges to score; give a GraphNet"):
        edge_scores(load("deep-16"), "odd-even")


def test_edges_on_the_command_line(run):
    code, out, err = run("edges", "gnn-path-12", "-p", "left-right", "--json")
    assert (code, err) == (0, "")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (rows[0]["edge"], rows[0]["rank_bound"], len(rows)) == ([5, 6], 2, 11)
    code, out, _ = run("edges", "gnn-path-12", "-p", "left-right")
    assert "bits less: rank <= " in out.splitlines()[0]
    assert run("edges", "deep-16", "-p", "left-right")[0] == 1
