"""What a shell offers while a command is typed: names that ship with the package, families, other words, and files."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

Complete = Callable[[str], list[str]]

ARCHITECTURE_FILES = (".toml", ".json", ".graphml", ".onnx")
MASK_FILES = (".npy", ".png", ".txt")


def architectures(incomplete: str) -> list[str]:
    """Names of the gallery, and files of networks."""
    from ..formats import gallery

    return [*_begun(gallery(), incomplete), *_files(incomplete, ARCHITECTURE_FILES)]


def partitions(incomplete: str) -> list[str]:
    """Names of partitions and families up to what is to be filled in, and files of masks."""
    from ..partition.families import FORMS

    if incomplete.startswith("mask:"):
        return [f"mask:{name}" for name in _files(incomplete.removeprefix("mask:"), MASK_FILES)]
    names = dict.fromkeys(re.sub("[A-Z].*", "", form) for form in FORMS if " " not in form)
    return _begun(names, incomplete)


def weights(incomplete: str) -> list[str]:
    """Kinds of weights that can be drawn, and files of them."""
    from ..oracle.weights.weights import KINDS

    return [*_begun(KINDS, incomplete), *_files(incomplete, (".npz",))]


def measures(incomplete: str) -> list[str]:
    """Measures of comparisons, and groups of them."""
    from ..comparison.measures import GROUPS, MEASURES

    return _begun([*MEASURES, *GROUPS], incomplete)


def exports(incomplete: str) -> list[str]:
    """Forms that networks are exported to."""
    from ..export import FORMS

    return _begun([*FORMS, "dimacs"], incomplete)


def one_of(*words: str) -> Complete:
    """These words."""

    def complete(incomplete: str) -> list[str]:
        return _begun(words, incomplete)

    return complete


def _begun(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def _files(incomplete: str, suffixes: tuple[str, ...]) -> list[str]:
    """Files with one of these endings, and folders."""
    folder = Path(incomplete) if incomplete.endswith("/") else Path(incomplete).parent
    try:
        found = sorted(path for path in folder.iterdir() if path.is_dir() or path.suffix in suffixes)
    except OSError:
        return []
    return _begun((f"{path}/" if path.is_dir() else str(path) for path in found), incomplete)
