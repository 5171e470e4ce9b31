"""The compiled functions of a training: one epoch of Adam, and the scores of samples."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ..circuit import Circuit
from ..tools.arrays import FloatArray, IntArray
from .extra import load_jax
from .forward import Forward
from .parameters import Parameters
from .settings import Training
from .stages import Stages

CHUNK = 256  # samples that are scored at once
CLIP = 1.0  # the largest norm of a gradient
FLOOR = 1e-6  # of the squares of outputs, as a part of their sum: no sample costs more than log 10^6
SMALLEST = 1e-37

Tree = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Learner:
    """The parameters of a circuit, and what JAX has compiled for them."""

    parameters: Parameters

    @property
    def circuit(self) -> Circuit:
        return self.parameters.circuit

    @cached_property
    def forward(self) -> Forward:
        return Forward(self.circuit, Stages.of(self.circuit), self.parameters.rows, load_jax().numpy)

    def blocks(self, vectors: Sequence[FloatArray]) -> list[Any]:
        """The vectors of each site, (samples, dim), as blocks: (samples, sites, dim) in float32."""
        sites = self.forward.stages.sites
        return [np.stack([vectors[site] for site in block], axis=1).astype(np.float32) for block in sites]

    def scores(self, parameters: Tree, blocks: Sequence[Any]) -> Any:
        """(samples, labels) the logarithms of what each label's probability is proportional to.

        With product gates that is the output, if the weights are positive, and else its square, to which a millionth
        of the sum over the labels is added. With other gates the outputs are the scores.
        """
        jnp = load_jax().numpy
        positive = self.parameters.kind == "positive"
        weights = {name: jnp.exp(values) for name, values in parameters.items()} if positive else parameters
        outputs, _ = self.forward(weights, [jnp.swapaxes(block, 0, 1) for block in blocks])
        if self.circuit.gate != "product":
            return outputs
        if positive:
            return jnp.log(jnp.maximum(outputs, SMALLEST))
        squares = outputs**2
        return jnp.log(squares + FLOOR * squares.sum(axis=1, keepdims=True) + SMALLEST)

    def loss(self, parameters: Tree, blocks: Sequence[Any], labels: Any) -> Any:
        """The mean cross entropy, in nats."""
        losses = load_jax().optax.softmax_cross_entropy_with_integer_labels(self.scores(parameters, blocks), labels)
        return losses.mean()

    @cached_property
    def optimizer(self) -> Any:
        optax = load_jax().optax
        return optax.chain(optax.clip_by_global_norm(CLIP), optax.scale_by_adam())

    @cached_property
    def epoch(self) -> Any:
        """Parameters, state, data, (steps, batch) the samples of each step, (steps,) its rate -> the same, losses."""
        jax = load_jax().jax

        def run(parameters: Tree, state: Any, data: tuple[Any, Any], order: Any, rates: Any) -> tuple[Any, Any, Any]:
            blocks, labels = data

            def step(carried: tuple[Any, Any], batch: tuple[Any, Any]) -> tuple[Any, Any]:
                (now, state), (chosen, rate) = carried, batch
                given = [block[chosen] for block in blocks]
                loss, slope = jax.value_and_grad(self.loss)(now, given, labels[chosen])
                moves, state = self.optimizer.update(slope, state)
                return (jax.tree.map(lambda old, move: old - rate * move, now, moves), state), loss

            (parameters, state), losses = jax.lax.scan(step, (parameters, state), (order, rates))
            return parameters, state, losses

        return jax.jit(run)

    @cached_property
    def _scored(self) -> Any:
        return load_jax().jax.jit(self.scores)

    def tested(self, parameters: Tree, blocks: Sequence[Any], labels: IntArray) -> tuple[float, float]:
        """The accuracy on samples, and the mean cross entropy in nats; nan without any samples."""
        if not len(labels):
            return math.nan, math.nan
        found = []
        for begin in range(0, len(labels), CHUNK):
            # All chunks have one size, so that one function is compiled.
            chosen = np.minimum(np.arange(begin, begin + CHUNK), len(labels) - 1)
            found.append(np.asarray(self._scored(parameters, [block[chosen] for block in blocks])))
        scores = np.concatenate(found)[: len(labels)].astype(np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        losses = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(labels)), labels]
        return float((scores.argmax(axis=1) == labels).mean()), float(losses.mean())


def learner(circuit: Circuit, settings: Training) -> Learner:
    """The learner of a circuit; trainings of equal circuits that follow each other share what is compiled."""
    gate = circuit.gate
    return _learner(
        _Key(identity(circuit), settings.sharing, settings.weights_for(gate), settings.start_for(gate), circuit)
    )


@dataclass(frozen=True)
class _Key:
    """What decides what is compiled; circuits of one identity are equal."""

    identity: str
    sharing: str
    kind: str
    start: str
    circuit: Circuit = field(compare=False)


@lru_cache(maxsize=2)
def _learner(key: _Key) -> Learner:
    return Learner(Parameters(key.circuit, key.sharing, key.kind, key.start))


def identity(*parts: Any) -> str:
    """A digest of circuits, arrays and texts."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Circuit):
            arrays = (part.site_dims, part.unit_dims, part.factor_start, part.factor_child, part.unit_layer, part.added)
            digest.update(identity(*arrays, part.gate, part.root_map, part.open_output).encode())
        else:
            digest.update(np.ascontiguousarray(part).tobytes() if isinstance(part, np.ndarray) else str(part).encode())
        digest.update(b"/")
    return digest.hexdigest()
