"""Equations of einsum in, and out again: the one way by which every other form of a tensor network comes in."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, overload

from ..architectures import Einsum
from ..architectures.checks import items
from ..errors import SpecError
from ..network import Subject, TensorNetwork, unfold
from ..tools.values import as_tuple
from ..tools.words import shown

Terms = Sequence[Sequence[Hashable]]
Sizes = Mapping[Any, int] | int


@overload
def from_einsum(
    equation: str,
    sizes: Sizes | None = None,
    /,
    *,
    arrays: Sequence[Any] | None = None,
    grid: Sequence[int] | None = None,
    free: bool | None = None,
    name: str = "",
) -> TensorNetwork: ...


@overload
def from_einsum(
    inputs: Terms,
    output: Sequence[Hashable],
    sizes: Sizes | None = None,
    /,
    *,
    arrays: Sequence[Any] | None = None,
    grid: Sequence[int] | None = None,
    free: bool | None = None,
    name: str = "",
) -> TensorNetwork: ...


def from_einsum(
    terms: Any,
    second: Any = None,
    third: Any = None,
    /,
    *,
    arrays: Sequence[Any] | None = None,
    grid: Sequence[int] | None = None,
    free: bool | None = None,
    name: str = "",
) -> TensorNetwork:
    """The tensor network of an equation: ("ab,bc,cd->ad", sizes), or (inputs, output, sizes) as opt_einsum has them.

    `sizes`: a dimension for each index, or one for all; if there are none, those of the `arrays`. An index of more than
    two terms is a copy tensor, one that a term has twice a diagonal; a term without indices is a number. The open
    indices are the sites, in their order, on a `grid` if one is given. Tensors given as `arrays` are not `free`: only
    upper ends are proven for them. A SpecError for what is no equation.

    >>> from_einsum("ab,bc,cd->ad", {"a": 2, "b": 4, "c": 4, "d": 2}).tensors
    3
    """
    inputs, output, sizes = (*_parsed(terms), second) if isinstance(terms, str) else (terms, second, third)
    given = None if arrays is None else items("arrays", arrays)
    if sizes is None:
        sizes = _sizes_of(inputs, given)
    einsum = Einsum(
        inputs=tuple(_names(term) for term in items("inputs", inputs)),
        output=_names(output),
        sizes=_by_name(sizes),
        grid=None if grid is None else items("grid", grid),
        free=free,
        name=name,
    )
    network = einsum.network()
    return network if given is None else replace(network, arrays=given, free=bool(free))


def from_cotengra(hypergraph: Any) -> TensorNetwork:
    """The tensor network of a HyperGraph, or of a contraction tree, of cotengra; its tensors are free."""
    nodes = getattr(hypergraph, "nodes", None)
    inputs = list(nodes.values()) if isinstance(nodes, Mapping) else getattr(hypergraph, "inputs", None)
    output, sizes = getattr(hypergraph, "output", None), getattr(hypergraph, "size_dict", None)
    if inputs is None or output is None or not isinstance(sizes, Mapping):
        raise SpecError(f"{type(hypergraph).__name__} is no hypergraph of cotengra: it needs nodes, output, size_dict")
    return from_einsum(inputs, tuple(output), {index: int(size) for index, size in sizes.items()})


def to_einsum(architecture: Subject) -> tuple[list[tuple[str, ...]], tuple[str, ...], dict[str, int]]:
    """Inputs, output and sizes, as opt_einsum and cotengra take them; a circuit is unfolded."""
    einsum = Einsum.of(unfold(architecture))
    assert isinstance(einsum.sizes, Mapping)
    return list(einsum.inputs), einsum.output, dict(einsum.sizes)


def _parsed(equation: str) -> tuple[list[str], str]:
    """The terms and the output of a text; without an arrow, what occurs once stays open, in alphabetic order."""
    text = "".join(equation.split())
    if "." in text:
        raise SpecError(f"the equation {shown(equation)} has an ellipsis; write every index")
    left, arrow, right = text.partition("->")
    if set(left + right) & set("->") or "," in right:
        raise SpecError(f"the equation {shown(equation)} is none; write for example ab,bc->ac")
    if arrow:
        return left.split(","), right
    times = Counter(left.replace(",", ""))
    return left.split(","), "".join(sorted(index for index, count in times.items() if count == 1))


def _sizes_of(inputs: Any, arrays: tuple[Any, ...] | None) -> dict[Any, int]:
    """The sizes that the shapes of arrays say."""
    if arrays is None:
        raise SpecError("no sizes are given; give a dimension for each index, or arrays")
    terms = items("inputs", inputs)
    if len(terms) != len(arrays):
        raise SpecError(f"{len(arrays)} arrays are given for {len(terms)} terms")
    sizes: dict[Any, int] = {}
    for number, (term, array) in enumerate(zip(terms, arrays, strict=True)):
        shape = getattr(array, "shape", None)
        if shape is None or len(shape) != len(term):
            raise SpecError(f"array {number} is {shown(array)}; it must have {len(term)} axes")
        for index, size in zip(term, shape, strict=True):
            if sizes.setdefault(index, int(size)) != size:
                raise SpecError(f"index {shown(index)} has size {sizes[index]} and, in array {number}, size {size}")
    return sizes


def _names(term: Any) -> tuple[str, ...]:
    """Indices as text; letters are indices by themselves."""
    found = tuple(term) if isinstance(term, str) else as_tuple(term)
    if found is None:
        raise SpecError(f"{shown(term)} is no term; give text with a letter for each index, or a list of indices")
    return tuple(map(str, found))


def _by_name(sizes: Any) -> Any:
    return {str(index): size for index, size in sizes.items()} if isinstance(sizes, Mapping) else sizes
