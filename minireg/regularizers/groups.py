"""Penalties on the norms of groups of weights: group lasso, alone and with L1."""

from __future__ import annotations

import math
from typing import Any

from ..backend import namespace
from ..checks import Checked, check_count
from ..errors import ArgumentError
from .elementwise import L1, Mixture
from .penalty import Penalty, check_axis


class GroupLasso(Penalty):
    """λ Σ_g √d_g ‖w_g‖, with the gradient λ √d_g w_g/‖w_g‖: 0 at w_g = 0.

    A group is what has one index along `axis`, and d_g is its number of entries.  The proximal step
    sets whole groups to zero.

    Args:
        strength: λ, at least 0.
        axis: 0 for output units and output channels (rows), 1 for input units and input channels
            (columns).

    Yuan and Lin (2006), "Model selection and estimation in regression with grouped variables",
    JRSS B 68.

    >>> w = np.array([[3.0, 4.0], [0.3, 0.4]])
    >>> round(GroupLasso(0.1).value(w), 4)          # 0.1 √2 (5 + 0.5)
    np.float64(0.7778)
    >>> GroupLasso(1.0).proximal(w, step=2.5 / math.sqrt(2))
    array([[1.5, 2. ],
           [0. , 0. ]])
    """

    order = "group"
    axis: Any = Checked(check_count, minimum=0)

    def __init__(self, strength: float, axis: int = 0) -> None:
        self.strength = strength
        self.axis = axis

    def weight(self, w: Any) -> float:
        """λ √d_g, the same for all groups of one array."""
        return self.strength * math.sqrt(count_entries(w, self.axis))

    def value(self, w: Any) -> Any:
        return self.weight(w) * namespace(w).sum(group_norms(w, self.axis))

    def gradient(self, w: Any) -> Any:
        return self.weight(w) * normalize_groups(w, self.axis)

    def proximal(self, w: Any, step: Any) -> Any:
        """The norm of every group moves by step·λ√d_g towards zero and stops there."""
        check_one_step(self, step)
        return shrink_groups(w, self.axis, step * self.weight(w))

    @property
    def formula(self) -> str:
        return f"{self.strength:g} Σ √d ‖{describe_group(self.axis)}‖"

    def extra_repr(self) -> str:
        return f"{self.strength:g}, axis={self.axis}"


class SparseGroupLasso(Mixture):
    """λ (ρ Σ|w| + (1 − ρ) Σ_g √d_g ‖w_g‖), with the gradient of `L1` plus that of `GroupLasso`.

    It is their sum: the proximal step is a soft threshold, then one of the norms of groups.  Whole
    groups become zero, and single entries in the others.

    Args:
        strength: λ, at least 0.
        ratio: ρ, from 0 (only groups) to 1 (only L1).
        axis: as in `GroupLasso`.

    Simon, Friedman, Hastie and Tibshirani (2013), "A sparse-group lasso", JCGS 22.

    >>> SparseGroupLasso(0.1, ratio=0.25)
    L1(0.025) + GroupLasso(0.075, axis=0)
    >>> SparseGroupLasso(1.0).value(np.array([[3.0, -4.0]]))          # (7 + 5 √2) / 2
    np.float64(7.035533905932738)
    """

    def __init__(self, strength: float, ratio: float = 0.5, axis: int = 0) -> None:
        super().__init__(strength, ratio, L1(0), GroupLasso(0, axis))


# -- groups of one array ---------------------------------------------------------------------------


def other_axes(w: Any, axis: int | None) -> tuple[int, ...]:
    """The axes of one group; with `axis` None, the whole array is one."""
    check_axis(axis, w)
    return tuple(i for i in range(w.ndim) if i != axis)


def count_entries(w: Any, axis: int) -> int:
    """d_g: the entries of one group."""
    return math.prod(w.shape[i] for i in other_axes(w, axis))


def group_norms(w: Any, axis: int | None) -> Any:
    """‖w_g‖ of every group, with the axes of w."""
    return namespace(w).norm(w, axis=other_axes(w, axis), keepdims=True)


def normalize_groups(w: Any, axis: int | None) -> Any:
    """w_g/‖w_g‖, and 0 where w_g = 0."""
    norms = group_norms(w, axis)
    return w / namespace(w).where(norms == 0, 1, norms)


def shrink_groups(w: Any, axis: int | None, amount: Any) -> Any:
    """w_g · max(0, 1 − amount/‖w_g‖)."""
    xp, norms = namespace(w), group_norms(w, axis)
    return w * (xp.maximum(norms - amount, 0) / xp.where(norms == 0, 1, norms))


def check_one_step(penalty: Penalty, step: Any) -> None:
    """Raise an error if every entry has a step of its own, as after a step of Adam."""
    if getattr(step, "ndim", 0):
        raise ArgumentError(
            f"The proximal step of {penalty!r} needs one step for all entries, got an array of "
            f"shape {tuple(step.shape)}. Use SGD; or add the penalty to the loss (in fit: "
            f"proximal=False), which makes weights small, but not exactly zero.",
            argument="step",
        )


def describe_group(axis: int) -> str:
    """`w[i]` for axis 0, `w[:, i]` for axis 1."""
    return f"w[{', '.join([':'] * axis + ['i'])}]"
