"""One door: every public function takes every form of architecture and partition, and gives the same answer.

What is no architecture, or no partition of these sites, is one line, and an error of tncut's.
"""

import inspect
import json
import math
import re
from collections.abc import Callable

import numpy as np
import pytest

import tncut
from tncut import ConvAC, Layer, Partition, Recurrent, TncutError, oracle, theorems
from tncut.errors import PartitionError, SpecError
from tncut.tools.bits import pack

# Sites that are read twice, units that are read twice with an open output, a tree, and gates that no cut bounds.
GLOBAL = Layer(channels=2, window="all")
NETS = {
    "overlap": ConvAC(sites=(2, 3), site_dim=2, layers=(Layer(channels=3, window=2, stride=1), GLOBAL)),
    "recurrent": Recurrent(steps=2, site_dim=2, hidden=(2, 2), open_output=2),
    "tree": ConvAC.deep(sites=4, site_dim=2, channels=(3, 3)),
    "rectifier": ConvAC(sites=4, site_dim=2, layers=(GLOBAL,), gate="relu-average"),
}
SIDES = {
    "overlap": np.array([True, False, True, True, False, False]),
    "recurrent": np.array([False, True, True]),
    "tree": np.array([True, True, False, False]),
    "rectifier": np.array([True, False, True, False]),
}


def plain(result):
    """A result as data, without what depends on the words of the question or on the clock."""
    return {key: value for key, value in result.to_dict().items() if key not in ("partition", "seconds")}


def page(html):
    """The data of a page, without the names of what it shows."""
    data = json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])
    return [data["model"], data["layout"], data["start"]["sides"]]


def cut(found):
    return [found.rank_bound, found.names, found.sides.tolist()]


def drawn(net):
    return oracle.draw_weights(net, field=oracle.Modular())


def across(measured, weights, split):
    """A measurement with all tensors on side A."""
    network = tncut.unfold(weights.circuit)
    return measured(network, weights, split, np.ones(network.tensors, dtype=bool))


