"""Words of error messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tncut.tools.words import MOST_LETTERS, nearest, shown

VALUES = ["a" * 3000, "a\nb", "\ud800", 7**20_000, [7**20_000], np.zeros((90, 90)), 5, None]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_any_value_is_shown_in_one_short_line(value):
    text = shown(value)
    assert len(text) <= MOST_LETTERS
    assert text.encode()
    assert "\n" not in text


@given(st.lists(st.text(), min_size=1), st.text())
def test_a_known_word_is_meant_or_all_are_listed(known, word):
    found = nearest(word, known)
    assert found in {f"did you mean {name!r}?" for name in known} | {f"choose from {', '.join(known)}"}
    assert nearest(known[0], known) == f"did you mean {known[0]!r}?" or known[0] == ""
