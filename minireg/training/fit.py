"""fit: a complete training loop; prepare: the same, checked but not started."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from inspect import signature
from operator import add
from typing import Any

from .. import optim
from ..checks import check_count, check_flag
from ..data import DataLoader
from ..errors import ArgumentError, ArgumentTypeError
from ..nn.normalization import BatchNorm
from ..random import Generator
from ..regularizers import OutputPenalty, Penalty, of_layers
from .callbacks import ClipNorm
from .checkpoint import Checkpoint
from .class_weights import weigh_classes
from .early_stopping import as_early_stopping
from .evaluation import as_criterion, check_model, leave_out_ignored, load_in_order
from .history import History
from .metric_names import as_metrics, check_targets
from .penalty_warnings import warn_about_penalty
from .progress import check_progress
from .regularization import Regularization
from .run import MEASURED_BATCH, Callback, Run, as_callbacks
from .schedule import as_schedule

OTHER_NAMES = {"augment": "transform", "loss": "criterion", "patience": "early_stopping"}


def fit(model: Any, train: Any, validation: Any = None, **options: Any) -> History:
    """Train `model` on `train` and report data loss and penalty of each epoch separately.

    A step minimises criterion(model(x), y) + penalty(model) + terms(outputs) on one batch.  After
    each epoch the model is measured in evaluation mode (no dropout, no random transform, no
    penalty), which does not affect the training.  Each module ends in the mode in which it started.
    The batches are on the backend of the model's parameters.

    Args:
        model: an nn.Module.
        train: a `data.Dataset` or a pair (x, y) of arrays.
        validation: likewise; examples that are measured, but not used for training.
        epochs: how often each example is seen, at least 1.
        batch_size: examples per step, in a new random order each epoch.  If the model has a batch
            norm, a last batch of one example is joined to the batch before it.
        drop_last: leave out the last batch of an epoch if it is smaller than the others.
        optimizer: by default Adam with learning rate 0.001, as in `minireg train`.
        criterion: the loss, a mean over the batch; by default cross-entropy.  Examples whose label
            is the `ignore_index` of the dataset or of the loss are left out.  See `evaluate`.
        penalty: see `regularizers`; the size of the training set is filled in where needed.  The
            penalties that layers have of their own (`nn.Linear(…, regularizer=…)`) are added.
        proximal: apply the penalty by its proximal step after each step of the optimizer (exact
            zeros with L1) and not as a term of the loss.  The length of the step is
            `optimizer.effective_step(p)`.
        terms: penalties on outputs of layers, one or a list:
            `regularizers.ActivityL1(1e-4).on(nn.ReLU)`.  The column `penalty` includes them.
        transform: augmentation of the training batches; see `data.DataLoader`.  A `Transform` also
            acts on measured batches, in evaluation mode; a function does not.
        early_stopping: a patience in epochs, or an `EarlyStopping`; needs `validation`.  However
            training ends, the best weights are put back.
        metrics: what is measured after each epoch, on training and validation examples: names
            ("accuracy", "f1", "top5", …) or functions; see `metrics`.
        measure_train: False leaves out the measurement of the training examples, which can take a
            quarter of the time; so does metrics=().
        class_weights: "balanced" (N / (K N_k): rare classes weigh as much as frequent ones) or one
            positive number for each class, for the cross-entropy of the training; the validation
            loss is not weighted.
        schedule: one of `optim.lr_scheduler`, called after each epoch; to call it after each step
            use `callbacks.Schedule(schedule, every="step")`.
        accumulate: the number of batches for one step of the optimizer, which equals the step over
            one batch of all their examples, but needs only the memory of a small one.
        clip_norm: the largest norm of a step's gradient, over all parameters together; a longer one
            is shortened to it (`optim.clip_grad_norm_`).
        callbacks: objects of classes derived from `callbacks.Callback`.
        checkpoint: a file that holds the whole state of the run after each finished epoch.
        resume: continue from the checkpoint, if it exists: with the same arguments, the run ends
            with the same bits as one that was not interrupted.  See `Checkpoint`.
        generator: draws the order of the examples; by default a new stream of the default one.
        progress: True shows a bar in a terminal and nothing elsewhere, False nothing; a function
            is called with the history after each epoch.

    Returns:
        The `History`.  Ctrl-C returns it, too, with `interrupted = True`.

    Raises:
        ArgumentError, ArgumentTypeError: an argument that cannot be used; nothing was trained.
        NonFiniteLossError: a loss became NaN or infinite.

    >>> mr.seed(0)
    >>> x = [[-2.0], [-1.0], [1.0], [2.0]]
    >>> model = nn.Linear(1, 2)
    >>> optimizer = optim.Adam(model.parameters(), lr=0.1)
    >>> history = fit(model, (x, [0, 0, 1, 1]), epochs=20, optimizer=optimizer, progress=False)
    >>> history.train_accuracy[-1]
    1.0
    """
    if unknown := set(options) - set(signature(prepare).parameters):
        name = min(unknown)
        hint = f" It is called {OTHER_NAMES[name]!r} here." if name in OTHER_NAMES else ""
        known = ", ".join(signature(prepare).parameters)
        raise ArgumentTypeError(
            f"fit has no argument {name!r}.{hint} Known: {known}.", argument=name
        )
    return prepare(model, train, validation, **options).train()


def prepare(
    model: Any,
    train: Any,
    validation: Any = None,
    *,
    epochs: int = 10,
    batch_size: int = 32,
    drop_last: bool = False,
    optimizer: optim.Optimizer | None = None,
    criterion: Callable | None = None,
    penalty: Penalty | None = None,
    proximal: bool = False,
    terms: Any = (),
    transform: Callable | None = None,
    early_stopping: Any = None,
    metrics: Any = ("accuracy",),
    measure_train: bool = True,
    class_weights: Any = None,
    schedule: Any = None,
    accumulate: int = 1,
    clip_norm: float | None = None,
    callbacks: Any = (),
    checkpoint: Any = None,
    resume: bool = False,
    generator: Generator | None = None,
    progress: Any = True,
) -> Run:
    """Check everything that a training needs, before anything changes; `run.train()` then trains.

    Args: those of `fit`, which is `prepare(...).train()`.

    Raises:
        ArgumentError, ArgumentTypeError: an argument that cannot be used.

    >>> run = prepare(mr.nn.Linear(1, 2), ([[-1.0], [1.0]], [0, 1]), epochs=3, progress=False)
    >>> run.steps_per_epoch, len(run.train())
    (1, 3)
    """
    check_model(model)
    check_count("epochs", epochs)
    check_count("accumulate", accumulate)
    flags = {"drop_last": drop_last, "proximal": proximal, "measure_train": measure_train}
    for name, flag in (flags | {"resume": resume}).items():
        check_flag(name, flag)
    check_progress(progress)
    found = as_metrics(metrics, columns=True)
    plain_criterion = as_criterion(criterion)
    if resume and checkpoint is None:
        raise ArgumentError(
            "resume=True needs the file to continue from: checkpoint=path.", argument="resume"
        )
    has_batch_norm = any(isinstance(module, BatchNorm) for module in model.modules())
    loader = DataLoader(
        leave_out_ignored(train, plain_criterion), batch_size, shuffle=True, drop_last=drop_last,
        min_last=1 + has_batch_norm, transform=transform, generator=generator,
    )  # fmt: skip
    if validation is not None:
        validation = load_in_order(
            leave_out_ignored(validation, plain_criterion), MEASURED_BATCH, transform
        )
    classes = check_same_task(loader, validation)
    check_targets(found, classes)
    trained = weigh_classes(plain_criterion, class_weights, loader.dataset, classes, model)
    if optimizer is None:
        optimizer = optim.Adam(model.parameters(), lr=1e-3)
    check_optimizer(optimizer, model)
    regularization = None
    if penalties := [term for term in (penalty, of_layers(model)) if term is not None]:
        regularization = Regularization(
            reduce(add, penalties), model, optimizer, len(loader.dataset), proximal
        )
        warn_about_penalty(regularization, model, optimizer)
    elif proximal:
        raise ArgumentError(
            "proximal=True is a way to apply a penalty on weights: pass penalty=…, or give layers "
            "a regularizer.",
            argument="proximal",
        )
    # Early stopping comes first: Ctrl-C may interrupt any other callback, and this epoch may be the
    # best.  A proximal step comes before the schedule changes the learning rate and so its length.
    listed: list[Callback] = [
        *([] if early_stopping is None else [as_early_stopping(early_stopping)]),
        *([] if regularization is None else [regularization]),
        *([] if clip_norm is None else [ClipNorm(clip_norm)]),
        *([] if schedule is None else [as_schedule(schedule)]),
        *as_callbacks(callbacks),
        # Last, so that it also writes the state of the others after this epoch.
        *([] if checkpoint is None else [Checkpoint(checkpoint, resume=resume)]),
    ]
    run = Run(
        model, optimizer, loader, validation, trained, plain_criterion, classes, regularization,
        check_terms(terms, model), found, measure_train and found != (), tuple(listed), epochs,
        accumulate, progress, History(metric.name for metric in found),
    )  # fmt: skip
    run.call("check")
    return run


fit.__signature__ = signature(prepare).replace(  # type: ignore[attr-defined]
    return_annotation="History"
)  # for help() and editors


def check_same_task(train: DataLoader, validation: DataLoader | None) -> int | None:
    """Return the number of classes that the model must tell apart; None for regression."""
    classes = train.dataset.num_classes
    others = classes if validation is None else validation.dataset.num_classes
    if validation is None or classes is others is None:
        return classes
    if classes is None or others is None:
        raise ArgumentError(
            f"Training and validation targets must be of one kind, got {train.dataset.y.dtype} "
            f"(train) and {validation.dataset.y.dtype} (validation): floats mean regression, "
            f"integers class labels.",
            argument="validation",
        )
    return max(classes, others)


def check_terms(terms: Any, model: Any) -> tuple[OutputPenalty, ...]:
    """Return the terms as a tuple, each of which acts on a module of the model."""
    listed = tuple(terms) if isinstance(terms, Iterable) else (terms,)
    for term in listed:
        if not isinstance(term, OutputPenalty):
            raise ArgumentTypeError(
                f"terms must be penalties on outputs such as regularizers.ActivityL1(1e-4), got "
                f"{term!r}. A penalty on weights is given as penalty=….",
                argument="terms",
            )
        term.select(model)
    return listed


def check_optimizer(optimizer: Any, model: Any) -> None:
    if not isinstance(optimizer, optim.Optimizer):
        raise ArgumentTypeError(
            f"optimizer must be one of minireg.optim, got {optimizer!r}.", argument="optimizer"
        )
    if set(model.parameters()).isdisjoint(optimizer.state):
        raise ArgumentError(
            "The optimizer holds none of the model's parameters, so nothing would be learned. "
            "Make it from this model: optim.SGD(model.parameters(), lr=0.1).",
            argument="optimizer",
        )
