"""The two judges of a gradient: finite differences of the reference, and minireg's operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import Parameter, Signature
from typing import Any

import numpy as np

from ..autograd import grad
from ..gradcheck import Report, check_backward
from ..ops import tensor
from .comparing import compare
from .student import StudentError, describe


def judge_gradient(
    reference: Callable,
    backward: Callable,
    varied: Sequence[str],
    values: Mapping[str, Any],
    seed: int,
) -> Report:
    """Compare backward(upstream, *values) with finite differences of the reference at a point.

    Args:
        reference: the forward function.
        backward: returns the gradients of the varied inputs.
        varied: the names of the inputs that are differentiated.
        values: all inputs.
        seed: of the upstream gradient.

    Raises:
        StudentError: what `backward` raised, also if the gradient checker makes it a verdict.
    """
    raised: list[StudentError] = []

    def complete(arguments: tuple[Any, ...]) -> list[Any]:
        return list({**values, **dict(zip(varied, arguments))}.values())

    def forward(*arguments: Any) -> Any:
        return np.asarray(reference(*complete(arguments)), dtype=np.float64)

    def differentiate(upstream: Any, *arguments: Any) -> Any:
        try:
            return select(backward(upstream, *complete(arguments)), varied, values)
        except StudentError as error:
            raised.append(error)
            raise

    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in varied]
    forward.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    forward.__name__ = reference.__name__
    given = [values[name] for name in varied]
    # A partial has no source, or the report could name a line of this file.
    report = check_backward(forward, partial(differentiate), *given, seed=seed)
    if raised:
        raise raised[0]
    return report


def select(gradients: Any, varied: Sequence[str], values: Mapping[str, Any]) -> Any:
    """Return the gradients of the varied inputs, from a dictionary, or a tuple with all inputs."""
    if isinstance(gradients, dict):
        return tuple(gradients.get(name) for name in varied)
    if isinstance(gradients, (tuple, list)) and len(gradients) == len(values):
        return tuple(g for name, g in zip(values, gradients) if name in varied)
    return gradients


def compare_with_own(
    own: Callable,
    backward: Callable,
    varied: Sequence[str],
    values: Mapping[str, Any],
    report: Report,
) -> str:
    """Return how the gradients differ from those of minireg's operations; empty if they agree.

    On a kink that the report found, where several values are right, nothing is compared.
    """
    upstream, right = differentiate_own(own, varied, values, report.seed)
    given = select(backward(upstream, *values.values()), varied, values)
    yours = given if isinstance(given, (tuple, list)) else (given,)
    if len(yours) != len(right):
        return f"expected are the gradients of {', '.join(varied)}. It returned {describe(given)}."
    kinks = {finding.name: finding.spread(finding.is_kink) == 1 for finding in report.findings}
    for name, mine, theirs in zip(varied, yours, right):
        found, expected = (np.where(kinks.get(name, False), 0, g) for g in (mine, theirs))
        if difference := compare(found, expected, values, f"for the gradient of {name}, "):
            return difference
    return ""


def differentiate_own(
    own: Callable, varied: Sequence[str], values: Mapping[str, Any], seed: int
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return an upstream gradient, and the gradients of the varied inputs of minireg's own."""
    leaves = {name: tensor(values[name], requires_grad=True) for name in varied}
    y = own(*{**values, **leaves}.values())
    # Not the numbers of the inputs, which are drawn with the same seed.
    upstream = np.random.default_rng((seed, 1)).normal(size=y.shape)
    found = grad(y, list(leaves.values()), gradient=upstream)
    return upstream, [g.numpy() for g in found]
