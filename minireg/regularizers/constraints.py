"""Constraints: penalties of 0 or infinity, whose proximal step is a projection."""

from __future__ import annotations

from typing import Any

from ..backend import namespace
from .penalty import Penalty


class Constraint(Penalty):
    """A condition on weights: a penalty of 0 where it holds, and of infinity elsewhere.

    Its proximal step is the projection onto the nearest weights that satisfy it, for a step of any
    length.  Only that has an effect: as a term of a loss it **counts 0**, even where it is
    violated, and its gradient is 0.  `fit` projects after every step, also with `proximal=False`.

    A subclass defines `project(w)`, and `order`, its place in a sum: "orthant" for signs, "ball"
    for norms.

    >>> class Unit(Constraint):
    ...     order = "ball"
    ...     def project(self, w):
    ...         return w / namespace(w).sqrt((w * w).sum())
    >>> Unit().proximal(np.array([3.0, 4.0]), step=0.1)
    array([0.6, 0.8])
    """

    def project(self, w: Any) -> Any:
        """The nearest weights that satisfy the condition: an array or a Tensor like `w`."""
        raise NotImplementedError(f"{type(self).__name__} must define project(w).")

    def value(self, w: Any) -> Any:
        xp = namespace(w)
        return xp.sum(xp.zeros_like(w))

    def gradient(self, w: Any) -> Any:
        return namespace(w).zeros_like(w)

    def proximal(self, w: Any, step: Any) -> Any:
        return self.project(w)

    @property
    def constraints(self) -> Penalty:
        return self


class NonNegative(Constraint):
    """w ≥ 0.  The projection sets negative weights to 0.

    Lee and Seung (1999), "Learning the parts of objects by non-negative matrix factorization",
    Nature 401.

    >>> w = mr.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    >>> NonNegative().apply_proximal(w, step=0.1)
    >>> w.tolist()
    [0.0, 0.0, 2.0]
    """

    order = "orthant"

    def project(self, w: Any) -> Any:
        return namespace(w).maximum(w, 0)

    @property
    def formula(self) -> str:
        return "(w ≥ 0)"
