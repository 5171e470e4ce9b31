"""Integers of any size as text and as JSON."""

import json
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from tncut.tools.numbers import exact_integer, exact_json, exact_text

integers = st.one_of(st.integers(-(10**40), 10**40), st.integers(0, 8000).map(lambda power: 7**power))
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), integers, st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
)


@settings(deadline=None)
@given(integers)
def test_text_has_all_digits(value):
    assert exact_integer(exact_text(value)) == value
    assert set(exact_text(value)) <= set("-0123456789")


@settings(deadline=None)
@given(plain)
def test_json_is_what_python_writes_without_its_limit(data):
    limit = sys.get_int_max_str_digits()
    text = exact_json(data)
    assert sys.get_int_max_str_digits() == limit
    sys.set_int_max_str_digits(0)
    try:
        assert text == json.dumps(data)
    finally:
        sys.set_int_max_str_digits(limit)
