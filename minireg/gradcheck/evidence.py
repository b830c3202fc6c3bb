"""Evidence: what was measured at one point, for programs that look for a correction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .subject import Subject


@dataclass(frozen=True, eq=False)
class Evidence:
    """The numeric gradients at one point; a right backward pass agrees with them.

    Attributes:
        subject: what was checked; `subject.gradients(z, upstream)` runs it.
        z: the vector of all differentiable inputs.
        upstream: the vector of the upstream gradient of all outputs.
        numeric: for each input the gradient from finite differences, NaN where it is unknown.
        low, high: for each input the bounds of valid values: they differ at kinks.
        tolerance: for each input by how much an entry may be outside of these bounds.
    """

    subject: Subject
    z: np.ndarray
    upstream: np.ndarray
    numeric: tuple[np.ndarray, ...]
    low: tuple[np.ndarray, ...]
    high: tuple[np.ndarray, ...]
    tolerance: tuple[np.ndarray, ...]
