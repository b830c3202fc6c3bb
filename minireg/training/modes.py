"""Training and evaluation mode, of a model and of a transform."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from ..batch import Transform


@contextmanager
def set_mode(model: Any, training: bool) -> Iterator[None]:
    """Set the mode of the model for a `with` block, then restore the mode of each module."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was in before:
            module.training = was


def evaluating(transform: Any) -> AbstractContextManager[None]:
    """A `with` block in which the transform is in evaluation mode."""
    return nullcontext() if transform is None else transform.evaluation()


def keep_measured(transform: Any) -> Transform | None:
    """Return a transform if it can act on measured examples: functions act in training only."""
    return transform if isinstance(transform, Transform) else None
