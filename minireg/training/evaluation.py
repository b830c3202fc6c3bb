"""How good is a model on these examples?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .. import nn
from ..autograd import no_grad
from ..data import DataLoader
from ..errors import ArgumentTypeError


@contextmanager
def mode(model: Any, training: bool) -> Iterator[None]:
    """The model in training or evaluation mode for a `with` block; each module's own mode after."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was in before:
            module.training = was


def evaluate(
    model: Any, dataset: Any, criterion: Callable | None = None, batch_size: int = 1000
) -> dict[str, float | None]:
    """The mean loss and the accuracy of `model` in evaluation mode; it is not changed.

    Args:
        model: a Module.
        dataset: a `data.Dataset` or a pair (x, y) of arrays.
        criterion: the loss, a mean over the batch; by default cross-entropy.
        batch_size: how many examples at a time.

    Returns:
        `{"loss": …, "accuracy": …}`; the accuracy, from 0 to 1, is None for float targets.

    >>> from minireg import nn
    >>> model = nn.Linear(1, 2, bias=False)
    >>> model.weight.data[...] = [[-9.0], [9.0]]
    >>> evaluate(model, ([[1.0], [-1.0], [2.0], [3.0]], [1, 0, 1, 0]))["accuracy"]
    0.75
    """
    check_model(model)
    loader = DataLoader(dataset, batch_size=batch_size)
    return measured(model, loader, nn.CrossEntropyLoss() if criterion is None else criterion)


def measured(model: Any, loader: DataLoader, criterion: Callable) -> dict[str, float | None]:
    """`evaluate` on a loader: its sums stay on the device and are read once, at the end."""
    counts, losses = 0, []
    correct: list[Any] = []
    with mode(model, training=False), no_grad():
        for inputs, labels in loader:
            outputs = model(inputs)
            losses.append(criterion(outputs, labels) * len(labels))
            counts += len(labels)
            if labels.dtype.kind in "iu":
                correct.append((outputs.argmax(axis=-1) == labels).sum())
    accuracy = sum(correct[1:], correct[0]).item() / counts if correct else None
    return {"loss": sum(losses[1:], losses[0]).item() / counts, "accuracy": accuracy}


def check_model(model: Any) -> None:
    if not isinstance(model, nn.Module):
        raise ArgumentTypeError(f"The model must be an nn.Module, got {model!r}.")