# Every public function that asks for a partition, and its answer as data.
OF_ONE = {
    "best_pairing": lambda net, split: tncut.best_pairing(net, split).rank,
    "bound": lambda net, split: plain(tncut.bound(net, split)),
    "find_fans": lambda net, split: tncut.find_fans(net, split, tries=0),
    "proven_rank": lambda net, split: tncut.proven_rank(net, split, []),
    "explore": lambda net, split: page(tncut.explore(net, partition=split)),
    "measure_grid": lambda net, split: plain(tncut.measure_grid(net, split)),
    "measure": lambda net, split: plain(tncut.measure(net, split)),
    "min_cut": lambda net, split: cut(tncut.min_cut(net, split)),
    "symmetric_cut": lambda net, split: tncut.symmetric_cut(net, split).charges,
    "verify": lambda net, split: plain(tncut.verify(net, split)),
    "oracle.exact_rank": lambda net, split: oracle.exact_rank(net, split),
    "oracle.exact_rank_of": lambda net, split: oracle.exact_rank_of(drawn(net), split),
    "oracle.grid_rank": lambda net, split: oracle.grid_rank(net, split),
    "oracle.matricization": lambda net, split: oracle.matricization(drawn(net), split).tolist(),
    "oracle.probe_matrix": lambda net, split: oracle.probe_matrix(drawn(net), split, 3).tolist(),
    "oracle.rank_across": lambda net, split: across(oracle.rank_across, drawn(net), split),
    "oracle.schmidt_values": lambda net, split: oracle.schmidt_values(net, split).tolist(),
    "oracle.spectrum": lambda net, split: (
        across(oracle.spectrum, oracle.draw_weights(net, field=oracle.Floats()), split).log2_norm
    ),
    "theorems.grid_ceiling": lambda net, split: theorems.grid_ceiling(net, split),
    "theorems.shared_weights": lambda net, split: theorems.shared_weights(net, split),
}
# Every one that asks for many.
OF_MANY = {
    "bounds": lambda net, splits: tncut.bounds(net, splits).ranks,
    "place_sites": lambda net, splits: plain(tncut.place_sites(net, splits)),
    "measure_profile": lambda net, splits: plain(tncut.measure_profile(net, splits))["points"],
    "profile": lambda net, splits: plain(tncut.profile(net, splits))["points"],
    "reports": lambda net, splits: [plain(report) for report in tncut.reports(net, splits)],
    "typical": lambda net, splits: [plain(found) for found in tncut.typical(net, splits, draws=2)],
    "theorems.network_capacity": lambda net, splits: theorems.network_capacity(net, splits).value,
}
# Every other one that asks for an architecture.
OF_NONE = {
    "arrange": lambda net: plain(tncut.arrange(net)),
    "compile": lambda net: tncut.compile(net).factor_child.tolist(),
    "count_cost": lambda net: tncut.count_cost(net),
    "show": lambda net: tncut.show(net).to_dict(),
    "oracle.load_weights": lambda net: oracle.load_weights("nowhere.npz", net),
    "oracle.weights_from": lambda net: oracle.weights_from({}, net),
    "oracle.draw_weights": lambda net: [matrix.tolist() for matrix in drawn(net).matrices],
    "theorems.depth_truncation": lambda net: theorems.depth_truncation(net, 1),
    "theorems.light_cones": lambda net: theorems.light_cones(net),
    "to_einsum": lambda net: tncut.to_einsum(net),
    "to_networkx": lambda net: sorted(tncut.to_networkx(net).edges),
    "to_quimb": lambda net: [tensor.inds for tensor in tncut.to_quimb(net)],
    "unfold": lambda net: tncut.unfold(net).bond_tensor.tolist(),
}
# Those that need more than the circuit of an architecture: its keys, its widths, or its steps.
OF_A_SPECIFICATION = {
    "frontier",
    "sensitivities",
    "tailor",
    "trim",
    "edge_scores",
    "theorems.walk_index",
    "save_spec",
    "theorems.start_end",
    "theorems.capacity",
}
# Those that ask for data.
OF_DATA = {"data_entanglement", "match", "train"}


def outcome(answer: Callable[..., object], *given: object) -> object:
    try:
        return answer(*given)
    except TncutError as error:
        return type(error), str(error)


def splits(sides: np.ndarray) -> dict[str, object]:
    """A partition in every form that one has."""
    sites = np.flatnonzero(sides)
    return {
        "Partition": Partition(sides),
        "name": Partition(sides).name,
        "booleans": sides,
        "list of booleans": sides.tolist(),
        "tuple of booleans": tuple(sides),
        "set of sites": set(sites.tolist()),
        "list of sites": sites.tolist(),
        "tuple of numpy integers": tuple(sites),
        "array of sites": sites,
        "array of bytes": sites.astype(np.uint8),
    }


def batches(sides: np.ndarray) -> dict[str, object]:
    """A batch of this partition and its complement in every form that one has."""
    both = np.stack((sides, ~sides))
    forms = zip(*(splits(row).items() for row in both), strict=True)
    return {
        "matrix of booleans": both,
        "packed": pack(both),
        "Fortran order": np.asfortranarray(both),
        "list of rows": list(both),
        "lists of lists": both.tolist(),
        "tuple": tuple(Partition(row) for row in both),
        **{form: [split, complement] for (form, split), (_, complement) in forms},
    }


def test_every_public_function_that_asks_for_an_architecture_or_a_partition_is_here():
    asked = {"architecture", "subject", "recurrent", "partition", "partitions", "regions"}
    public = {name: getattr(tncut, name) for name in tncut.__all__}
    public |= {f"oracle.{name}": getattr(oracle, name) for name in oracle.__all__}
    own = inspect.getmembers(theorems, lambda value: inspect.getmodule(value) is theorems)
    public |= {f"theorems.{name}": value for name, value in own if name[0] != "_"}
    functions = {name: value for name, value in public.items() if inspect.isfunction(value)}
    found = {name for name, value in functions.items() if inspect.signature(value).parameters.keys() & asked}
    assert found == OF_ONE.keys() | OF_MANY.keys() | OF_NONE.keys() | OF_A_SPECIFICATION | OF_DATA


