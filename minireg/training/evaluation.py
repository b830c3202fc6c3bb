"""Measure a model on examples, and predict with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import nn
from ..autograd import Tensor, no_grad
from ..backend import Array, current_backend, namespace, use_backend
from ..checks import check_choice
from ..data import DataLoader, Dataset
from ..data.checks import check_features
from ..data.loader import as_dataset
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator
from .metric_names import as_metrics, check_targets
from .metrics import Metric, to_host
from .modes import evaluating, keep_measured, set_mode


def evaluate(
    model: Any,
    dataset: Any,
    criterion: Callable | None = None,
    *,
    metrics: Any = ("accuracy",),
    batch_size: int = 1000,
    transform: Callable | None = None,
) -> dict[str, Any]:
    """Return the mean loss and the metrics of `model` in evaluation mode.

    The model's modes and weights and all random streams stay unchanged: a run with measurements in
    between ends at the same weights as one without.

    Args:
        model: a Module.
        dataset: a `data.Dataset` or a pair (x, y) of arrays.
        criterion: the loss, a mean over the batch; by default cross-entropy.  The losses of `nn`
            have a method `divisor`, so that the result is the same for every batch size;
            for a function without it, the divisor is the number of examples.  Examples whose label
            is the `ignore_index` of the dataset or of the loss are left out.
        metrics: names ("accuracy", "f1", "top5", …), functions of all outputs and targets (NumPy
            arrays) or `metrics.Metric`s; see `minireg.metrics`.
        batch_size: how many examples at a time.
        transform: the one of the training.  It acts in evaluation mode: `Normalize` and `Resize`
            do, random transforms and functions do not.

    Returns:
        `{"loss": …, "accuracy": …, …}`; the accuracy, from 0 to 1, is None for float targets.

    Raises:
        ArgumentError, ArgumentTypeError: no model, no dataset, or two that do not fit together.

    >>> model = nn.Linear(1, 2, bias=False)
    >>> model.weight.data[...] = [[-9.0], [9.0]]
    >>> data = [[1.0], [-1.0], [2.0], [3.0]], [1, 0, 1, 0]
    >>> scores = evaluate(model, data, metrics=("accuracy", "confusion_matrix"))
    >>> scores["accuracy"], scores["confusion_matrix"].tolist()
    (0.75, [[1, 1], [0, 2]])
    """
    check_model(model)
    criterion = as_criterion(criterion)
    found = as_metrics(metrics)
    loader = load_in_order(leave_out_ignored(dataset, criterion), batch_size, transform)
    check_targets(found, loader.dataset.num_classes)
    with use_backend(find_backend(model)):
        return measure(model, loader, criterion, found)


def predict(
    model: Any,
    x: Any,
    *,
    batch_size: int = 1000,
    output: str = "logits",
    transform: Callable | None = None,
) -> np.ndarray:
    """Return the outputs of `model` for `x` in evaluation mode; nothing is changed.

    Args:
        model: a Module.
        x: (N, ...) examples, an array or whatever a Dataset accepts (uint8 pixels are divided by
            255, as in training); or a Dataset or a pair (x, y), whose targets are ignored.
        batch_size: how many examples at a time.
        output: "logits", what the model returns; "probabilities", their softmax over the classes;
            "classes", the numbers of the classes with the highest output.
        transform: the one of the training, in evaluation mode, as in `evaluate`.

    Returns:
        A NumPy array: (N, ...) as the model gives it, (N, K) probabilities or (N,) int64 classes.

    Raises:
        ArgumentError, ArgumentTypeError: no model, no examples, an unknown `output`.

    >>> predict(nn.Flatten(), [[0.0, 1.0], [3.0, 2.0]], output="classes")
    array([1, 0])
    """
    check_model(model)
    check_choice("output", output, OUTPUTS)
    loader, parts = load_features(x, batch_size, transform), []
    backend, mode = use_backend(find_backend(model)), evaluating(loader.transform)
    with backend as xp, set_mode(model, training=False), mode, no_grad():
        for inputs, _ in loader:
            parts.append(xp.to_host(compute_output(model, inputs, output)))
    return np.concatenate(parts)


OUTPUTS: dict[str, Callable[[Array], Array]] = {
    "logits": lambda outputs: outputs,
    "probabilities": lambda outputs: namespace(outputs).softmax(outputs, axis=1),
    "classes": lambda outputs: outputs.argmax(axis=1),
}


def compute_output(model: Any, inputs: Tensor, output: str) -> Array:
    """Return the outputs of the model for a batch, in one of the forms of `OUTPUTS`."""
    outputs = check_outputs(model(inputs)).data
    if output != "logits" and outputs.ndim != 2:
        raise ArgumentError(
            f"{output} need (N, K) outputs, one for each class, but the model gave "
            f"{outputs.shape}. Use output='logits'.",
            argument="output",
        )
    return OUTPUTS[output](outputs)


def load_features(x: Any, batch_size: int, transform: Any = None) -> DataLoader:
    """Return batches of examples that may come without targets."""
    if not isinstance(x, Dataset | tuple) and not (hasattr(x, "x") and hasattr(x, "y")):
        features = check_features(x)
        x = Dataset(features, np.zeros(len(features)))
    return load_in_order(x, batch_size, transform)


def leave_out_ignored(source: Any, criterion: Any) -> Dataset:
    """Return the examples whose label neither the dataset nor the criterion ignores.

    The others add nothing to the loss, its divisor or a metric.
    """
    label = getattr(criterion, "ignore_index", None)
    dataset = as_dataset(source, label)
    ignored = dataset.ignored | (dataset.y == label if dataset.classes else False)
    return dataset[~ignored] if ignored.any() else dataset


def load_in_order(dataset: Any, batch_size: int, transform: Any = None) -> DataLoader:
    """Return batches in the dataset's own order, to measure them.

    That needs no random numbers; a loader without a generator would take a new stream of the
    default one, and everything that is built later would get another stream.
    """
    loader = DataLoader(dataset, batch_size, transform=transform, generator=Generator())
    loader.transform = keep_measured(transform)
    return loader


def measure(
    model: Any, loader: DataLoader, criterion: Callable, metrics: tuple[Metric, ...]
) -> dict[str, Any]:
    """Evaluate on a loader: the sums stay on the device and are read once, at the end."""
    classes = loader.dataset.num_classes
    usable = [
        m for m in metrics if m.targets in ("any", "numbers" if classes is None else "classes")
    ]
    totals, loss = Totals(usable), Mean()
    with set_mode(model, training=False), evaluating(loader.transform), no_grad():
        for inputs, labels in loader:
            outputs = model(inputs)
            mean = compute_loss(criterion, outputs, labels, classes)
            loss.add(mean.data, find_divisor(criterion, labels))
            totals.add(outputs.data, labels.data)
    return {"loss": loss.read()} | dict.fromkeys(m.name for m in metrics) | totals.read()


class Totals:
    """The statistics of some metrics, added up over batches; see `metrics.py`."""

    def __init__(self, metrics: list[Metric]) -> None:
        self.metrics = metrics
        self.sums: dict[Callable, Any] = {}
        self.all: list[tuple[np.ndarray, np.ndarray]] = []  # for metrics without a statistic

    def add(self, outputs: Array, labels: Array) -> None:
        """Add the statistics of a batch."""
        for statistic in dict.fromkeys(metric.statistic for metric in self.metrics):
            if statistic is None:
                self.all.append((to_host(outputs), to_host(labels)))
            elif statistic in self.sums:
                self.sums[statistic] += statistic(outputs, labels)
            else:
                self.sums[statistic] = statistic(outputs, labels)

    def read(self) -> dict[str, Any]:
        """Return the values of the metrics by name."""
        sums = {statistic: to_host(total) for statistic, total in self.sums.items()}
        whole = [np.concatenate(arrays) for arrays in zip(*self.all)]
        return {
            m.name: m.check(m.value(*whole) if m.statistic is None else m.value(sums[m.statistic]))
            for m in self.metrics
        }


class Mean:
    """A mean over the examples, from the means over batches; added up on the device."""

    def __init__(self) -> None:
        self.sum = current_backend().zeros((), dtype=np.float64)
        self.divisor: Any = None

    def add(self, mean: Array, divisor: Any) -> None:
        """Add the mean over a batch, given with its divisor."""
        self.sum += mean * divisor
        self.divisor = divisor if self.divisor is None else self.divisor + divisor

    def read(self) -> float:
        """Return the mean; 0 if nothing was added, without reading anything from the device."""
        return 0.0 if self.divisor is None else float(self.sum / self.divisor)


def compute_loss(criterion: Callable, outputs: Any, labels: Tensor, classes: int | None) -> Tensor:
    """Return `criterion(outputs, labels)`, a mean over the batch.

    Args:
        classes: the number of classes; None for float targets.
    """
    check_outputs(outputs)
    # NumPy would refuse a label without an output; CuPy would silently take another class.
    if classes is not None and (outputs.ndim != 2 or outputs.shape[1] < classes):
        raise ArgumentError(
            f"There are labels of {classes} classes, so the model must give (N, {classes}) "
            f"outputs, one for each class, but it gave {outputs.shape}. If the targets are numbers "
            f"and not classes, make them floats: y.astype('float32')."
        )
    loss = criterion(outputs, labels)
    if not isinstance(loss, Tensor) or loss.shape != ():
        came = f"shape {loss.shape}" if isinstance(loss, Tensor) else type(loss).__name__
        raise ArgumentError(
            f"The criterion must return a Tensor with one number, the mean over the batch, got "
            f"{came}. The losses of minireg do so with reduction='mean'.",
            argument="criterion",
        )
    return loss


def find_divisor(criterion: Callable, labels: Tensor) -> Any:
    """Return the divisor of the mean `criterion(outputs, labels)`."""
    divisor = getattr(criterion, "divisor", None)
    return len(labels) if divisor is None else divisor(labels)


def check_outputs(outputs: Any) -> Tensor:
    """Return the output of the model, which must be one Tensor."""
    if not isinstance(outputs, Tensor):
        raise ArgumentTypeError(f"The model must return one Tensor, got {type(outputs).__name__}.")
    return outputs


def as_criterion(criterion: Callable | None) -> Callable:
    """Return the criterion, cross-entropy by default."""
    if criterion is None:
        return nn.CrossEntropyLoss()
    if not callable(criterion):
        raise ArgumentTypeError(
            f"criterion must be a function of outputs and labels such as mr.mse_loss or "
            f"nn.CrossEntropyLoss(), got {criterion!r}.",
            argument="criterion",
        )
    return criterion


def check_model(model: Any) -> None:
    if not isinstance(model, nn.Module):
        raise ArgumentTypeError(f"The model must be an nn.Module, got {model!r}.", argument="model")


def find_backend(model: Any) -> str:
    """Return the backend of the model's parameters, where its batches must be, too."""
    first = next(model.parameters(), None)
    return current_backend().name if first is None else first.backend
