"""Pictures of tensor networks and their cuts, of results, and of profiles."""

from .cells import select
from .charts import save_axes
from .files import save
from .network import network
from .profiles import profile
from .results import results

__all__ = ["network", "profile", "results", "save", "save_axes", "select"]