def kind(value: object) -> str:
    """The name of a case: what a value is, not where it lies in memory."""
    return type(value).__name__


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("door", OF_ONE)
def test_every_form_of_architecture_and_partition_gives_the_same_answer(door, net):
    expected = outcome(OF_ONE[door], NETS[net], Partition(SIDES[net]))
    for subject in (NETS[net], NETS[net].circuit()):
        found = {form: outcome(OF_ONE[door], subject, split) for form, split in splits(SIDES[net]).items()}
        assert found == dict.fromkeys(found, expected), type(subject)


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("door", OF_MANY)
def test_every_form_of_a_batch_gives_the_same_answer(door, net):
    expected = outcome(OF_MANY[door], NETS[net], [Partition(SIDES[net]), Partition(~SIDES[net])])
    circuit = NETS[net].circuit()
    found = {form: outcome(OF_MANY[door], circuit, batch) for form, batch in batches(SIDES[net]).items()}
    assert found == dict.fromkeys(found, expected)


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("door", OF_NONE)
def test_a_circuit_gives_the_answer_of_its_architecture(door, net):
    assert outcome(OF_NONE[door], NETS[net].circuit()) == outcome(OF_NONE[door], NETS[net])


@pytest.mark.parametrize("net", ["overlap", "recurrent", "tree"])
def test_a_network_is_cut_like_its_architecture(net):
    network = tncut.unfold(NETS[net])
    found = {form: OF_ONE["min_cut"](network, split) for form, split in splits(SIDES[net]).items()}
    assert found == dict.fromkeys(found, OF_ONE["min_cut"](NETS[net], SIDES[net]))


UNCHOSEN = ConvAC.deep(sites=4, site_dim=2, channels=("free", 3))


@pytest.mark.parametrize("door", OF_ONE | OF_MANY | OF_NONE)
@pytest.mark.parametrize(
    "subject",
    ["deep-16", None, 3, ConvAC, Layer, object(), {"kind": "convac"}, [NETS["tree"]], tncut.unfold, UNCHOSEN],
    ids=kind,
)
def test_what_is_no_architecture_is_one_line(door, subject):
    given = [subject] if door in OF_NONE else [subject, "left-right"]
    with pytest.raises(SpecError) as error:
        (OF_ONE | OF_MANY | OF_NONE)[door](*given)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200
    if isinstance(subject, str):
        assert "'deep-16'" in str(error.value)
        assert "tncut.load" in str(error.value)


RING = tncut.Einsum(inputs=["eaf", "fbg", "gch", "hde"], output="abcd", sizes=2, name="ring")
OF_NETWORKS = {"bound", "explore", "min_cut", "verify", "oracle.exact_rank", "oracle.schmidt_values"}
OF_NETWORKS |= {"bounds", "profile", "reports", "count_cost", "show", "unfold"}
OF_NETWORKS |= {"measure", "measure_profile", "typical", "to_einsum", "to_networkx", "to_quimb"}
OF_NETWORKS |= {"arrange", "place_sites"}


@pytest.mark.parametrize("door", sorted((OF_ONE | OF_MANY | OF_NONE).keys() - OF_NETWORKS))
@pytest.mark.parametrize("network", [RING, RING.network(), tncut.unfold(NETS["tree"])], ids=kind)
def test_a_tensor_network_where_a_circuit_is_needed_is_one_line(door, network):
    given = [network] if door in OF_NONE else [network, "left-right"]
    with pytest.raises(tncut.MethodError, match=f"^{kind(network)} is a tensor network, no circuit"):
        (OF_ONE | OF_MANY | OF_NONE)[door](*given)


