"""The two judges of a gradient: finite differences of the reference, and minireg's operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature
from typing import Any

import numpy as np

from ..autograd import Tensor, grad
from ..gradcheck import Report, check_backward
from ..ops import tensor
from .comparing import compare


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
    """

    def complete(arguments: tuple[Any, ...]) -> list[Any]:
        return list({**values, **dict(zip(varied, arguments))}.values())

    def forward(*arguments: Any) -> Any:
        return np.asarray(reference(*complete(arguments)), dtype=np.float64)

    def differentiate(upstream: Any, *arguments: Any) -> Any:
        return select(backward(upstream, *complete(arguments)), varied, values)

    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in varied]
    forward.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    forward.__name__ = reference.__name__
    return check_backward(forward, differentiate, *(values[name] for name in varied), seed=seed)


def select(gradients: Any, varied: Sequence[str], values: Mapping[str, Any]) -> Any:
    """Return the gradients of the varied inputs, from a dictionary, or a tuple with all inputs."""
    if isinstance(gradients, dict):
        return tuple(gradients.get(name) for name in varied)
    if isinstance(gradients, (tuple, list)) and len(gradients) == len(values):
        return tuple(g for name, g in zip(values, gradients) if name in varied)
    return gradients


def compare_with_own(
    own: Callable, backward: Callable, report: Report, values: Mapping[str, Any], seed: int
) -> str:
    """Return how the gradients differ from those of minireg's operations; empty if they agree.

    On a kink, where several values are right, nothing is compared.
    """
    varied = [finding.name for finding in report.findings]
    upstream, expected = differentiate_own(own, varied, values, seed)
    found = select(backward(upstream, *values.values()), varied, values)
    gradients = found if isinstance(found, (tuple, list)) else (found,)
    for finding, mine, right in zip(report.findings, gradients, expected):
        kink = finding.spread(finding.is_kink) == 1
        if difference := compare(np.where(kink, 0, mine), np.where(kink, 0, right), values):
            return f"the gradient of {finding.name} is not that of minireg.\n{difference}"
    return ""


def differentiate_own(
    own: Callable, varied: Sequence[str], values: Mapping[str, Any], seed: int
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return an upstream gradient, and the gradients of the varied inputs of minireg's own."""
    leaves = {name: tensor(values[name], requires_grad=True) for name in varied}
    y = own(*{**values, **leaves}.values())
    upstream = np.random.default_rng(seed).normal(size=y.shape)
    found = grad(y, list(leaves.values()), gradient=upstream)
    return upstream, [g.numpy() if isinstance(g, Tensor) else g for g in found]
