"""Tensor networks as text for other programs; a circuit is unfolded first, and arrays stay behind.

`FORMS` lists them: networkx-json, graphml, dot, einsum, quimb, dimacs. Those of the first two and of einsum come back
in with `load`.
"""

import pprint
from collections.abc import Callable

from .architectures import Einsum
from .errors import MethodError
from .formats import spec_text
from .formats.equations import to_einsum
from .formats.graphs import dot as _dot
from .formats.graphs import graph_json as _graph_json
from .formats.graphs import graphml as _graphml
from .mincut.dimacs import dimacs as _dimacs
from .network import Subject, unfold
from .partition import Split
from .tools.values import check_known

SCRIPT = '''"""{name}: a tensor network for quimb, with random tensors; written by tncut."""

import quimb.tensor as qtn

inputs = {inputs}
output = {output}
sizes = {sizes}
tensors = [qtn.rand_tensor([sizes[index] for index in term], inds=term) for term in inputs]
network = qtn.TensorNetwork(tensors)
'''


def networkx_json(architecture: Subject) -> str:
    """The graph of the network as networkx keeps it in JSON: nodes and edges, with the terms of einsum beside them."""
    return _graph_json(architecture)


def graphml(architecture: Subject) -> str:
    """The graph of the network as GraphML, which most programs for graphs read."""
    return _graphml(architecture)


def dot(architecture: Subject) -> str:
    """The graph of the network in the language of Graphviz: tensors are boxes, copy tensors points, sites circles."""
    return _dot(architecture)


def einsum(architecture: Subject) -> str:
    """Inputs, output and sizes of the equation as JSON: a specification of kind einsum."""
    return spec_text(Einsum.of(unfold(architecture)), syntax="json")


def quimb(architecture: Subject) -> str:
    """A short Python script that builds the network in quimb, with random tensors."""
    inputs, output, sizes = (pprint.pformat(part, width=110, sort_dicts=False) for part in to_einsum(architecture))
    name = "".join(letter for letter in unfold(architecture).name if letter.isprintable() and letter not in '"\\')
    return SCRIPT.format(name=name or "network", inputs=inputs, output=output, sizes=sizes)


def dimacs(architecture: Subject, partition: Split) -> str:
    """The maximum flow whose minimum cut is that of the network over a partition, in the format of DIMACS.

    Where all dimensions are powers of one integer, capacities are their exponents: exact. Elsewhere they are
    logarithms, scaled and rounded down, and a comment says so.
    """
    return _dimacs(architecture, partition)


FORMS: dict[str, Callable[[Subject], str]] = {
    "networkx-json": networkx_json,
    "graphml": graphml,
    "dot": dot,
    "einsum": einsum,
    "quimb": quimb,
}


def text_of(architecture: Subject, form: str, partition: Split | None = None) -> str:
    """The text in one of the forms; dimacs, and only that, needs a partition."""
    check_known("form", form, [*FORMS, "dimacs"], MethodError)
    if form == "dimacs":
        if partition is None:
            raise MethodError("dimacs is the flow over one partition; give it, for example -p left-right")
        return dimacs(architecture, partition)
    if partition is not None:
        raise MethodError(f"{form} has no partition; only dimacs takes one")
    return FORMS[form](architecture)
