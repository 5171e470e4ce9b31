"""Words that a user may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """What an error says of an unknown word: the known word that is like it, or all known words.

    >>> nearest("convak", ["convac", "tree"])
    "did you mean 'convac'?"
    >>> nearest("net", ["convac", "mixed"])
    'choose from convac, mixed'
    """
    words = list(known)
    near = get_close_matches(word, words, n=1)
    return f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(words)}"
