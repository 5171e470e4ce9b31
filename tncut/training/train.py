"""Any circuit trained on samples: what its weights learn, beside what the bound lets them."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..circuit import Circuit
from ..errors import MethodError
from ..network import Subject
from ..oracle import Weights
from ..samples import Samples
from ..samples.matching import fitting
from ..tools.arrays import IntArray
from ..tools.files import check_target
from ..tools.values import integer
from ..tools.words import brief, shown
from ..verification.drawn import Drawn, Given
from . import checkpoint as checkpoints
from .checkpoint import State
from .learner import Learner, identity, learner
from .settings import Training

Watch = Callable[[str], None]
FINISHED, INTERRUPTED, NOT_FINITE = "all epochs", "interrupted", "the loss is not finite"


@dataclass(frozen=True, eq=False, repr=False)
class Trained:
    """A trained network: the weights of its best epoch, where it began, and how well it does. All of it is measured.

    The best epoch is that of the smallest loss on the samples held out. `history` has for each epoch the mean loss in
    training and on what is held out (nan: nothing is), in nats. `stopped` says why training ended.
    """

    name: str
    weights: Weights
    start: Weights
    accuracy: float  # on the samples trained with
    test_accuracy: float | None  # None: no test samples are given
    history: tuple[tuple[float, float], ...]
    best_epoch: int  # 0: the start
    stopped: str
    parameters: int  # how many are trained
    settings: Training
    seed: int
    seconds: float

    @property
    def finished(self) -> bool:
        """Whether all epochs were run, or no better one came within the patience."""
        return self.stopped == FINISHED or self.stopped.startswith("no better")

    def __repr__(self) -> str:
        test = "" if self.test_accuracy is None else f", {self.test_accuracy:.1%} on test samples"
        return f"<Trained: {brief(self.name or 'circuit')}, accuracy {self.accuracy:.1%}{test}>"

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data, without the weights."""
        left_out = ("weights", "start", "settings", "history")
        found = {key: value for key, value in vars(self).items() if key not in left_out}
        losses = [[value if math.isfinite(value) else None for value in row] for row in self.history]
        return found | {"settings": self.settings.to_dict(), "history": losses}

    def __str__(self) -> str:
        gate = self.weights.circuit.gate
        lines = [
            f"{self.name or 'circuit'}, {gate} gates, {self.parameters} parameters, "
            f"{self.settings.weights_for(gate)} weights, sharing {self.settings.sharing}, seed {self.seed}",
            f"measured   accuracy {self.accuracy:.2%} on the samples trained with",
        ]
        if self.test_accuracy is not None:
            lines.append(f"measured   accuracy {self.test_accuracy:.2%} on test samples")
        ran = f"{len(self.history)} of {self.settings.epochs} epochs, weights of epoch {self.best_epoch}"
        return "\n".join([*lines, f"training   {ran}, {self.seconds:.1f} s; stopped: {self.stopped}"])


def train(
    architecture: Subject,
    samples: Samples,
    *,
    test: Samples | None = None,
    settings: Training | None = None,
    seed: int = 0,
    weights: Given = None,
    checkpoint: Path | str | None = None,
    watch: Watch | None = None,
) -> Trained:
    """Train a network to tell the classes of samples by Adam, on their cross entropy; it needs JAX, the extra `train`.

    The label of the samples is their last site (`Samples.of(..., classes=True)`), the network's an open output with as
    many labels. The probability of a label is proportional to the output, if the weights are positive, and to its
    square if they have signs; with gates other than the product it is the softmax of the outputs.

    `weights`: where to begin, in any form that `measure` takes; drawn by `seed` if none are given. The same seed gives
    the same digits on one machine. `checkpoint`: an .npz file, written after each epoch, from which the same call goes
    on. `watch` gets a line after each epoch. A loss that is not finite ends the training, as an interruption does; the
    result then has the best weights so far, and says so. An ExtraError if JAX is not installed, a SpecError if the
    samples do not fit the network, a MethodError for a network without an open output.
    """
    begun = time.perf_counter()
    given = Training() if settings is None else settings
    if not isinstance(given, Training):
        raise MethodError(f"the settings are {shown(settings)}; give a tncut.Training")
    number = integer("seed", seed, MethodError, least=0)
    circuit = _circuit(architecture, samples)
    name = getattr(architecture, "name", "")
    of = learner(circuit, given)
    training = _Data.of(of, samples)
    tested = None if test is None or _circuit(circuit, test) is None else _Data.of(of, test)
    first = of.parameters.drawn(number)
    if weights is not None:
        first = of.parameters.of_weights(Drawn.of(circuit, weights, seed=number).floats)  # type: ignore[arg-type]
    run = _Run(of, given, training, number, watch)
    state, stopped = run.finish(first, None if checkpoint is None else Path(checkpoint))
    return Trained(
        name=name,
        weights=of.parameters.to_weights(state.best),
        start=of.parameters.to_weights(first),
        accuracy=of.tested(state.best, training.blocks, training.labels)[0],
        test_accuracy=None if tested is None else of.tested(state.best, tested.blocks, tested.labels)[0],
        history=tuple(state.history),
        best_epoch=state.best_epoch,
        stopped=stopped,
        parameters=of.parameters.count,
        settings=given,
        seed=number,
        seconds=time.perf_counter() - begun,
    )


