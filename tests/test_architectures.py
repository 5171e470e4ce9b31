"""The laws that every kind of architecture obeys; what is special to one kind is tested in a file of its own."""

import math
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.architectures import RANDOM
from tests.circuits import random_partition, seeds
from tncut.architectures import Layer, SurrogateLayer
from tncut.circuit import Circuit
from tncut.errors import FileError, SpecError
from tncut.formats import gallery, load, parse_spec, spec_text
from tncut.formats.spec import KINDS
from tncut.network import Specified, build
from tncut.oracle import exact_rank
from tncut.proven import bound

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
each_kind = pytest.mark.parametrize("kind", KINDS)


def random_architecture(kind: str, seed: int) -> Specified:
    return RANDOM[kind](np.random.default_rng(seed))


def test_every_kind_has_random_instances_and_refused_ones():
    assert RANDOM.keys() == KINDS.keys() == VALID.keys() - LAYERS.keys() == REFUSED.keys() - LAYERS.keys()


@each_kind
def test_the_gallery_shows_every_kind(kind):
    assert any(type(load(name)) is KINDS[kind] for name in gallery())


@each_kind
@given(seed=seeds(), name=names, syntax=st.sampled_from(["toml", "json"]))
def test_a_specification_reads_back_as_it_was(kind, seed, name, syntax):
    architecture = replace(random_architecture(kind, seed), name=name)
    text = spec_text(architecture, syntax=syntax)
    again = parse_spec(text, syntax=syntax)
    assert again == architecture
    assert hash(again) == hash(architecture)
    assert spec_text(again, syntax=syntax) == text


@each_kind
@settings(max_examples=12)
@given(seed=seeds())
def test_the_exact_rank_lies_between_both_proven_ends(kind, seed):
    architecture = random_architecture(kind, seed)
    built = build(architecture)
    partition = random_partition(np.random.default_rng(seed), built)
    report = bound(architecture, partition)
    assert report.rank_lower <= exact_rank(built, partition, seed=seed).rank <= report.rank_bound


@each_kind
@given(seed=seeds())
def test_a_notebook_shows_the_network_or_there_is_none(kind, seed):
    architecture = replace(random_architecture(kind, seed), name="a <name>")
    html = architecture._repr_html_()
    built = build(architecture)
    if isinstance(built, Circuit) and built.has_sums:
        assert html is None
    else:
        assert "a &lt;name&gt;" in html
        assert ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6]).tag.endswith("svg")


