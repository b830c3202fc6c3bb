"""The two judges of a gradient: finite differences of the reference, and minireg's operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Any

import numpy as np

from ..autograd import Tensor, grad
from ..gradcheck import Report, check_backward
from ..gradcheck.inputs import Floats
from ..ops import tensor
from .comparing import compare


def judge_gradient(
    reference: Callable,
    backward: Callable,
    specifications: Mapping[str, Any],
    values: Mapping[str, Any],
    seed: int,
) -> Report:
    """Compare backward(upstream, *values) with finite differences of the reference at a point."""
    varied = [name for name, x in specifications.items() if isinstance(x, Floats)]

    def complete(arguments: tuple[Any, ...]) -> list[Any]:
        return list({**values, **dict(zip(varied, arguments))}.values())

    def forward(*arguments: Any) -> Any:
        return np.asarray(reference(*complete(arguments)), dtype=np.float64)

    def differentiate(upstream: Any, *arguments: Any) -> Any:
        gradients = backward(upstream, *complete(arguments))
        return select(gradients, varied, specifications)

    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in varied]
    forward.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    forward.__name__ = reference.__name__
    return check_backward(forward, differentiate, *(values[name] for name in varied), seed=seed)


def select(gradients: Any, varied: list[str], specifications: Mapping[str, Any]) -> Any:
    """Return the gradients of the varied arguments, from a dictionary or a tuple with all."""
    if isinstance(gradients, dict):
        return tuple(gradients.get(name) for name in varied)
    if isinstance(gradients, (tuple, list)) and len(gradients) == len(specifications):
        return tuple(g for name, g in zip(specifications, gradients) if name in varied)
    return gradients


def compare_with_own(
    own: Callable, backward: Callable, report: Report, values: Mapping[str, Any], seed: int
) -> str:
    """Return how the gradients differ from those of minireg's operations; empty if they agree.

    On a kink, where several values are right, nothing is compared.
    """
    varied = [finding.name for finding in report.findings]
    leaves = {name: tensor(values[name], requires_grad=True) for name in varied}
    y = own(*{**values, **leaves}.values())
    upstream = np.random.default_rng(seed).normal(size=y.shape)
    expected = grad(y, list(leaves.values()), gradient=upstream)
    found = select(backward(upstream, *values.values()), varied, values)
    gradients = found if isinstance(found, tuple) else (found,)
    for finding, mine, theirs in zip(report.findings, gradients, expected):
        kink = finding.spread(finding.is_kink) == 1
        right = theirs.numpy() if isinstance(theirs, Tensor) else theirs
        if difference := compare(np.where(kink, 0, mine), np.where(kink, 0, right), values):
            return f"the gradient of {finding.name} is not that of minireg.\n{difference}"
    return ""
