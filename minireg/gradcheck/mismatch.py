"""Mismatch: what is known about a wrong gradient, for the functions that look for causes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .probe import Probe
from .steps import Steps, trace_steps

MANY = 3  # with fewer entries, any numbers would fit a pattern with a free constant


@dataclass
class Mismatch:
    """What is known about the gradient of one input.

    Args:
        yours: the gradient that was returned.
        numeric: from finite differences, of the shape of `x`.
        tolerance: by how much they may differ, of the shape of `x`.
        checked: False where `numeric` is unknown (NaN), or the middle of an interval: at a kink,
            too many mistakes would fit.
        x: the input.
        y, upstream: the output and its upstream gradient; None if there are several outputs.
        others: what is known about the other inputs, by name.
        bad_factor: a factor of the upstream gradient that is not one of `yours`; None if all are.
        ignores_upstream: whether every upstream gradient gives the same.
        cut: whether no recorded operation connects the output with an input.
        whole: whether `yours` was an array of whole numbers.
        rounding: the rounding error of `yours`, relative to its largest entry.
        name: the name of the input.
        scaled: by factor a, what was returned for a times the upstream gradient.
        fixed: the inputs that are not differentiated, by name.
        numbers: the constants of the function, by name or as they are written.
        probe: for what the numbers do not tell; None if nothing more can be asked.
    """

    yours: np.ndarray
    numeric: np.ndarray
    tolerance: np.ndarray
    checked: np.ndarray
    x: np.ndarray
    y: np.ndarray | None = None
    upstream: np.ndarray | None = None
    others: dict[str, Mismatch] = field(default_factory=dict)
    bad_factor: float | None = None
    ignores_upstream: bool = False
    cut: bool = False
    whole: bool = False
    rounding: float = 1e-7
    name: str = ""
    scaled: dict[float, np.ndarray | None] = field(default_factory=dict)
    fixed: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    probe: Probe | None = None

    @property
    def residual(self) -> np.ndarray:
        """What is too much in `yours`, for an upstream gradient of 1 if the output is a number."""
        return (self.yours - self.numeric) / self.unit

    @property
    def unit(self) -> float:
        """The upstream gradient of an output that is a single number; otherwise 1."""
        single = self.upstream is not None and self.upstream.size == 1
        return float(self.upstream.ravel()[0]) if single else 1.0  # type: ignore[union-attr]

    @property
    def is_loss(self) -> bool:
        """Whether the output is a single number."""
        return self.y is not None and self.y.size == 1

    @property
    def has_indices(self) -> bool:
        """Whether an input is an array of whole numbers: labels or indices."""
        return any(isinstance(x, np.ndarray) and x.dtype.kind in "iu" for x in self.fixed.values())

    @property
    def jacobians(self) -> Probe | None:
        """The probe, if the Jacobians of the function and of its backward pass can be compared."""
        known = self.fits and self.bad_factor is None and not self.is_loss and self.wrong.any()
        return self.probe if known and self.probe is not None and self.probe.known else None

    @property
    def is_elementwise(self) -> bool:
        """Whether each output depends on the entry of the input at the same place only."""
        if self.y is None or self.y.shape != self.x.shape or self.jacobians is None:
            return False
        numeric = self.jacobians.numeric
        return not (numeric - np.diag(np.diag(numeric))).any()

    @cached_property
    def chooses(self) -> bool:
        """Whether the values decide which entries reach the output, and some reach none."""
        probe = self.probe
        if probe is None or not probe.small:
            return False
        z, part = probe.z.copy(), probe.input.part
        z[part] = z[part][::-1]
        before, after = probe.numeric != 0, probe.find_jacobian(z) != 0
        return bool((before != after).any() and not before.any(axis=0).all())

    @property
    def is_one_of_several(self) -> bool:
        """Whether each entry of the output is that of this input or of another one."""
        same = [other.x for other in self.others.values() if other.x.shape == self.x.shape]
        if self.y is None or self.y.shape != self.x.shape or not same:
            return False
        return bool(np.any([self.y == x for x in (self.x, *same)], axis=0).all())

    @property
    def complete(self) -> bool:
        """Whether every entry of the numeric gradient is known."""
        return bool(self.checked.all())

    @property
    def fits(self) -> bool:
        """Whether the shape is right, and all numbers are finite."""
        return self.yours.shape == self.x.shape and bool(np.isfinite(self.yours).all())

    @cached_property
    def wrong(self) -> np.ndarray:
        """Where yours and numeric differ: in all checked entries, if their shapes differ."""
        if self.yours.shape != self.x.shape:
            return self.checked
        return self.checked & ~(np.abs(self.yours - self.numeric) <= self.tolerance)

    @cached_property
    def steps(self) -> Steps | None:
        """The steps of the forward pass, if its gradient is wrong but linear."""
        if self.probe is None or not self.probe.near or self.bad_factor is not None:
            return None
        return trace_steps(self.probe) if self.wrong.any() else None

    @property
    def shows_constants(self) -> bool:
        """Whether enough entries are wrong to tell a constant from chance."""
        return int(self.wrong.sum()) >= MANY

    @property
    def conclusive(self) -> bool:
        """Whether entries may be searched for in other places: all are known, or most of the known
        ones are wrong.  Otherwise a single wrong entry could be moved to an unchecked place."""
        return self.complete or 2 * int(self.wrong.sum()) >= int(self.checked.sum())

    def is_right(self, guess: np.ndarray) -> bool:
        """Whether `guess` would be right in every checked entry, and not only as 0 = 0."""
        if guess.shape != self.x.shape:
            return False
        guess, tolerance = guess[self.checked], self.tolerance[self.checked]
        near = np.abs(guess - self.numeric[self.checked]) <= tolerance
        return bool(near.all() and np.any(np.abs(guess) > tolerance))

    def is_same(self, a: np.ndarray, b: np.ndarray) -> bool:
        """Whether two gradients are equal up to their rounding."""
        if a.shape != b.shape:
            return False
        largest = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0))
        near = np.abs(a - b) <= self.rounding * largest
        return bool(np.isfinite(largest) and near.all())

    def is_explained_by(self, guess: np.ndarray) -> bool:
        """Whether `guess` was returned in every checked entry, and not only as 0 = 0."""
        known = self.checked
        return bool(guess[known].any()) and self.is_same(self.yours[known], guess[known])
