"""Words of error messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tncut.tools.words import MOST_LETTERS, MOST_WORDS, nearest, shown

VALUES = ["a" * 3000, "a\nb", "\ud800", 7**20_000, [7**20_000], np.zeros((90, 90)), 5, None]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_any_value_is_shown_in_one_short_line(value):
    text = shown(value)
    assert len(text) <= MOST_LETTERS
    assert text.encode()
    assert "\n" not in text


@given(st.lists(st.text(), min_size=1, max_size=2 * MOST_WORDS), st.text())
def test_a_known_word_is_meant_or_the_known_ones_are_listed(known, word):
    found = nearest(word, known)
    more = f" and {len(known) - MOST_WORDS} more" if len(known) > MOST_WORDS else ""
    listed = f"choose from {', '.join(known[:MOST_WORDS])}{more}"
    assert found in {f"did you mean {name!r}?" for name in known} | {listed}
    assert nearest(known[0], known) == f"did you mean {known[0]!r}?" or known[0] == ""
