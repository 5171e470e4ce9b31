"""Words of error messages: what a user gave, and what may have been meant."""

import math
import reprlib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

MOST_LETTERS = 60  # of a value in an error message
NAME_LETTERS = 200  # of a path, or of another name
EXACT_DIGITS = 40
MOST_WORDS = 10  # of a list to choose from
BRIEF_LETTERS = 24  # of a name in one line with others


class _Quotes(reprlib.Repr):
    """`repr`, but it never fails, and takes no longer for a value that is large or nested deeply."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 4
        self.maxstring = self.maxother = MOST_LETTERS
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = MOST_LETTERS // 3

    def repr_int(self, x: int, level: int) -> str:
        return exact_or_size(x)


_QUOTES = _Quotes()


def shown(value: Any) -> str:
    """A value of any kind as error messages quote it: on one line of at most 60 characters.

    >>> shown([2, "four"])
    "[2, 'four']"
    """
    text = one_line(_QUOTES.repr(value))
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 3] + "..."


def exact_or_size(value: int) -> str:
    """An exact integer of up to 40 digits; the size of a longer one.

    >>> exact_or_size(-(10**5000))
    'about -10^5000'
    """
    if abs(value) < 10**EXACT_DIGITS:
        return str(value)
    return f"about {'-' if value < 0 else ''}10^{round(math.log10(abs(value)))}"


def shown_name(name: object) -> str:
    """A path, or the name of what is meant, without quotes: on one line, the middle left out of a long one.

    >>> len(shown_name("a" * 3000))
    200
    """
    text = one_line(str(name)) if isinstance(name, str | PurePath) else shown(name)
    return text if len(text) <= NAME_LETTERS else f"{text[: NAME_LETTERS // 2 - 3]}...{text[-NAME_LETTERS // 2 :]}"


def one_line(text: str) -> str:
    """One line that every terminal and file can take: file names may hold bytes that are no UTF-8."""
    return " ".join(text.splitlines()).encode("utf-8", "backslashreplace").decode("utf-8")


def brief(name: str) -> str:
    """A name on one line, cut short."""
    line = one_line(name)
    return line if len(line) <= BRIEF_LETTERS else f"{line[: BRIEF_LETTERS - 3]}..."


def nearest(word: object, known: Iterable[str]) -> str:
    """What an error says of an unknown word: the known word that is like it, or all known words.

    >>> nearest("convak", ["convac", "tree"])
    "did you mean 'convac'?"
    >>> nearest("net", ["convac", "mixed"])
    'choose from convac, mixed'
    """
    words = list(known)
    near = get_close_matches(word, words, n=1) if isinstance(word, str) else []
    if near:
        return f"did you mean {near[0]!r}?"
    more = f" and {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else ""
    return f"choose from {', '.join(words[:MOST_WORDS])}{more}"


def install_hint(extra: str) -> str:
    """How an optional part of tncut is installed."""
    return f'install the extra {extra} (pip install "tncut[{extra}]", or ".[{extra}]" in a clone)'


def counted(number: int, word: str) -> str:
    """A number of things.

    >>> counted(1, "bond"), counted(2, "bond")
    ('1 bond', '2 bonds')
    """
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
