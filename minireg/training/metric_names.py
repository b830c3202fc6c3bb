"""Turn the metrics given to `fit` and `evaluate` (names, functions, Metrics) into Metrics."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError
from .metrics import METRICS, Metric, make_score, top_k_accuracy

NAMED: dict[str, Callable[..., Metric]] = {metric.__name__: metric for metric in METRICS}


def as_metrics(metrics: Any, columns: bool = False) -> tuple[Metric, ...]:
    """Return the Metrics for `metrics=` of `fit` (`columns=True`) or `evaluate`: one or several."""
    several = isinstance(metrics, Iterable) and not isinstance(metrics, str)
    found = tuple(map(as_metric, metrics if several else [metrics]))
    names = [metric.name for metric in found]
    for metric, name in zip(found, names):
        if columns and not metric.single:
            raise ArgumentError(
                f"The value of {name!r} is an array, but a column of the history holds numbers. "
                f"Compute it at the end: mr.evaluate(model, data, metrics=...).",
                argument="metrics",
            )
        if name == "loss" or names.count(name) > 1:
            raise ArgumentError(
                f"Each metric needs its own name, other than 'loss', got {names}. "
                f"Rename a function with mr.metrics.Metric(name, function).",
                argument="metrics",
            )
    return found


def as_metric(metric: Any) -> Metric:
    """Return a Metric from a name, a function of `metrics.py`, or a user's function."""
    if isinstance(metric, Metric):
        return metric
    if isinstance(metric, str):
        return replace(find_metric(metric), name=metric)
    if not callable(metric):
        raise ArgumentTypeError(
            f"A metric must be a name, a function of outputs and labels, or a Metric, got "
            f"{metric!r}.",
            argument="metrics",
        )
    if metric in METRICS:
        return metric()
    name = getattr(metric, "__name__", "")
    if not name.isidentifier():
        raise ArgumentError(
            f"The metric {metric!r} has no name for its column. Give it one: "
            f"mr.metrics.Metric('name', function).",
            argument="metrics",
        )
    return Metric(name, metric)


def find_metric(name: str) -> Metric:
    """Return the metric with a name such as `f1`, `f1_weighted`, `top5` or `top_3_accuracy`."""
    if name in NAMED:
        return NAMED[name]()
    if top := re.fullmatch(r"top_?(\d+)(_accuracy)?", name):
        return top_k_accuracy(int(top[1]))
    if scored := re.fullmatch(r"(precision|recall|f1)_(macro|micro|weighted)", name):
        return make_score(scored[1], scored[2])
    raise ArgumentError(
        f"No metric is called {name!r}. There are {', '.join(NAMED)}, f1_micro, f1_weighted "
        f"(precision and recall likewise) and top3, top5, …",
        argument="metrics",
    )


def check_targets(metrics: Iterable[Metric], classes: int | None) -> None:
    """Refuse a metric that does not fit these targets.

    The accuracy, the default, is always allowed; it is None for numbers.
    """
    kind = "numbers" if classes is None else "classes"
    for metric in metrics:
        if metric.targets not in (kind, "any") and metric.name != "accuracy":
            advice = (
                "If they are class labels, make them integers: y.astype(int)."
                if classes is None
                else "If they are numbers, make them floats: y.astype('float32')."
            )
            raise ArgumentError(
                f"The metric {metric.name!r} needs {metric.targets}, but the targets here are "
                f"{kind}. {advice}",
                argument="metrics",
            )
