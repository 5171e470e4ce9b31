"""JAX and optax, loaded when a network is first trained."""

import os
from types import SimpleNamespace
from typing import Any

from ..errors import ExtraError
from ..tools.words import install_hint

# One thread: sums have one order, so the same run gives the same digits, and each worker keeps to one core.
FLAGS = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def load_jax() -> Any:
    """The modules jax, numpy (of JAX) and optax; an ExtraError if they are not installed."""
    os.environ.setdefault("XLA_FLAGS", FLAGS)
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    try:
        import jax
        import jax.numpy
        import optax
    except ImportError:
        raise ExtraError(f"training needs JAX and optax; {install_hint('train')}") from None
    return SimpleNamespace(jax=jax, numpy=jax.numpy, optax=optax)
