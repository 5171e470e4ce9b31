"""Checkpoints: all that a training needs to go on, in one .npz file that is whole or not there."""

import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import FileError
from ..tools.files import write_whole
from ..tools.words import shown_name
from .extra import load_jax

SUFFIX = ".npz"
COLUMNS = 2  # of the history: the loss in training, that of what is held out


@dataclass
class State:
    """A training between two epochs."""

    now: dict[str, Any]  # parameters
    adam: Any
    best: dict[str, Any]  # parameters of the best epoch
    history: list[tuple[float, float]] = field(default_factory=list)  # of each epoch the two losses

    @property
    def epochs(self) -> int:
        """How many epochs are done."""
        return len(self.history)

    @property
    def best_epoch(self) -> int:
        """The epoch of the smallest loss on what is held out, or in training if nothing is; 0 before the first."""
        losses = [loss if math.isnan(held_out) else held_out for loss, held_out in self.history]
        return losses.index(min(losses)) + 1 if losses else 0

    def note(self, now: dict[str, Any], adam: Any, loss: float, held_out: float) -> None:
        """An epoch is done."""
        self.now, self.adam = now, adam
        self.history.append((loss, held_out))
        if self.best_epoch == self.epochs:
            self.best = now


def save(path: Path, state: State, of: str) -> None:
    """Write a state, and the identity of its training."""
    leaves = load_jax().jax.tree.leaves(state.adam)
    arrays: dict[str, Any] = {f"now {name}": value for name, value in state.now.items()}
    arrays |= {f"best {name}": value for name, value in state.best.items()}
    arrays |= {f"adam {number}": leaf for number, leaf in enumerate(leaves)}
    arrays["history"] = np.array(state.history).reshape(-1, COLUMNS)
    arrays["training"] = np.array(of)

    def write(part: Path) -> None:
        with part.open("wb") as stream:
            np.savez(stream, **arrays)

    write_whole(path, write)


def restored(path: Path, start: State, of: str) -> State:
    """The state in a file, or the start if there is no such file; a FileError if it is of another training."""
    if not path.exists():
        return start
    name = shown_name(path)
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as content:
            arrays = dict(content)
        if str(arrays["training"]) != of:
            raise FileError(f"{name} is the checkpoint of another network, data, seed or settings; give another file")
        return _state(arrays, start)
    except OSError as error:
        raise FileError(f"cannot read {name}: {error.strerror or error}") from None
    except (KeyError, zipfile.BadZipFile, zlib.error, ValueError, TypeError, EOFError):
        raise FileError(f"{name} is no checkpoint of a training, or it is damaged; give another file") from None


def _state(arrays: Mapping[str, Any], start: State) -> State:
    tree = load_jax().jax.tree
    leaves, form = tree.flatten(start.adam)
    return State(
        {name: arrays[f"now {name}"] for name in start.now},
        tree.unflatten(form, [arrays[f"adam {number}"] for number in range(len(leaves))]),
        {name: arrays[f"best {name}"] for name in start.best},
        [(float(loss), float(held_out)) for loss, held_out in arrays["history"].tolist()],
    )
