"""Constraints: penalties of 0 or infinity, whose proximal step is a projection."""

from __future__ import annotations

from typing import Any

from ..backend import namespace
from ..checks import Checked, check_count, check_number
from .groups import describe_group, group_norms, normalize_groups
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

    def distance(self, w: Any) -> Any:
        """‖w − project(w)‖: how far w is from satisfying the condition."""
        return namespace(w).norm(w - self.project(w))

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


class UnitConstraint(Constraint):
    """A condition on the norm of every unit: what has one index along `axis`."""

    order = "ball"
    axis: Any = Checked(check_count, minimum=0)

    def __init__(self, axis: int = 0) -> None:
        self.axis = axis

    def follows(self, other: Penalty) -> bool:
        # A projected unit keeps its direction, but not those of columns that it shares with others.
        same = other.order != "group" or other.axis == self.axis
        return same and super().follows(other)


class MaxNorm(UnitConstraint):
    """‖w_g‖ ≤ c for every unit g.  The projection is w_g · min(1, c/‖w_g‖).

    Args:
        max_norm: c, greater than 0.
        axis: 0 for the incoming weights of an output unit or channel (a row), 1 for the outgoing
            weights of an input unit (a column).

    Srebro and Shraibman (2005), "Rank, trace-norm and max-norm", COLT; per unit and with dropout:
    Srivastava et al. (2014), "Dropout", JMLR 15, section 5.1.

    >>> MaxNorm(2.5).project(np.array([[3.0, 4.0], [0.6, 0.8]]))
    array([[1.5, 2. ],
           [0.6, 0.8]])
    """

    max_norm: Any = Checked(check_number, above=0)

    def __init__(self, max_norm: float = 3.0, axis: int = 0) -> None:
        super().__init__(axis)
        self.max_norm = max_norm

    def project(self, w: Any) -> Any:
        return w * (self.max_norm / namespace(w).maximum(group_norms(w, self.axis), self.max_norm))

    @property
    def formula(self) -> str:
        return f"(‖{describe_group(self.axis)}‖ ≤ {self.max_norm:g})"

    def extra_repr(self) -> str:
        return f"{self.max_norm:g}, axis={self.axis}"


class UnitNorm(UnitConstraint):
    """‖w_g‖ = 1 for every unit g.  The projection is w_g/‖w_g‖; a unit that is 0 stays 0.

    A zero unit has no nearest point: all are equally near.

    Args:
        axis: as in `MaxNorm`.

    Salimans and Kingma (2016), "Weight normalization", NeurIPS 29, with g = 1.

    >>> UnitNorm().project(np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """

    def project(self, w: Any) -> Any:
        return normalize_groups(w, self.axis)

    def distance(self, w: Any) -> Any:
        """The root of Σ (‖w_g‖ − 1)²: also of a unit that is 0."""
        return namespace(w).norm(group_norms(w, self.axis) - 1)

    @property
    def formula(self) -> str:
        return f"(‖{describe_group(self.axis)}‖ = 1)"

    def extra_repr(self) -> str:
        return f"axis={self.axis}"
