"""Probe: questions about a wrong gradient that its numbers alone do not answer.

It runs the function at other inputs, and the backward pass with other upstream gradients.
"""

from __future__ import annotations

from functools import cached_property, partial

import numpy as np

from .differences import take_central
from .subject import EarlyVerdict, Input, Subject, as_numbers

STEP, WIDE, NEAR = 1e-5, 1e-3, 1e-5
DIRECTIONS = 3
LARGEST = 512  # of the numbers of rows and columns of a Jacobian


class Probe:
    """A subject at a point, inside of its context, and one of its inputs.

    Args:
        subject: what is checked.
        input: the input whose gradient is wrong.
        z: the vector of all inputs.
        value: the outputs there.
        upstream: the upstream gradient.
        yours: the gradient that was returned.
        seed: for random directions.
    """

    def __init__(
        self,
        subject: Subject,
        input: Input,
        z: np.ndarray,
        value: np.ndarray,
        upstream: np.ndarray,
        yours: np.ndarray,
        seed: int,
    ) -> None:
        self.subject, self.input, self.z, self.value = subject, input, z, value
        self.upstream, self.yours = upstream, yours.ravel()
        random = np.random.default_rng(seed)
        self.directions = random.normal(size=(DIRECTIONS, self.yours.size))

    @cached_property
    def slopes(self) -> np.ndarray:
        """The slopes of the function along each direction."""
        return self.find_slopes(self.subject)

    @cached_property
    def claimed(self) -> np.ndarray:
        """The slopes according to the returned gradient."""
        return self.directions @ self.yours

    @property
    def near(self) -> float:
        """How far slopes may be apart to count as equal."""
        return NEAR * float(np.linalg.norm(self.yours))

    def find_gradient(self, z: np.ndarray, upstream: np.ndarray) -> np.ndarray:
        """Return what the backward pass gives for the input, as a vector; NaN if nothing fits."""
        try:
            gradients = self.subject.gradients(z, upstream)
            gradient = as_numbers(gradients[self.subject.inputs.index(self.input)])
        except EarlyVerdict:
            gradient = None
        if gradient is None or gradient.size != self.yours.size:
            return np.full(self.yours.size, np.nan)
        return gradient.ravel()

    def find_slope(
        self,
        subject: Subject,
        z: np.ndarray,
        direction: np.ndarray,
        upstream: np.ndarray | None = None,
    ) -> float:
        """Return the slope of upstream · f along a direction of the input; NaN if it has none."""
        function = partial(subject.probe, size=self.value.size)
        u = self.upstream if upstream is None else upstream
        return float(u @ take_central(function, z, self.input.part, direction, STEP))

    def find_slopes(self, subject: Subject, upstream: np.ndarray | None = None) -> np.ndarray:
        """Return the slopes of a subject along all directions."""
        return np.array([self.find_slope(subject, self.z, v, upstream) for v in self.directions])

    def is_gradient_of(self, subject: Subject | None = None, z: np.ndarray | None = None) -> bool:
        """Whether the returned gradient is right for another subject, or at another point."""
        subject, z = subject or self.subject, self.z if z is None else z
        if not self.near or not np.any(np.abs(self.slopes - self.claimed) > 10 * self.near):
            return False
        return all(
            abs(self.find_slope(subject, z, v) - claimed) <= self.near
            for v, claimed in zip(self.directions, self.claimed)
        )

    def is_right_for(self, upstream: np.ndarray) -> bool:
        """Whether the backward pass is right for another upstream gradient."""
        gradient = self.find_gradient(self.z, upstream)
        claimed = self.directions @ gradient
        slopes = self.find_slopes(self.subject, upstream)
        near = NEAR * float(np.linalg.norm(gradient))
        return bool(near and np.abs(claimed - slopes).max() <= near)

    def find_residual(self, z: np.ndarray, direction: np.ndarray) -> float:
        """Return how far the backward pass is from the slope along a direction at a point."""
        claimed = float(self.find_gradient(z, self.upstream) @ direction)
        return claimed - self.find_slope(self.subject, z, direction)

    def find_curvature(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        """Return how entry i of the gradient changes with each entry of the input: that of the
        function, from second differences, and that of the backward pass."""
        numeric, returned = np.zeros((2, self.yours.size))
        first = np.zeros(self.yours.size)
        first[i] = 1
        for j in range(self.yours.size):
            for t in (WIDE, -WIDE):
                moved = self.z.copy()
                moved[self.input.part.start + j] += t
                numeric[j] += self.find_slope(self.subject, moved, first) / (2 * t)
                returned[j] += self.find_gradient(moved, self.upstream)[i] / (2 * t)
        noise = STEP * np.abs(self.value).max(initial=0)  # the slopes have errors, too
        return np.where(np.abs(numeric) <= noise, 0, self.round(numeric)), self.round(returned)

    @property
    def small(self) -> bool:
        """Whether the Jacobians are small enough to be computed."""
        return max(self.yours.size, self.value.size) <= LARGEST

    @cached_property
    def numeric(self) -> np.ndarray:
        """(m, n) the Jacobian of the outputs, from finite differences."""
        return self.find_jacobian(self.z)

    def find_jacobian(self, z: np.ndarray) -> np.ndarray:
        """Return the Jacobian of the outputs at a point, from finite differences."""
        function, part = partial(self.subject.probe, size=self.value.size), self.input.part
        columns = [
            take_central(function, z, i, 1, STEP * max(1, abs(z[i])))
            for i in range(part.start, part.stop)
        ]
        return self.round(np.stack(columns, axis=1))

    @cached_property
    def returned(self) -> np.ndarray:
        """(m, n) the Jacobian according to the backward pass, one upstream gradient each."""
        rows = [self.find_gradient(self.z, row) for row in np.eye(self.value.size)]
        return self.round(np.stack(rows))

    @cached_property
    def known(self) -> bool:
        """Whether both Jacobians are small and finite."""
        finite = (np.isfinite(j).all() for j in (self.numeric, self.returned))
        return self.small and all(finite)

    def round(self, jacobian: np.ndarray) -> np.ndarray:
        """Replace what is not distinguishable from 0 by 0."""
        size = np.abs(jacobian).max(initial=0)
        noise = 1e-6 * size + 1e-9 * np.abs(self.value).max(initial=0)
        return np.where(np.abs(jacobian) <= noise, 0, jacobian)

    def is_equal(self, a: np.ndarray, b: np.ndarray) -> bool:
        """Whether parts of Jacobians are equal up to the error of finite differences."""
        size = max(np.abs(self.numeric).max(initial=0), np.abs(self.returned).max(initial=0))
        noise = 1e-5 * size + 1e-8 * np.abs(self.value).max(initial=0)
        return a.shape == b.shape and bool(np.all(np.abs(a - b) <= noise))
