"""Words of error messages: what a user gave, and what may have been meant."""

import sys
from collections.abc import Iterable
from difflib import get_close_matches

MOST_LETTERS = 60  # of a value in an error message
NAME_LETTERS = 24  # of a name in one line


def shown(value: object) -> str:
    """A value as error messages quote it: in one line, and cut short if it is long.

    >>> shown([1, "two"]), shown(10**5000)
    ("[1, 'two']", 'a value of more than 4300 digits')
    """
    try:
        return _cut(repr(value), MOST_LETTERS)
    except ValueError:  # an integer has more digits than Python writes
        return f"a value of more than {sys.get_int_max_str_digits()} digits"


def brief(name: str) -> str:
    """A name on one line, cut short."""
    return _cut(name, NAME_LETTERS)


def _cut(text: str, letters: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= letters else f"{line[: letters - 3]}..."


def nearest(word: object, known: Iterable[str]) -> str:
    """What an error says of an unknown word: the known word that is like it, or all known words.

    >>> nearest("convak", ["convac", "tree"])
    "did you mean 'convac'?"
    >>> nearest("net", ["convac", "mixed"])
    'choose from convac, mixed'
    """
    words = list(known)
    near = get_close_matches(word, words, n=1) if isinstance(word, str) else []
    return f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(words)}"


def install_hint(extra: str) -> str:
    """How an optional part of tncut is installed."""
    return f'install the extra {extra} (pip install "tncut[{extra}]", or ".[{extra}]" in a clone)'


def counted(number: int, word: str) -> str:
    """A number of things.

    >>> counted(1, "bond"), counted(2, "bond")
    ('1 bond', '2 bonds')
    """
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
