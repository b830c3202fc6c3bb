"""Example: a function to check, and the inputs that examples share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..gradcheck import Report, check_gradients


@dataclass(frozen=True)
class Example:
    """A function to check.

    Attributes:
        name: the name of the operation, layer, loss or penalty.
        kind: "operation", "layer", "loss" or "penalty".
        function: takes Tensors, returns a Tensor.
        inputs: float64 arrays at which the first and the second derivative are checked.
        at_kink: other inputs, with kinks or ties: only the first derivative is checked there.
        parameters: the parameters that are differentiated as well.
    """

    name: str
    kind: str
    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    at_kink: tuple[Any, ...] | None = None
    parameters: Any = ()

    def check(self) -> tuple[list[Report], list[Report]]:
        """Check the derivatives; return the reports of the first and those of the second one.

        The second derivative is checked only if the first is right.

        >>> from minireg import catalogue
        >>> first, second = catalogue.find_examples(["relu"])[0].check()
        >>> [report.verdict for report in first + second]
        ['pass', 'pass', 'pass']
        """
        first = [check_gradients(self.function, *self.inputs, parameters=self.parameters)]
        if self.at_kink is not None:
            first.append(check_gradients(self.function, *self.at_kink))
        second = []
        if all(first):
            second = [
                check_gradients(self.function, *self.inputs, parameters=self.parameters, order=2)
            ]
        return first, second


# -- the inputs ------------------------------------------------------------------------------------


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    """Normally distributed numbers."""
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def positive(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers from 0.5 to 2."""
    return np.random.default_rng([seed, *shape]).uniform(0.5, 2, size=shape)


MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
KINKS = np.array([-1.5, 0.0, 0.5, 1.0, 0.0])
TIES = np.array([[1.0, 3.0, 3.0], [2.0, -1.0, 2.0]])
IMAGE_TIES = np.zeros((1, 1, 4, 4))
LABELS = np.array([2, 0, 3])
SIGNS = np.array([[1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0], [1.0, 1.0, -1.0, -1.0]])