@pytest.mark.parametrize("door", sorted(OF_NETWORKS & (OF_ONE.keys() | OF_MANY.keys())))
def test_every_form_of_a_tensor_network_and_of_a_partition_gives_the_same_answer(door):
    sides = np.array([True, False, True, False])
    forms = splits(sides) | {"names": ["a", "c"], "sites by name": "sites:a,c"} if door in OF_ONE else batches(sides)
    answer = (OF_ONE | OF_MANY)[door]
    found = {form: outcome(answer, net, split) for form, split in forms.items() for net in (RING, RING.network())}
    assert found == dict.fromkeys(found, outcome(answer, RING, Partition(sides) if door in OF_ONE else forms["packed"]))


@pytest.mark.parametrize("split", ["sites:a,z", ["z"], ["a", "a"], "sites:"])
def test_a_site_that_does_not_exist_is_one_line(split):
    with pytest.raises(PartitionError, match=r"^(no site is called|site 0 is given 2 times)"):
        tncut.bound(RING, split)


NO_PARTITION = {
    "None": None,
    "a number": 3,
    "a float": 1.5,
    "bytes": b"0101",
    "a table": {0: True},
    "a generator": (site for site in [0]),
    "floats": [0.5],
    "numpy floats": np.array([0.0, 1.0]),
    "not a number": np.array([np.nan]),
    "texts": ["a"],
    "numpy texts": np.array(["a"]),
    "nothings": [None],
    "booleans among sites": [0, True],
    "a matrix": np.zeros((1, 4), dtype=bool),
    "a number of numpy": np.int64(3),
    "too few sides": [True, False, False],
    "too many sides": np.zeros(5, dtype=bool),
    "a Partition of others": Partition(np.array([True, False])),
    "a site beyond": {4},
    "a site far beyond": {10**30},
    "a site of many digits": {10**5000},
    "a site of many negative digits": [-(10**5000)],
    "a list that is no site": [[0] * 5000],
    "a negative site": {-1},
    "a site twice": [1, 1],
    "no text": "",
    "no name": "sideways",
    "no name on two lines": "odd\neven",
    "a long name": "x" * 3000,
    "a long list": "0," * 3000,
    "a long range": "0-1" + "0" * 3000,
    "a range backwards": "3-" + "0" * 10,
    "a mask of no file name": "mask:\0.png",
    "a surrogate": "\ud800",
    "many": "canonical",
}


@pytest.mark.parametrize("form", NO_PARTITION)
def test_what_is_no_partition_is_the_same_line_everywhere(form):
    told = {door: outcome(answer, NETS["tree"], NO_PARTITION[form]) for door, answer in OF_ONE.items()}
    lists = OF_MANY if form not in ("many", "a generator") else {}
    told |= {door: outcome(answer, NETS["tree"], [NO_PARTITION[form]]) for door, answer in lists.items()}
    assert told == dict.fromkeys(told, told["bound"])
    kind, text = told["bound"]
    assert kind is PartitionError
    assert "\n" not in text
    assert len(text) < 400


@pytest.mark.parametrize(
    "batch", [None, 3, b"0101", {1, 2}, {0: True}, object(), np.zeros(4, dtype=bool), np.zeros((2, 3), dtype=bool),
              np.zeros((2, 4)), np.zeros((2, 2), dtype=np.uint8), np.zeros((1, 1, 4), dtype=bool), [0, 1], [[0.5]],
              np.array(3), "sideways", ""], ids=kind
)  # fmt: skip
@pytest.mark.parametrize("door", OF_MANY)
def test_what_is_no_batch_is_one_line(door, batch):
    with pytest.raises(PartitionError) as error:
        OF_MANY[door](NETS["tree"], batch)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize("name", ["", "short", "long " * 600, "two\nlines"])