LAYERS = {"layer": Layer, "surrogate layer": SurrogateLayer}
VALID = {
    "layer": {"channels": 2, "window": 2},
    "convac": {"sites": 4, "site_dim": 2, "layers": [Layer(channels=2, window="all")]},
    "recurrent": {"steps": 3, "site_dim": 2, "hidden": [2]},
    "tree": {"tree": [[0, 1], [2, 3]], "site_dim": 2, "channels": 2},
    "dilated": {"length": 8, "site_dim": 2, "channels": 2},
    "mixed": {"tree": [[0, 1], [2, 3]], "other": [[[0, 1], 2], 3], "site_dim": 2, "channels": 2},
    "linear": {"widths": [3, 4]},
    "einsum": {"inputs": ["ab", "bc"], "output": "ac", "sizes": {"a": 2, "b": 3, "c": 2}},
    "mps": {"sites": 4, "site_dim": 2, "bond_dim": 2},
    "peps": {"sites": [2, 3], "site_dim": 2, "bond_dim": 2},
    "mera": {"sites": 8, "site_dim": 2, "bond_dim": 2},
    "random_regular": {"sites": 6, "degree": 3, "site_dim": 2, "bond_dim": 2},
    "gnn": {"edges": [[0, 1], [1, 2]], "site_dim": 2, "hidden": [2]},
    "surrogate": {"sites": [4], "site_dim": 2, "layers": [SurrogateLayer(name="a", channels=2, window="all")]},
    "surrogate layer": {"name": "a", "channels": 2},
}
REFUSED = {
    "layer": [
        ({"channels": 0}, "channels is 0"),
        ({"channels": -3}, "channels is -3"),
        ({"channels": 2.0}, "channels is 2.0; it must be an integer"),
        ({"channels": math.nan}, "channels is nan"),
        ({"channels": True}, "channels is True"),
        ({"window": None}, "needs a window"),
        ({"window": 0}, "window is 0"),
        ({"window": "every"}, "window is 'every'"),
        ({"window": [2, 0]}, r"window\[1\] is 0"),
        ({"stride": 0}, "stride is 0"),
        ({"padding": "full"}, "padding is 'full'"),
        ({"geometry": "miror"}, "did you mean 'mirror'"),
        ({"geometry": [[0]]}, "one of the two"),
        ({"window": None, "geometry": []}, "lists of positions"),
        ({"window": None, "geometry": [[]]}, "not empty"),
        ({"window": None, "geometry": [[-1]]}, "from 0"),
        ({"stride": 1, "geometry": "mirror"}, "square"),
        ({"window": "all", "stride": 2}, "takes no stride"),
        ({"skip": 1}, "skip is 1; it must be true or false"),
    ],
    "convac": [
        ({"layers": []}, "at least one layer"),
        ({"layers": ["all"]}, "layer 0 is a str"),
        ({"sites": 0}, "sites is 0"),
        ({"sites": 10**9}, "limit"),
        ({"site_dim": [2, 2]}, "lists 2 dimensions; there are 4 sites"),
        ({"site_dim": 0}, "site_dim is 0"),
        ({"open_output": 0}, "open_output is 0"),
        ({"root_map": 1}, "true or false"),
        ({"root_map": False, "open_output": 3}, "without a root map"),
        ({"gate": "relumax"}, "gate is 'relumax'; did you mean 'relu-max'"),
    ],
    "recurrent": [
        ({"steps": 0}, "steps is 0; it must be from 1"),
        ({"steps": "four"}, "steps is 'four'; it must be an integer"),
        ({"steps": 10**9}, "steps is 1000000000, and there are 1 layers; the limit"),
        ({"hidden": 3}, "hidden is 3; it must be a list"),
        ({"hidden": []}, "not empty"),
        ({"hidden": [2, 0]}, r"hidden\[1\] is 0"),
        ({"site_dim": [2, 2]}, "site_dim lists 2 dimensions; there are 3 sites"),
        ({"open_output": 0}, "open_output is 0"),
    ],
    "tree": [
        ({"tree": 3}, "tree is 3; it must be a list of sites and lists"),
        ({"tree": "((0))"}, "it must be a list of sites and lists"),
        ({"tree": []}, "tree has 0 sites"),
        ({"tree": [[0, 1], []]}, r"tree\[1\] is an empty list"),
        ({"tree": [[0, 1], [2, "x"]]}, r"tree\[1\]\[1\] is 'x'; it must be an integer"),
        ({"tree": [[0, 1], [-2, 3]]}, r"tree\[1\]\[0\] is -2; it must be from 0"),
        ({"tree": [[0, 1], [1, 2]]}, "tree has 4 sites, but not site 3; it must hold each"),
        ({"tree": [[0, 1], [3, 4]]}, "tree has 4 sites, but not site 2"),
        ({"channels": 0}, "channels is 0"),
        ({"channels": [2]}, "channels lists 1 widths; the tree has 2 levels"),
        ({"channels": [2, 0]}, r"channels\[1\] is 0"),
        ({"site_dim": [2, 2, 2]}, "site_dim lists 3 dimensions; there are 4 sites"),
        ({"root_map": "no"}, "root_map is 'no'; it must be true or false"),
        ({"open_output": 0}, "open_output is 0"),
        ({"open_output": 3, "root_map": False}, "without a root map the last layer's 2 channels are the output"),
    ],
    "dilated": [
        ({"length": 12}, "length is 12; it must be a power of two"),
        ({"length": 1}, "length is 1; it must be a power of two from 2"),
        ({"length": 2**40}, "must be a power of two from 2 to"),
        ({"length": 4.0}, "length is 4.0; it must be an integer"),
        ({"order": [1, 2]}, r"order is \[1, 2\]; it must hold each of \[1, 2, 4\] once"),
        ({"order": [1, 2, 2]}, "must hold each of"),
        ({"order": 3}, "order is 3; it must be a list"),
        ({"channels": [2, 2]}, "channels lists 2 widths; there are 3 layers"),
        ({"channels": 0}, "channels is 0"),
        ({"open_output": 3}, "without a root map the last layer's 2 channels are the output; open_output is 3"),
        ({"site_dim": [2, 2]}, "there are 8 sites"),
    ],
    "mixed": [
        ({"channels": 3}, "channels is 3; it must be even"),
        ({"channels": [2, 2]}, "must be an integer"),
        ({"other": [[0, 1], 2]}, "tree has 4 sites, other 3"),
        ({"other": [[0, 1], [2, [3]]]}, "other has a list of one item"),
        ({"other": [[0, 1], [2, 2]]}, "other has 4 sites, but not site 3"),
        ({"swap": 1}, "swap is 1; it must be true or false"),
        ({"root_map": 1}, "root_map is 1"),
        ({"open_output": 0}, "open_output is 0"),
        ({"site_dim": [2]}, "there are 4 sites"),
    ],
    "linear": [
        ({"widths": [3]}, r"widths is \[3\]; it needs two widths or more"),
        ({"widths": 3}, "widths is 3; it must be a list"),
        ({"widths": [3, 0]}, r"widths\[1\] is 0"),
        ({"widths": []}, "not empty"),
    ],
    "einsum": [
        ({"inputs": []}, "inputs lists 0 terms"),
        ({"inputs": 3}, "inputs is 3; it must be a list"),
        ({"inputs": [3]}, r"inputs\[0\] is 3; it must be text with a letter for each index"),
        ({"inputs": ["ab->"]}, "an index is a letter or a name"),
        ({"inputs": [["a", ""]]}, "has an index ''"),
        ({"output": 3}, "output is 3"),
        ({"sizes": 0}, "sizes is 0"),
        ({"sizes": "2"}, "sizes is '2'; it must be an integer"),
        ({"sizes": {"a": 0}}, "sizes.a is 0"),
        ({"sizes": {"a": 2, "b": 2, "c": 2, "z": 2}}, "no term has the index 'z'"),
        ({"sizes": {3: 2}}, "an index of sizes is 3"),
        ({"same": [0]}, "same lists 1 numbers; there are 2 terms"),
        ({"grid": [0]}, r"grid\[0\] is 0"),
        ({"free": 1}, "free is 1; it must be true or false"),
    ],
    "mps": [
        ({"sites": 0}, "sites is 0; it must be from 1"),
        ({"sites": 10**9}, "sites is 1000000000; the limit"),
        ({"sites": 2, "periodic": True}, "a periodic chain has three or more"),
        ({"site_dim": [2, 2]}, "lists 2 dimensions; there are 4 sites"),
        ({"bond_dim": [2, 2]}, "bond_dim lists 2 dimensions; there are 3 bonds"),
        ({"bond_dim": [2, 2, 2], "periodic": True}, "there are 4 bonds"),
        ({"bond_dim": 0}, "bond_dim is 0"),
        ({"periodic": 1}, "true or false"),
    ],
    "peps": [
        ({"sites": []}, "not empty"),
        ({"sites": [10**5, 10**5]}, "the limit is"),
        ({"site_dim": [2]}, "lists 1 dimensions; there are 6 sites"),
        ({"bond_dim": [2]}, "bond_dim lists 1 dimensions; the grid has 2 axes"),
        ({"periodic": "yes"}, "true or false"),
    ],
    "mera": [
        ({"sites": 6}, "sites is 6; a binary MERA has a power of two"),
        ({"sites": 2}, "from 4"),
        ({"site_dim": [2, 2]}, "it must be an integer"),
        ({"bond_dim": [2]}, "bond_dim lists 1 dimensions; there are 2 layers"),
    ],
    "random_regular": [
        ({"degree": 6}, "degree is 6 for 6 sites"),
        ({"sites": 5}, "the product even"),
        ({"sites": 10**6}, "the limit is"),
        ({"seed": -1}, "seed is -1"),
        ({"bond_dim": [2]}, "it must be an integer"),
    ],
    "gnn": [
        ({"edges": None}, "a graph is given by edges, or by the name of a graph; one of the two"),
        ({"graph": "path:3"}, "one of the two"),
        ({"edges": [[0, 1, 2]]}, r"edges\[0\] is \[0, 1, 2\]; an edge joins two vertices"),
        ({"edges": [[0, 1], [2, 2]]}, r"edges\[1\] joins vertex 2 with itself"),
        ({"edges": [[0, 1], [1, 0]]}, r"edges\[1\] joins vertices 0 and 1, as an edge before it does"),
        ({"edges": [[0, -1]]}, r"edges\[0\]\[1\] is -1"),
        ({"edges": ["01"]}, r"edges\[0\] is '01'"),
        ({"edges": [[0, 10**9]]}, "the limit is"),
        ({"vertices": 2}, "edges name vertex 2; the vertices are 0 to 1"),
        ({"vertex": 3}, "vertex is 3; the vertices are 0 to 2"),
        ({"edges": None, "graph": "ring:4"}, "graph is 'ring:4'; write path:24"),
        ({"edges": None, "graph": "path:2x2"}, "graph is 'path:2x2'; write path:24"),
        ({"edges": None, "graph": "complete:99999"}, "too large"),
        ({"edges": None, "graph": "cycle:2"}, "3 or more"),
        ({"edges": None, "graph": "path:4", "vertices": 4}, "vertices is given beside graph"),
        ({"edges": None, "graph": "nothing.edgelist"}, "cannot read nothing.edgelist"),
        ({"site_dim": [2, 2]}, "site_dim lists 2 dimensions; there are 3 sites"),
        ({"hidden": []}, "not empty"),
        ({"readout_map": 1}, "readout_map is 1"),
    ],
    "surrogate": [
        ({"layers": []}, "at least one layer"),
        ({"layers": ["all"]}, "layer 0 is a str"),
        ({"layers": [SurrogateLayer(name="a", channels=2)] * 2}, "layer a: there are two layers of this name"),
        (
            {"layers": [SurrogateLayer(name="a", channels=2, inputs=["b"])]},
            "layer a: reads 'b', which is no layer before",
        ),
        (
            {"layers": [SurrogateLayer(name="a", op="pool", channels=3)]},
            "a pool keeps the channels of what it reads, 2",
        ),
        ({"sites": 10**9}, "limit"),
        ({"site_dim": [2, 2]}, "site_dim is"),
        ({"open_output": 0}, "open_output is 0"),
        ({"root_map": False, "open_output": 3}, "without a root map"),
        ({"notes": "a"}, "notes is 'a'; it must be a list"),
        ({"notes": [1]}, r"notes\[0\] is 1; it must be text"),
    ],
    "surrogate layer": [
        ({"name": ""}, "needs a name of its own"),
        ({"name": "sites"}, "needs a name of its own"),
        ({"op": "conv"}, "op is 'conv'; choose from product, pool, sum"),
        ({"channels": None}, "key 'channels' is missing"),
        ({"inputs": ["sites", "a"]}, "a product reads one input, not 2"),
        ({"inputs": "sites"}, "inputs is 'sites'; it must be a list"),
        ({"window": "every"}, "window is 'every'"),
        ({"pads": -1}, "pads is -1"),
        ({"pads": 2**30}, "the limit is"),
        ({"window": "all", "stride": 2}, "takes no stride"),
    ],
}


@pytest.mark.parametrize(
    ("kind", "change", "message"), [(kind, *case) for kind, cases in REFUSED.items() for case in cases]
)
def test_what_cannot_be_is_refused_at_birth(kind, change, message):
    with pytest.raises((SpecError, FileError), match=message):
        (KINDS | LAYERS)[kind](**VALID[kind] | change)
