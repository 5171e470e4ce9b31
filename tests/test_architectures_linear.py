"""Linear networks: the bound is the narrowest layer."""

import numpy as np
import pytest

from tests.families import assert_bound_holds, random_linear
from tncut.architectures import Linear, compile
from tncut.errors import SpecError
from tncut.formats import parse_spec, spec_text
from tncut.oracle import exact_rank
from tncut.proven import bound


@pytest.mark.parametrize("widths", [(4, 3), (5, 2, 7), (9, 8, 6, 8, 7), (3, 9, 9, 4)])
def test_the_bound_between_input_and_label_is_the_narrowest_layer(widths):
    network = Linear(widths=widths)
    assert bound(network, "0").rank_bound == exact_rank(compile(network), bound(network, "0").partition).rank
    assert bound(network, "0").rank_bound == min(widths)


def test_depth_changes_no_bound():
    assert bound(Linear(widths=(6, 5)), "y").rank_bound == bound(Linear(widths=(6, 5, 5, 5, 5)), "y").rank_bound


def test_bounds_hold_on_random_linear_networks():
    for seed in range(300):
        assert_bound_holds(random_linear(np.random.default_rng(seed)), seed)


@pytest.mark.parametrize("syntax", ["toml", "json"])
def test_a_specification_reads_back_as_it_was(syntax):
    architecture = Linear(widths=[3, 4, 5], name="three")
    assert parse_spec(spec_text(architecture, syntax=syntax), syntax=syntax) == architecture


@pytest.mark.parametrize(
    ("widths", "message"),
    [
        ([3], r"widths is \[3\]; it needs two widths or more"),
        (3, "widths is 3; it must be a list"),
        ([3, 0], r"widths\[1\] is 0"),
        ([], "not empty"),
    ],
)
def test_what_cannot_be_is_refused_at_birth(widths, message):
    with pytest.raises(SpecError, match=message):
        Linear(widths=widths)