@pytest.mark.parametrize("split", ["odd-even", Partition(np.arange(4000) % 3 == 0).name], ids=["odd-even", "sites"])
def test_results_show_themselves_in_one_short_line(name, split):
    net = ConvAC.shallow(sites=4000, site_dim=3, channels=10**18, name=name)
    results = [tncut.bound(net, split), tncut.bounds(net, [split]), tncut.profile(net, split)]
    small = ConvAC.shallow(sites=4, site_dim=2, channels=2, name=name)
    results += [tncut.verify(small, "odd-even"), tncut.measure_grid(small, "odd-even")]
    for result in results:
        assert re.fullmatch(rf"<{type(result).__name__}: .{{10,110}}>", repr(result)), repr(result)[:300]


@pytest.fixture
def answers(run):
    """What each command says of one net over one partition, as JSON, and one row of a comparison."""
    return {
        "bound": json.loads(run("bound", "tree-8", "-p", "odd-even", "--json")[1]),
        "verify": json.loads(run("verify", "tree-8", "-p", "odd-even", "--json")[1]),
        "grid": json.loads(run("verify", "rectifier-average-6", "-p", "odd-even", "--json")[1]),
        "profile": json.loads(run("profile", "tree-8", "--family", "odd-even", "--json")[1]),
        "show": json.loads(run("show", "tree-8", "--json")[1]),
    }


def test_the_same_thing_has_the_same_key_in_every_command(answers):
    assert {command: table["name"] for command, table in answers.items()} == {
        command: "rectifier-average-6" if command == "grid" else "tree-8" for command in answers
    }
    for command in ("bound", "verify", "grid"):
        sites = 3 if command == "grid" else 4
        told = [answers[command][key] for key in ("partition", "sites_a", "sites_b")]
        assert told == ["odd-even", sites, sites]
    (point,) = answers["profile"]["points"]
    for table in (answers["bound"], answers["verify"], point):
        assert table["rank_bound"] == answers["bound"]["rank_bound"]
        assert table["entropy_bound_bits"] == math.log2(table["rank_bound"])
    assert answers["bound"].keys() <= answers["verify"].keys()
    measured, grid = answers["verify"]["measured"], answers["grid"]["measured"]
    assert measured["exact_rank"].keys() & grid["grid_rank"].keys() >= {"rank", "shape", "seed", "complete"}
    assert measured["weights"] == grid["weights"] == "random"


@pytest.mark.parametrize("draw", [tncut.draw.network, lambda thing: tncut.draw.save(thing, "picture.svg")])
@pytest.mark.parametrize("net", NETS)
def test_what_can_be_drawn_is_drawn_and_all_else_is_one_line(draw, net, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    things = [NETS[net], NETS[net].circuit(), SIDES[net], "deep-16", None, 3, tncut.ConvAC]
    if NETS[net].circuit().gate == "product":
        split = SIDES[net]
        things += [tncut.unfold(NETS[net]), tncut.min_cut(NETS[net], split), tncut.symmetric_cut(NETS[net], split)]
        things += [tncut.bound(NETS[net], split), tncut.bounds(NETS[net], [split]), tncut.verify(NETS[net], split)]
    for thing in things:
        found = outcome(draw, thing)
        assert not isinstance(found, tuple) or "\n" not in found[1], type(thing)


ONE_NAME = [
    "show",
    "bound",
    "verify",
    "profile",
    "explore",
    "compare",
    "tailor",
    "trim",
    "arrange",
    "typical",
    "export",
    "draw",
]


@pytest.mark.parametrize("name", ONE_NAME)
def test_a_command_and_a_function_that_do_the_same_have_one_name(name):
    from tncut.cli.app import app

    assert name in {command.name or command.callback.__name__ for command in app.registered_commands}
    assert hasattr(tncut, name)
    assert hasattr(theorems, "capacity")
    assert {"plot", "profile"} <= set(tncut.draw.__all__)
