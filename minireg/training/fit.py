"""fit: the training loop that everybody writes, written once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from copy import copy
from typing import Any

from .. import optim
from ..backend import current_backend, use_backend
from ..data import DataLoader
from ..errors import ArgumentError, ArgumentTypeError, MiniregError, check_count
from ..random import Generator
from ..regularizers import Penalty
from .early_stopping import as_early_stopping
from .evaluation import backend_of, batch_loss, check_model, checked_criterion, measured, mode
from .history import History
from .progress import check_progress, shown
from .regularization import Regularization, regularization

MEASURED_BATCH = 1000  # examples at a time where no gradients are kept


def fit(
    model: Any,
    train: Any,
    validation: Any = None,
    *,
    epochs: int = 10,
    batch_size: int = 32,
    optimizer: optim.Optimizer | None = None,
    criterion: Callable | None = None,
    penalty: Penalty | None = None,
    proximal: bool = False,
    transform: Callable | None = None,
    early_stopping: Any = None,
    generator: Generator | None = None,
    progress: Any = True,
) -> History:
    """Train `model` on `train` and report each epoch: data loss and penalty apart.

    A step minimises criterion(model(x), y) + penalty(model) on one batch.  After each epoch the
    model is measured in evaluation mode (no dropout, no augmentation, no penalty), which changes
    nothing in what follows.  Each module ends in the mode it came in, and the batches go to the
    backend of the model's parameters.

    Args:
        model: an nn.Module.
        train: a `data.Dataset` or a pair (x, y) of arrays.
        validation: likewise; examples that are measured and not learned.
        epochs: how often each example is seen, at least 1.
        batch_size: examples per step, in a new random order each epoch.
        optimizer: by default SGD with learning rate 0.1 and momentum 0.9.
        criterion: the loss, a mean over the batch; by default cross-entropy.
        penalty: see `regularizers`; the size of the training set is filled in.
        proximal: the penalty acts by its proximal step after each step of the optimizer (exact
            zeros with L1; its length is the group's learning rate) instead of as a term of the
            loss.
        transform: augmentation of the training batches; see `data.DataLoader`.
        early_stopping: a patience in epochs, or an `EarlyStopping`; needs `validation`.  However
            training ends, the best weights are put back.
        generator: draws the order of the examples; by default a new stream of the default one.
        progress: True shows a bar in a terminal and nothing elsewhere, False nothing; a function
            is called with the history after each epoch.

    Returns:
        The `History`.  Ctrl-C returns it, too, with `interrupted = True`.

    Raises:
        ArgumentError, ArgumentTypeError: an argument that cannot be used; nothing was trained.
        MiniregError: a loss became NaN or infinite.

    >>> import minireg as mr
    >>> from minireg import nn
    >>> mr.seed(0)
    >>> x = [[-2.0], [-1.0], [1.0], [2.0]]
    >>> history = fit(nn.Linear(1, 2), (x, [0, 0, 1, 1]), epochs=20, progress=False)
    >>> history.train_accuracy[-1]
    1.0
    """
    check_model(model)
    check_count("epochs", epochs)
    check_progress(progress)
    criterion = checked_criterion(criterion)
    stopping = as_early_stopping(early_stopping)
    if stopping is not None and validation is None:
        raise ArgumentError(
            "early_stopping watches the validation loss, and there is no validation set. "
            "Split one off: train, validation = train.split(0.8, seed=0)."
        )
    loader = DataLoader(train, batch_size, shuffle=True, transform=transform, generator=generator)
    train_measured = for_measuring(loader)
    validation_measured = None
    if validation is not None:
        validation_measured = DataLoader(validation, MEASURED_BATCH, generator=Generator())
    classes = check_same_task(loader, validation_measured)
    if optimizer is None:
        optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    check_optimizer(optimizer, model)
    penalized = regularization(penalty, model, optimizer, len(loader.dataset), proximal)

    history = History()
    if stopping is not None:
        stopping.reset()
    try:
        with use_backend(backend_of(model)), shown(progress, epochs) as report:
            for epoch in range(1, epochs + 1):
                start = time.perf_counter()
                with mode(model, training=True):
                    loss, cost = train_epoch(
                        model, loader, criterion, optimizer, penalized, classes
                    )
                check_finite("loss", loss + cost, epoch)
                on_train = measured(model, train_measured, criterion)
                check_finite("loss", on_train["loss"], epoch)
                on_validation: dict[str, Any] = {"loss": None, "accuracy": None}
                if validation_measured is not None:
                    on_validation = measured(model, validation_measured, criterion)
                    check_finite("validation loss", on_validation["loss"], epoch)
                history.add(
                    epoch=epoch,
                    loss=loss,
                    penalty=cost,
                    train_accuracy=on_train["accuracy"],
                    validation_loss=on_validation["loss"],
                    validation_accuracy=on_validation["accuracy"],
                    seconds=time.perf_counter() - start,
                )
                # Before the report: Ctrl-C may come during it, and this epoch may be the best.
                if stopping is not None:
                    history.stopped_early = stopping.should_stop(
                        on_validation["loss"], model.state_dict
                    )
                report(history)
                if history.stopped_early:
                    break
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        if stopping is not None:
            stopping.restore(model)
    return history


def train_epoch(
    model: Any,
    loader: DataLoader,
    criterion: Callable,
    optimizer: optim.Optimizer,
    penalized: Regularization | None,
    classes: int | None,
) -> tuple[float, float]:
    """One pass over the examples.  Returns the mean data loss and the mean penalty.

    Both are added up on the device, weighted by the sizes of the batches, and read at the end.
    """
    xp, count = current_backend(), 0
    losses, costs = xp.zeros((), dtype=xp.float64), xp.zeros((), dtype=xp.float64)
    for inputs, labels in loader:
        optimizer.zero_grad()
        loss = batch_loss(criterion, model(inputs), labels, classes)
        losses += loss.data * len(labels)
        count += len(labels)
        if penalized is not None:
            cost = penalized.cost()
            costs += cost.data * len(labels)
            if not penalized.proximal:
                loss = loss + cost
        loss.backward()
        optimizer.step()
        if penalized is not None and penalized.proximal:
            penalized.shrink()
    return float(losses) / count, float(costs) / count


def for_measuring(loader: DataLoader) -> DataLoader:
    """The same examples in their own order and as they are.

    A copy and not a new loader: the two share what was uploaded to the device.
    """
    plain = copy(loader)
    plain.batch_size, plain.shuffle, plain.transform = MEASURED_BATCH, False, None
    return plain


def check_same_task(train: DataLoader, validation: DataLoader | None) -> int | None:
    """The number of classes that the model must tell apart; None for regression."""
    classes = train.dataset.num_classes
    if validation is None:
        return classes
    others = validation.dataset.num_classes
    if classes is None and others is None:
        return None
    if classes is None or others is None:
        raise ArgumentError(
            f"Training and validation targets must be of one kind, got {train.dataset.y.dtype} "
            f"(train) and {validation.dataset.y.dtype} (validation): floats mean regression, "
            f"integers class labels."
        )
    return max(classes, others)


def check_optimizer(optimizer: Any, model: Any) -> None:
    if not isinstance(optimizer, optim.Optimizer):
        raise ArgumentTypeError(f"optimizer must be one of minireg.optim, got {optimizer!r}.")
    own = {id(p) for p in model.parameters()}
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not own & held:
        raise ArgumentError(
            "The optimizer holds none of the model's parameters, so nothing would be learned. "
            "Make it from this model: optim.SGD(model.parameters(), lr=0.1)."
        )


def check_finite(name: str, value: float | None, epoch: int) -> None:
    if value is None or not math.isfinite(value):
        raise MiniregError(
            f"The {name} became {value} in epoch {epoch}: the steps are too large for this loss. "
            f"Use a smaller learning rate (a tenth, to begin with)."
        )