@dataclass(frozen=True, eq=False)
class _Data:
    """Samples as arrays."""

    blocks: list[Any]
    labels: IntArray

    @classmethod
    def of(cls, learner: Learner, samples: Samples) -> "_Data":
        return cls(learner.blocks(samples.vectors), samples.vectors[-1].argmax(axis=1))

    def rows(self, chosen: IntArray) -> "_Data":
        return _Data([block[chosen] for block in self.blocks], self.labels[chosen])


class _Run:
    """The epochs of a training."""

    def __init__(self, learner: Learner, settings: Training, data: _Data, seed: int, watch: Watch | None) -> None:
        self.learner, self.settings, self.seed, self.watch = learner, settings, seed, watch
        order = np.random.default_rng((seed, 0)).permutation(len(data.labels))
        held_out = int(len(order) * self.settings.held_out)
        self.held_out, self.data = data.rows(order[:held_out]), data.rows(order[held_out:])
        self.steps = len(self.data.labels) // self.settings.batch
        if not self.steps:
            raise MethodError(
                f"{len(self.data.labels)} samples to train with are less than a batch of {self.settings.batch}"
            )

    def finish(self, first: dict[str, Any], checkpoint: Path | None) -> tuple[State, str]:
        """The state after the last epoch, and why it was the last one."""
        state = State(first, self.learner.optimizer.init(first), first)
        digest = ""
        if checkpoint is not None:
            check_target(checkpoint, checkpoints.SUFFIX, "a checkpoint")
            digest = self._identity(first)
            state = checkpoints.restored(checkpoint, state, digest)
        stopped = self._why_stop(state)
        try:
            while not stopped:
                stopped = self._epoch(state)
                if stopped:
                    return state, stopped
                if checkpoint is not None:
                    checkpoints.save(checkpoint, state, digest)
                self._show(state)
                stopped = self._why_stop(state)
        except KeyboardInterrupt:
            return state, INTERRUPTED
        return state, stopped

    def _epoch(self, state: State) -> str:
        """Train for one epoch and note how it went; a text if the loss is not finite."""
        number = state.epochs
        batch = self.settings.batch
        chosen = np.random.default_rng((self.seed, number + 1)).permutation(len(self.data.labels))
        order = chosen[: self.steps * batch].reshape(self.steps, batch)
        given = (self.data.blocks, self.data.labels)
        rates = self.settings.rates(self.learner.circuit.gate, number, self.steps).astype(np.float32)
        now, adam, losses = self.learner.epoch(state.now, state.adam, given, order, rates)
        losses = np.asarray(losses, dtype=np.float64)
        wrong = np.flatnonzero(~np.isfinite(losses))
        if len(wrong):
            return f"{NOT_FINITE} in epoch {number + 1}, step {wrong[0] + 1}; the weights are the best before it"
        _, held_out = self.learner.tested(now, self.held_out.blocks, self.held_out.labels)
        state.note({name: np.asarray(value) for name, value in now.items()}, adam, float(losses.mean()), held_out)
        return ""

    def _show(self, state: State) -> None:
        if self.watch is not None:
            loss, held_out = state.history[-1]
            score = "" if math.isnan(held_out) else f", {held_out:.4f} on what is held out"
            self.watch(f"epoch {state.epochs} of {self.settings.epochs}: loss {loss:.4f}{score}")

    def _why_stop(self, state: State) -> str:
        """Why no epoch follows; "" if one does."""
        if state.epochs >= self.settings.epochs:
            return FINISHED
        patience = self.settings.patience
        if patience is not None and state.epochs - state.best_epoch >= patience:
            return f"no better epoch in {patience}"
        return ""

    def _identity(self, first: dict[str, Any]) -> str:
        return identity(
            self.learner.circuit, self.settings, self.seed, *self.data.blocks, self.data.labels, *first.values()
        )


def _circuit(architecture: Subject, samples: Samples) -> Circuit:
    """The circuit of a network that samples with classes fit."""
    if not isinstance(samples, Samples):
        raise MethodError(f"the samples are {shown(samples)}; give tncut.Samples.of(inputs, labels, classes=True)")
    if not samples.label:
        raise MethodError("the samples have no label to train for; give tncut.Samples.of(..., classes=True)")
    circuit = fitting(architecture, samples)
    if not isinstance(circuit, Circuit):
        raise MethodError("a tensor network is not trained; give an architecture of a circuit")
    return circuit
