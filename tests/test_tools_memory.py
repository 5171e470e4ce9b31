"""What a machine says of its memory, and what is refused by it."""

import os
from pathlib import Path

import pytest

from tncut.errors import SizeError
from tncut.tools.memory import UNKNOWN, free_memory, limit_or_default, refuse_above


def test_free_memory_is_read_from_the_system():
    assert 2**20 < free_memory() < 2**60


def test_the_default_limit_is_a_quarter_of_what_is_free(monkeypatch):
    monkeypatch.setattr("tncut.tools.memory.free_memory", lambda: 4000)
    assert limit_or_default(None) == 1000
    assert limit_or_default(7) == 7


def test_a_system_without_proc_tells_its_pages(monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda _: "nothing known")
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert free_memory() == 4096000


def test_a_system_that_tells_nothing_is_given_a_default(monkeypatch):
    def unreadable(_):
        raise OSError

    monkeypatch.setattr(Path, "read_text", unreadable)
    monkeypatch.delattr(os, "sysconf")
    assert free_memory() == UNKNOWN


def test_sizes_are_refused_only_above_the_limit():
    refuse_above(1000, 1000, "this")
    with pytest.raises(SizeError, match=r"this needs 3\.0 MB of memory, over the limit of 2\.0 MB"):
        refuse_above(2 * 10**6, 3 * 10**6, "this")


def test_astronomical_sizes_have_a_message():
    with pytest.raises(SizeError, match=r"about 10\^301029 MB"):
        refuse_above(1, 10**6 * 2**1000000, "this")
