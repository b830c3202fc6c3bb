"""fit: the training loop that everybody writes, written once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from .. import nn, optim
from ..data import DataLoader
from ..errors import ArgumentError, ArgumentTypeError, MiniregError, check_count
from ..random import Generator
from ..regularizers import Penalty
from ..regularizers.penalties import is_regularized
from .early_stopping import as_early_stopping
from .evaluation import check_model, measured, mode
from .history import History
from .progress import shown


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
    model is measured in evaluation mode (no dropout, no augmentation, no penalty).  It ends in the
    mode it came in.

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
            zeros with L1) instead of as a term of the loss.
        transform: augmentation of the training batches; see `data.DataLoader`.
        early_stopping: a patience in epochs, or an `EarlyStopping`; needs `validation`.
        generator: draws the order of the examples; by default a new stream of the default one.
        progress: True shows a bar in a terminal, False nothing; a function is called with the
            history after each epoch.

    Returns:
        The `History`.  Ctrl-C returns it, too, with `interrupted = True`.

    Raises:
        ArgumentError, ArgumentTypeError: an argument that cannot be used; nothing was trained.
        MiniregError: the loss became NaN or infinite.

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
    stopping = as_early_stopping(early_stopping)
    if stopping is not None:
        stopping.reset()
        if validation is None:
            raise ArgumentError(
                "early_stopping watches the validation loss, and there is no validation set. "
                "Split one off: train, validation = train.split(0.8, seed=0)."
            )
    if penalty is not None and not isinstance(penalty, Penalty):
        raise ArgumentTypeError(
            f"penalty must be a penalty such as regularizers.L2(1e-4), got {penalty!r}."
        )
    loader = DataLoader(train, batch_size, shuffle=True, transform=transform, generator=generator)
    measured_on = DataLoader(loader.dataset, batch_size=1000)
    validated_on = None if validation is None else DataLoader(validation, batch_size=1000)
    criterion = nn.CrossEntropyLoss() if criterion is None else criterion
    if optimizer is None:
        optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    check_optimizer(optimizer, model)
    if penalty is not None:
        penalty = penalty.with_samples(len(loader.dataset))

    history = History()
    with shown(progress, epochs) as report:
        try:
            for epoch in range(1, epochs + 1):
                start = time.perf_counter()
                with mode(model, training=True):
                    loss, cost = train_epoch(model, loader, criterion, optimizer, penalty, proximal)
                check_finite(epoch, loss + cost)
                accuracy = measured(model, measured_on, criterion)["accuracy"]
                scores: dict[str, Any] = {"loss": None, "accuracy": None}
                if validated_on is not None:
                    scores = measured(model, validated_on, criterion)
                history.add(
                    epoch=epoch,
                    loss=loss,
                    penalty=cost,
                    train_accuracy=accuracy,
                    validation_loss=scores["loss"],
                    validation_accuracy=scores["accuracy"],
                    seconds=time.perf_counter() - start,
                )
                report(history)
                if stopping is not None and stopping.should_stop(scores["loss"], model.state_dict):
                    history.stopped_early = True
                    break
        except KeyboardInterrupt:
            history.interrupted = True
    if stopping is not None and stopping.best_weights is not None:
        model.load_state_dict(stopping.best_weights)
    return history


def train_epoch(
    model: Any,
    loader: DataLoader,
    criterion: Callable,
    optimizer: optim.Optimizer,
    penalty: Penalty | None,
    proximal: bool,
) -> tuple[float, float]:
    """One pass over the examples.  Returns the mean data loss and the mean penalty.

    Losses are added up on the device and read once, at the end.
    """
    losses: Any = 0.0
    costs: Any = 0.0
    count = 0
    for inputs, labels in loader:
        optimizer.zero_grad()
        outputs = model(inputs)
        check_outputs(outputs, loader.dataset.num_classes)
        loss = criterion(outputs, labels)
        losses = losses + loss.data * len(labels)
        count += len(labels)
        if penalty is not None:
            cost = penalty(model)
            costs = costs + cost.data * len(labels)
            if not proximal:
                loss = loss + cost
        loss.backward()
        optimizer.step()
        if penalty is not None and proximal:
            for group in optimizer.param_groups:
                weights = [p for p in group["params"] if is_regularized(p)]
                if weights:
                    penalty.apply_proximal(weights, group["lr"])
    return float(losses) / count, float(costs) / count


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


def check_outputs(outputs: Any, classes: int | None) -> None:
    """A label without an output is an error on NumPy and silently another class on CuPy."""
    if classes is not None and outputs.ndim == 2 and outputs.shape[1] < classes:
        raise ArgumentError(
            f"The training set has labels of {classes} classes and the model has "
            f"{outputs.shape[1]} outputs; it needs one for each class."
        )


def check_finite(epoch: int, loss: float) -> None:
    if not math.isfinite(loss):
        raise MiniregError(
            f"The loss became {loss} in epoch {epoch}: the steps are too large for this loss. "
            f"Use a smaller learning rate (a tenth, to begin with)."
        )
