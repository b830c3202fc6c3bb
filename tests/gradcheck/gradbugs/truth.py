"""The truth about a backward pass: a central difference written here, so that the gradient checker
plays no part in it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from minireg.gradcheck.inputs import Floats, draw_inputs

from . import Operation


def evaluate(operation: Operation, arguments: list[Any]) -> np.ndarray:
    y = operation.forward(*copy.deepcopy(arguments))
    return np.asarray(y[0] if isinstance(y, tuple) else y)


def call(operation: Operation, backward: Any, upstream: Any, arguments: list[Any]) -> list[Any]:
    """Return the gradients of the floats, with entries for constants left out."""
    arguments = copy.deepcopy(arguments)
    y = operation.forward(*arguments)
    rest = (y[1],) if isinstance(y, tuple) else arguments
    found = backward(copy.deepcopy(upstream), *rest)
    gradients = list(found) if isinstance(found, (tuple, list)) else [found]
    if len(gradients) == len(arguments):
        specified = operation.inputs.values()
        gradients = [g for g, x in zip(gradients, specified) if isinstance(x, Floats)]
    return gradients


def differentiate(operation: Operation, upstream: Any, arguments: list[Any]) -> list[np.ndarray]:
    """Central differences with Richardson's extrapolation, for each of the floats."""
    gradients = []
    for k, x in enumerate(operation.inputs.values()):
        if not isinstance(x, Floats):
            continue
        gradient = np.empty(np.shape(arguments[k]))
        for place in np.ndindex(gradient.shape):
            slopes = []
            for h in (1e-4, 5e-5):
                values = []
                for sign in (1, -1):
                    moved = copy.deepcopy(arguments)
                    moved[k] = np.array(moved[k], dtype=float)
                    moved[k][place] += sign * h
                    values.append(np.sum(upstream * evaluate(operation, moved)))
                slopes.append((values[0] - values[1]) / (2 * h))
            gradient[place] = (4 * slopes[1] - slopes[0]) / 3
        gradients.append(gradient)
    return gradients


def points(operation: Operation, *kinds: str) -> Iterator[tuple[list[Any], Any]]:
    """The points of these kinds, or ordinary ones, with an upstream gradient for each."""
    random = np.random.default_rng(1)
    for point in draw_inputs(operation.inputs, seed=1):
        if point.kind not in (kinds or ("ordinary", "other lengths")):
            continue
        arguments = list(point.inputs.values())
        shape = evaluate(operation, arguments).shape
        upstream = random.choice([-1.0, 1.0], shape) * random.uniform(0.5, 1.5, shape)
        yield arguments, upstream if shape else float(upstream)


def agree(found: list[Any], expected: list[np.ndarray]) -> bool:
    return len(found) == len(expected) and all(
        np.shape(g) == e.shape and np.allclose(np.asarray(g, dtype=float), e, rtol=1e-6, atol=1e-7)
        for g, e in zip(found, expected)
    )
