"""Any circuit as a trainable network, and generated tasks; weights go out and in as all measurements read them."""

from .settings import Training
from .tasks import Task, known_task, make_task
from .train import Trained, train

__all__ = ["Task", "Trained", "Training", "known_task", "make_task", "train"]
