"""check_model: which module of a model has a wrong backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from textwrap import shorten, wrap
from typing import Any

import numpy as np

from ..autograd import Tensor, grad
from ..batch import Batch
from ..errors import ArgumentTypeError
from ..ops import ones_like, tensor
from .cause import Cause
from .comparison import Settings
from .model_calls import Call, Recorder, State, find_parameters
from .report import Report, join_verdicts
from .subject import EarlyVerdict, Verdict, check_functions, describe_result
from .tensor_function import TensorFunction
from .text import WIDTH
from .verdicts import find_verdict


@dataclass(frozen=True)
class ModelReport:
    """The result of `check_model`, true only for the verdict "pass"; `str` explains it.

    Attributes:
        verdict: "pass", "fail" or "cannot tell".
        reports: the `Report` of each call that was checked, in this order, by the path of the
            module; "the loss" and "the model" for these two, "2, call 2" for a second call.
        unchecked: the modules that were not checked because a part of them did not pass.
    """

    verdict: Verdict
    reports: Mapping[str, Report]
    unchecked: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.verdict == "pass"

    def __getitem__(self, path: str) -> Report:
        """The report of the module at this path."""
        return self.reports[path]

    @property
    def first(self) -> Report | None:
        """The report of the first module that did not pass; None if all passed."""
        found = (r for r in self.reports.values() if r.verdict == self.verdict != "pass")
        return next(found, None)

    @property
    def where(self) -> str:
        """Path and class of this module, "'2' (Swish)"; "" if all passed."""
        return "" if self.first is None else self.first.function

    def __str__(self) -> str:
        heads = {
            "pass": f"all {len(self.reports)} backward passes are right",
            "fail": f"going back from the loss, the first mistake is in {self.where}",
            "cannot tell": f"nothing is wrong, but {self.where} could not be decided",
        }
        rows = [summarize(report) for report in self.reports.values()]
        rows += [f"not checked: {label}: a part of it did not pass" for label in self.unchecked]
        head = f"{self.verdict}: {heads[self.verdict]}"
        lines = wrap(head, WIDTH, subsequent_indent="    ", break_long_words=False)
        lines += ["  " + shorten(row, WIDTH - 2, placeholder=" ...") for row in rows]
        return "\n".join([*lines, *([] if self.first is None else [str(self.first)])])


def summarize(report: Report) -> str:
    """Return what a passed check compared; else the whole text, of which a row shows the start."""
    if not report:
        return str(report)
    size = sum(finding.size for finding in report.findings)
    return f"pass: {report.function}: {report.checked} of {size} entries compared"


def check_model(
    model: Any,
    criterion: Callable,
    batch: Any,
    *,
    seed: int = 0,
    entries: int = 32,
    directions: int = 4,
    tolerance: float = 1e-7,
) -> ModelReport:
    """Name the first module of a model, from the loss to the input, whose backward pass is wrong.

    The model runs once in float64, in the mode that it is in.  Then each call of a module in that
    run is checked alone, as a function of its inputs and parameters (see `check_gradients`): the
    loss first, the last module next, and a module after its parts.  If its parts are right and it
    is wrong, the mistake is in its own `forward`.  Each call is repeated from the same random
    streams, so that dropout has the same mask.  Afterwards parameters, buffers, attributes and
    random streams are what they were.

    The upstream gradient is random, since the one that arrives may hide a mistake: before batch
    norm, the gradient of a bias is 0.  If the check fails with the upstream gradient that arrives
    from the loss, too, the report shows that one, whose numbers are those of a training step.

    Args:
        model: a Module.
        criterion: a loss, called as `criterion(model(x), y)`.
        batch: a pair (x, y), or a `Batch`; a few examples are enough.
        seed, entries, directions, tolerance: see `check_gradients`.

    Returns:
        A ModelReport, true only for the verdict "pass"; `print` it.

    Raises:
        ArgumentTypeError: the call is wrong, or nothing is differentiable.  Errors in the model
            are a verdict.

    >>> @mr.primitive
    ... def square(x):
    ...     return x * x, (lambda g: g * x,)
    >>> class Square(nn.Module):
    ...     def forward(self, x):
    ...         return square(x)
    >>> model = nn.Sequential(nn.Linear(3, 4), Square(), nn.Linear(4, 2))
    >>> report = check_model(model, mr.cross_entropy, (mr.ones((5, 3)), mr.tensor([0, 1, 1, 0, 1])))
    >>> report.verdict, report.where, report.first.causes[0].name
    ('fail', "'1' (Square)", 'constant-factor')
    """
    __tracebackhide__ = True
    settings = Settings(None, seed, entries, directions, tolerance)
    x, y = check_arguments(model, criterion, batch)
    everything = State(list_modules(model) + list_modules(criterion))
    try:
        recorder = Recorder()
        recorder.watch_modules(model)
        why, causes = record(recorder, model, criterion, x, y)
        if recorder.open:  # by an error
            call = recorder.open[-1]
            report = Report("fail", call.label, why, seed=seed, from_numbers=causes)
            return ModelReport("fail", {call.path: report})
        checked = list(check_calls(recorder.calls, settings))
    finally:
        everything.restore()
    reports = {call.path: report for call, report in checked if report is not None}
    verdict = join_verdicts(report.verdict for report in reports.values())
    unchecked = tuple(call.label for call, report in checked if report is None)
    return ModelReport(verdict, reports, unchecked)


def check_arguments(model: Any, criterion: Any, batch: Any) -> tuple[Any, Any]:
    """Return x and the targets as a Tensor; raise an error if an argument is of another kind."""
    if not hasattr(model, "named_modules"):
        raise ArgumentTypeError(
            f"check_model takes an nn.Module, got {describe_result(model)}. For a function, use "
            f"check_gradients(function, x).",
            argument="model",
        )
    hint = "The call is check_model(model, criterion, (x, y))."
    check_functions("check_model", {"criterion": criterion}, hint=hint)
    pair = tuple(batch) if isinstance(batch, (tuple, list, Batch)) else ()
    if len(pair) != 2:
        raise ArgumentTypeError(
            f"batch must be a pair (x, y) or a Batch, got {describe_result(batch)}; of a loader, "
            f"take next(iter(loader)).",
            argument="batch",
        )
    x, y = pair
    return x, y if y is None or isinstance(y, Tensor) else tensor(y)


def list_modules(function: Any) -> list[Any]:
    """Return a module and its parts; nothing for a function."""
    return [m for _, m in function.named_modules()] if hasattr(function, "named_modules") else []


def record(
    recorder: Recorder, model: Any, criterion: Callable, x: Any, y: Any
) -> tuple[str, tuple[Cause, ...]]:
    """Run the model and the loss, forwards and backwards; return the first error, or nothing."""
    parameters = find_parameters(model)
    parameters |= {f"criterion.{name}": p for name, p in find_parameters(criterion).items()}
    label = f"the loss ({getattr(criterion, '__name__', type(criterion).__name__)})"

    def compute_loss(prediction: Any) -> Any:
        return criterion(prediction, y)

    modules = list_modules(model) + list_modules(criterion)  # a penalty may use the model
    score = recorder.watch("the loss", label, compute_loss, parameters, modules)
    whole = TensorFunction(lambda x: score(model(x)), (x,), parameters)
    recorder.active = True
    try:
        with whole:
            loss = whole.run(whole.start)[1][0]
            outputs = [y for call in recorder.walk() for y in call.outputs if y.requires_grad]
            ones = ones_like(loss)
            arriving = whole.call("the backward pass", partial(grad, gradient=ones), loss, outputs)
    except EarlyVerdict as early:
        return early.why, early.causes
    finally:
        recorder.active = False
    found = {id(y): gradient.numpy() for y, gradient in zip(outputs, arriving)}
    for call in recorder.walk():
        if call.outputs:
            call.upstream = [found.get(id(y), np.zeros(y.shape)) for y in call.outputs]
    return "", ()


def check_calls(calls: list[Call], settings: Settings) -> Iterator[tuple[Call, Report | None]]:
    """Check calls from the last to the first, each after its parts; None if a part is not right."""
    for call in reversed(calls):
        parts = list(check_calls(call.parts, settings))
        yield from parts
        if not all(report for _, report in parts):
            yield call, None
        elif call.differentiable:
            yield call, check_call(call, settings)


def check_call(call: Call, settings: Settings) -> Report:
    """Check one call, and show a failure with the upstream gradient that arrives."""
    subject = call.make_subject()
    report = find_verdict(subject, settings)
    if report or call.upstream is None or not all(np.isfinite(u).all() for u in call.upstream):
        return report
    gradient = call.upstream if len(call.upstream) > 1 else call.upstream[0]
    arriving = find_verdict(subject, replace(settings, gradient=gradient))
    return arriving if arriving.verdict == "fail" else report
