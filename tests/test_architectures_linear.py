"""Linear networks: the bound is the narrowest layer."""

import pytest

from tncut.architectures import Linear, compile
from tncut.oracle import exact_rank
from tncut.proven import bound


@pytest.mark.parametrize("widths", [(4, 3), (5, 2, 7), (9, 8, 6, 8, 7), (3, 9, 9, 4)])
def test_the_bound_between_input_and_label_is_the_narrowest_layer(widths):
    network = Linear(widths=widths)
    assert bound(network, "0").rank_bound == exact_rank(compile(network), bound(network, "0").partition).rank
    assert bound(network, "0").rank_bound == min(widths)


def test_depth_changes_no_bound():
    assert bound(Linear(widths=(6, 5)), "y").rank_bound == bound(Linear(widths=(6, 5, 5, 5, 5)), "y").rank_bound
