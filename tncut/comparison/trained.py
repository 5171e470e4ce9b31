"""Networks that a worker has trained, kept for its next jobs: other measures, other partitions, the same data."""

from functools import lru_cache

from ..circuit import Circuit
from ..network import TensorNetwork
from ..training import Task, Trained, Training, make_task, train

KEPT = 10  # networks, and tasks


def trained(built: Circuit | TensorNetwork, task: str, training: Training, seed: int) -> tuple[Trained, str]:
    """A network trained on a task, both drawn by the seed; and how that went, in words."""
    found = _network(built, task, training, seed)
    return found, f"{found.parameters} parameters, epoch {found.best_epoch}; stopped: {found.stopped}"


@lru_cache(maxsize=KEPT)
def _network(built: Circuit | TensorNetwork, task: str, training: Training, seed: int) -> Trained:
    data = _task(task, training.samples, training.test_samples, seed)
    return train(built, data.training, test=data.test, settings=training, seed=seed)


@lru_cache(maxsize=KEPT)
def _task(name: str, samples: int, test_samples: int, seed: int) -> Task:
    return make_task(name, samples=samples, test_samples=test_samples, seed=seed)
