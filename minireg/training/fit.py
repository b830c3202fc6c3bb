"""fit: the training loop that everybody writes, written once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from copy import copy
from functools import partial
from typing import Any

from .. import optim
from ..backend import use_backend
from ..checks import check_count, check_number
from ..data import DataLoader
from ..errors import ArgumentError, ArgumentTypeError, MiniregError
from ..random import Generator
from ..regularizers import Penalty
from .callbacks import as_schedule
from .checkpoint import Checkpoint
from .class_weights import with_class_weights
from .early_stopping import as_early_stopping
from .evaluation import (
    Mean,
    backend_of,
    check_model,
    checked_criterion,
    in_order,
    measured,
    mode,
)
from .history import History
from .metrics import Metric, as_metrics, check_targets
from .progress import check_progress, shown
from .regularization import regularization
from .run import Callback, Run, as_callbacks, started
from .steps import Step, train_steps

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
    metrics: Any = ("accuracy",),
    class_weights: Any = None,
    schedule: Any = None,
    accumulate: int = 1,
    clip_norm: float | None = None,
    callbacks: Any = (),
    checkpoint: Any = None,
    resume: bool = False,
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
        metrics: what is measured after each epoch, on training and validation examples: names
            ("accuracy", "f1", "top5", …) or functions; see `metrics`.
        class_weights: "balanced" (N / (K N_k): rare classes weigh as much as frequent ones) or one
            positive number for each class, for the cross-entropy of the training; what is measured
            on validation examples is not weighed.
        schedule: one of `optim.lr_scheduler`, called after each epoch; to have it called after each
            step, `callbacks.Schedule(schedule, every="step")`.
        accumulate: the number of batches that make one step of the optimizer, which is the step
            over one batch of all their examples, in the memory of a small one.
        clip_norm: the largest norm of a step's gradient, over all parameters together; a longer one
            is shortened to it (`optim.clip_grad_norm_`).
        callbacks: objects of classes made from `callbacks.Callback`.
        checkpoint: a file that holds the whole state of the run after each finished epoch.
        resume: go on from the checkpoint, if there is one: with the same arguments, the run ends
            with the same bits as one that was not interrupted.  See `Checkpoint`.
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
    check_count("accumulate", accumulate)
    if clip_norm is not None:
        check_number("clip_norm", clip_norm, above=0)
    check_progress(progress)
    criterion = checked_criterion(criterion)
    found = as_metrics(metrics)
    check_columns(found)
    # Early stopping comes first: Ctrl-C may come in any other callback, and this epoch may be the
    # best.
    listed: list[Callback] = [
        *([] if early_stopping is None else [as_early_stopping(early_stopping)]),
        *([] if schedule is None else [as_schedule(schedule)]),
        *as_callbacks(callbacks),
        # Last, so that it writes what the others remember of this epoch, too.
        *([] if checkpoint is None else [Checkpoint(checkpoint, resume)]),
    ]
    if resume and checkpoint is None:
        raise ArgumentError("resume=True needs the file to go on from: checkpoint=path.")
    loader = DataLoader(train, batch_size, shuffle=True, transform=transform, generator=generator)
    train_measured = for_measuring(loader)
    validation_measured = None if validation is None else in_order(validation, MEASURED_BATCH)
    classes = check_same_task(loader, validation_measured)
    check_targets(found, classes)
    trained = with_class_weights(criterion, class_weights, loader.dataset, classes, model)
    if optimizer is None:
        optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    check_optimizer(optimizer, model)
    penalized = regularization(penalty, model, optimizer, len(loader.dataset), proximal)

    steps_of_an_epoch = partial(
        train_steps, model, loader, trained, optimizer, classes, penalized, accumulate, clip_norm
    )

    history = History(metric.name for metric in found)
    run = Run(
        model, optimizer, loader, history, tuple(listed), epochs,
        steps_per_epoch=-(-len(loader) // accumulate), has_validation=validation is not None,
        options={
            "accumulate": accumulate, "penalty": penalty, "proximal": proximal,
            "class_weights": class_weights, "criterion": criterion, "clip_norm": clip_norm,
            "validation": None if validation_measured is None else validation_measured.dataset,
        },
    )  # fmt: skip

    def measure(loader: DataLoader | None, name: str) -> dict[str, Any]:
        if loader is None:
            return dict.fromkeys(["loss", *history.metrics])
        scores = measured(model, loader, criterion, found)
        check_finite(name, scores["loss"], run.epoch)
        return scores

    with started(run):
        try:
            with use_backend(backend_of(model)), shown(progress, epochs) as report:
                for epoch in range(run.epoch + 1, epochs + 1):
                    if history.stopped_early:  # an earlier run that is resumed
                        break
                    run.epoch = epoch
                    start, rate = time.perf_counter(), learning_rate(optimizer)
                    with mode(model, training=True):
                        loss, cost = train_epoch(run, steps_of_an_epoch())
                    check_finite("loss", loss + cost, epoch)
                    on_train = measure(train_measured, "loss")
                    on_validation = measure(validation_measured, "validation loss")
                    history.add(
                        epoch=epoch,
                        loss=loss,
                        penalty=cost,
                        learning_rate=rate,
                        **{f"train_{name}": on_train[name] for name in history.metrics},
                        **{f"validation_{name}": value for name, value in on_validation.items()},
                        seconds=time.perf_counter() - start,
                    )
                    for callback in run.callbacks:
                        callback.after_epoch(run)
                    report(history)
        except KeyboardInterrupt:
            history.interrupted = True
    return history


def train_epoch(run: Run, taken: Iterable[Step]) -> tuple[float, float]:
    """One pass over the examples.  Returns the mean data loss and the mean penalty.

    Both are added up on the device, weighted by the sizes of the batches, and read at the end.
    """
    losses, costs = Mean(), Mean()
    for step in taken:
        run.step += 1
        losses.add(step.total, step.share)
        if step.cost is not None:
            costs.add(step.cost * step.examples, step.examples)
        for callback in run.callbacks:
            callback.after_step(run)
    return losses.read(), costs.read()


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


def check_columns(metrics: Iterable[Metric]) -> None:
    for metric in metrics:
        if not metric.single:
            raise ArgumentError(
                f"The value of {metric.name!r} is an array, and a column of the history holds "
                f"numbers. Ask for it at the end: mr.evaluate(model, data, metrics=...)."
            )


def learning_rate(optimizer: optim.Optimizer) -> float | None:
    rate = optimizer.param_groups[0].get("lr")
    return None if rate is None else float(rate)


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
