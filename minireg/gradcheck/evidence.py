"""Evidence: what is known about a wrong gradient, in the form in which causes are looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np


@dataclass
class Evidence:
    """What is known about the gradient of one input.

    Args:
        yours: the gradient that was returned.
        numeric: from finite differences, of the shape of `x`.
        tolerance: by how much they may differ, of the shape of `x`.
        checked: False where `numeric` is not known (and 0).
        x: the input.
        y, upstream: the output and its upstream gradient; None if there are several outputs.
        others: of the other inputs, by name: the numeric gradient and the one that was returned.
        again: the gradient for another upstream gradient; None if it cannot be had.
        cut: nothing connects the output with any input.
        whole: `yours` came as an array of whole numbers.
    """

    yours: np.ndarray
    numeric: np.ndarray
    tolerance: np.ndarray
    checked: np.ndarray
    x: np.ndarray
    y: np.ndarray | None = None
    upstream: np.ndarray | None = None
    others: dict[str, tuple[np.ndarray, np.ndarray | None]] = field(default_factory=dict)
    again: Callable[[np.ndarray], np.ndarray | None] | None = None
    cut: bool = False
    whole: bool = False

    @property
    def complete(self) -> bool:
        """Every entry of the numeric gradient is known."""
        return bool(self.checked.all())

    @property
    def fits(self) -> bool:
        """The shape is right, and all numbers are finite."""
        return self.yours.shape == self.x.shape and bool(np.isfinite(self.yours).all())

    @cached_property
    def wrong(self) -> np.ndarray:
        """Where yours and numeric differ."""
        return self.checked & ~(np.abs(self.yours - self.numeric) <= self.tolerance)

    def equal(self, a: np.ndarray, b: np.ndarray) -> bool:
        """a and b agree as far as they are known; b is about as large as `numeric`."""
        if a.shape != b.shape:
            return False
        scale = np.abs(b).max(initial=0) + np.abs(self.numeric).max(initial=0)
        return bool(np.all(np.abs(a - b) <= 4 * self.tolerance.max(initial=0) + 1e-7 * scale))

    def explains(self, guess: np.ndarray) -> bool:
        """`guess` is what was returned, in every checked entry, and not by being 0 = 0."""
        if guess.shape != self.x.shape or not np.isfinite(guess[self.checked]).all():
            return False
        known = self.checked
        return bool(np.any(guess[known] != 0)) and self.equal(self.yours[known], guess[known])
