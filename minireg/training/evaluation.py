"""How good is a model on these examples?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .. import nn
from ..autograd import Tensor, no_grad
from ..backend import current_backend, use_backend
from ..data import DataLoader
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator


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
    """The mean loss and the accuracy of `model` in evaluation mode; nothing is changed by it.

    Neither the model's modes and weights nor any random stream: a run with measurements in between
    ends at the same weights as one without.

    Args:
        model: a Module.
        dataset: a `data.Dataset` or a pair (x, y) of arrays.
        criterion: the loss, a mean over the batch; by default cross-entropy.
        batch_size: how many examples at a time.

    Returns:
        `{"loss": …, "accuracy": …}`; the accuracy, from 0 to 1, is None for float targets.

    Raises:
        ArgumentError, ArgumentTypeError: no model, no dataset, or two that do not fit together.

    >>> from minireg import nn
    >>> model = nn.Linear(1, 2, bias=False)
    >>> model.weight.data[...] = [[-9.0], [9.0]]
    >>> evaluate(model, ([[1.0], [-1.0], [2.0], [3.0]], [1, 0, 1, 0]))["accuracy"]
    0.75
    """
    check_model(model)
    criterion = checked_criterion(criterion)
    # Batches in the dataset's order need no random numbers; a loader without a generator would
    # open a new stream of the default one, and whatever is built later would get another stream.
    loader = DataLoader(dataset, batch_size, generator=Generator())
    with use_backend(backend_of(model)):
        return measured(model, loader, criterion)


def measured(model: Any, loader: DataLoader, criterion: Callable) -> dict[str, float | None]:
    """`evaluate` on a loader: its sums stay on the device and are read once, at the end."""
    xp, count, classes = current_backend(), 0, loader.dataset.num_classes
    losses, correct = xp.zeros((), dtype=xp.float64), xp.zeros((), dtype=xp.int64)
    with mode(model, training=False), no_grad():
        for inputs, labels in loader:
            outputs = model(inputs)
            losses += batch_loss(criterion, outputs, labels, classes).data * len(labels)
            count += len(labels)
            if classes is not None:
                correct += (outputs.data.argmax(axis=1) == labels.data).sum()
    accuracy = None if classes is None else int(correct) / count
    return {"loss": float(losses) / count, "accuracy": accuracy}


def batch_loss(criterion: Callable, outputs: Any, labels: Tensor, classes: int | None) -> Any:
    """`criterion(outputs, labels)`, once it is known that the two can belong together.

    Args:
        classes: how many classes the labels may name; None for float targets.
    """
    if not isinstance(outputs, Tensor):
        raise ArgumentTypeError(f"The model must return one Tensor, got {type(outputs).__name__}.")
    # NumPy would refuse a label without an output; CuPy would silently take another class.
    if classes is not None and (outputs.ndim != 2 or outputs.shape[1] < classes):
        raise ArgumentError(
            f"There are labels of {classes} classes, so the model must give (N, {classes}) "
            f"outputs, one for each class, and it gave {outputs.shape}. If the targets are numbers "
            f"and not classes, make them floats: y.astype('float32')."
        )
    loss = criterion(outputs, labels)
    if not isinstance(loss, Tensor) or loss.shape != ():
        came = f"shape {loss.shape}" if isinstance(loss, Tensor) else type(loss).__name__
        raise ArgumentError(
            f"The criterion must return a Tensor with one number, the mean over the batch, got "
            f"{came}. The losses of minireg do so with reduction='mean'."
        )
    return loss


def checked_criterion(criterion: Callable | None) -> Callable:
    """The criterion, cross-entropy by default."""
    if criterion is None:
        return nn.CrossEntropyLoss()
    if not callable(criterion):
        raise ArgumentTypeError(
            f"criterion must be a function of outputs and labels such as mr.mse_loss or "
            f"nn.CrossEntropyLoss(), got {criterion!r}."
        )
    return criterion


def check_model(model: Any) -> None:
    if not isinstance(model, nn.Module):
        raise ArgumentTypeError(f"The model must be an nn.Module, got {model!r}.")


def backend_of(model: Any) -> str:
    """The backend of the model's parameters: its batches must lie there, too."""
    first = next(model.parameters(), None)
    return current_backend().name if first is None else first.backend
