"""Penalties on whole tensors: the norm, and functions of a matrix and its singular values.

Weights count as matrices (out, rest): a kernel (out, in, height, width) has a row for each output,
and a vector is one column.
"""

from __future__ import annotations

import math
from typing import Any

from ..autograd import raw
from ..backend import namespace
from .groups import check_one_step, group_norms, normalize_groups, shrink_groups
from .penalty import Penalty, check_axis


class Matrix(Penalty):
    """λ times a function of one tensor."""

    axis: Any = 0  # the rows; a number has none
    symbol = ""  # that function, for `describe`

    def __init__(self, strength: float) -> None:
        self.strength = strength

    @property
    def formula(self) -> str:
        return f"{self.strength:g}{self.symbol}"

    def extra_repr(self) -> str:
        return f"{self.strength:g}"


class Norm(Matrix):
    """λ ‖W‖_F for each tensor, with the gradient λ W/‖W‖_F: 0 at W = 0.

    Not squared: its gradient has the same length for small and for large weights.  This is another
    penalty than L2, and often written by mistake for it.

    Args:
        strength: λ, at least 0.

    Parikh and Boyd (2014), "Proximal algorithms".

    >>> w = np.array([[3.0, 0.0], [0.0, 4.0]])
    >>> Norm(0.1).value(w)
    np.float64(0.5)
    >>> Norm(1.0).proximal(w, step=2.5)
    array([[1.5, 0. ],
           [0. , 2. ]])
    """

    axis = None
    order = "group"
    symbol = " ‖W‖"

    def value(self, w: Any) -> Any:
        return self.strength * namespace(w).sum(group_norms(w, None))

    def gradient(self, w: Any) -> Any:
        return self.strength * normalize_groups(w, None)

    def proximal(self, w: Any, step: Any) -> Any:
        """The norm moves by step·λ towards zero and stops there."""
        check_one_step(self, step)
        return shrink_groups(w, None, step * self.strength)


class Orthogonal(Matrix):
    """λ/4 ‖WᵀW − I‖²_F, with the gradient λ W(WᵀW − I): 0 if the columns of W are orthonormal.

    For a wide W with n more columns than rows, WᵀW cannot be I: the value is that for the rows,
    λ/4 ‖WWᵀ − I‖², plus the constant λn/4, and the gradient is that for the rows.  No proximal step
    is known.

    Args:
        strength: λ, at least 0.

    Bansal, Chen and Wang (2018), "Can we gain more from orthogonality regularizations in training
    deep networks?", NeurIPS 31.

    >>> Orthogonal(0.4).value(np.array([[2.0, 0.0], [0.0, 1.0]]))          # 0.1 (4 − 1)²
    np.float64(0.9)
    >>> Orthogonal(0.5).gradient(np.array([[2.0, 0.0], [0.0, 1.0]]))
    array([[3., 0.],
           [0., 0.]])
    """

    symbol = "/4 ‖WᵀW − I‖²"

    def value(self, w: Any) -> Any:
        difference = self.compare(as_matrix(w))
        return (self.strength / 4) * namespace(w).sum(difference * difference)

    def gradient(self, w: Any) -> Any:
        w_matrix = as_matrix(w)
        return self.strength * (w_matrix @ self.compare(w_matrix)).reshape(w.shape)

    def compare(self, w: Any) -> Any:
        """WᵀW − I."""
        return w.mT @ w - namespace(raw(w)).eye(w.shape[1], dtype=w.dtype)


class Spectral(Matrix):
    """λ/2 σ₁², half the square of the largest singular value, with the gradient λ σ₁ u₁ v₁ᵀ.

    σ₁ is the factor by which W lengthens a vector at most.

    Args:
        strength: λ, at least 0.

    Yoshida and Miyato (2017), "Spectral norm regularization for improving the generalizability of
    deep learning", arXiv:1705.10941.

    >>> w = np.array([[3.0, 0.0], [0.0, 2.0]])
    >>> Spectral(1.0).value(w), np.abs(Spectral(1.0).gradient(w))
    (np.float64(4.5), array([[3., 0.],
           [0., 0.]]))
    >>> np.abs(Spectral(1.0).proximal(w, step=1.0)).round(12)          # the largest is 5/3
    array([[1.66666667, 0.        ],
           [0.        , 1.66666667]])
    """

    symbol = "/2 σ₁²"

    def value(self, w: Any) -> Any:
        _, s, _ = decompose(w)
        return (self.strength / 2) * s[0] * s[0]

    def gradient(self, w: Any) -> Any:
        u, s, vt = decompose(w)
        return self.strength * (u[:, :1] * s[:1] @ vt[:1]).reshape(w.shape)

    def proximal(self, w: Any, step: Any) -> Any:
        """Cut all σᵢ at c, where step·λ·c = Σ max(σᵢ − c, 0): c = max_k Σᵢ≤ₖ σᵢ/(step·λ + k)."""
        check_one_step(self, step)
        xp, (u, s, vt) = namespace(w), decompose(w)
        k = xp.cumulative_sum(xp.ones_like(s), axis=0)
        c = xp.max(xp.cumulative_sum(s, axis=0) / (step * self.strength + k))
        return (u * xp.minimum(s, c) @ vt).reshape(w.shape)


class Nuclear(Matrix):
    """λ Σ σᵢ, with the gradient λ U Vᵀ of the singular vectors whose σᵢ is not 0.

    The L1 norm of the singular values: its proximal step lowers the rank.

    Args:
        strength: λ, at least 0.

    Cai, Candès and Shen (2010), "A singular value thresholding algorithm for matrix completion",
    SIAM J. Optim. 20, theorem 2.1.

    >>> w = np.array([[0.0, 3.0], [1.0, 0.0]])
    >>> Nuclear(0.1).value(w)
    np.float64(0.4)
    >>> np.linalg.matrix_rank(Nuclear(1.0).proximal(w, step=1.5))
    np.int64(1)
    """

    symbol = " Σσ"

    def value(self, w: Any) -> Any:
        _, s, _ = decompose(w)
        return self.strength * namespace(w).sum(s)

    def gradient(self, w: Any) -> Any:
        u, s, vt = decompose(w)
        return self.strength * (u * namespace(w).sign(s) @ vt).reshape(w.shape)

    def proximal(self, w: Any, step: Any) -> Any:
        """The soft threshold of the singular values."""
        check_one_step(self, step)
        u, s, vt = decompose(w)
        s = namespace(w).maximum(s - step * self.strength, 0)
        return (u * s @ vt).reshape(w.shape)


def as_matrix(w: Any) -> Any:
    """Weights of any shape as a matrix (out, rest)."""
    check_axis(0, w)
    return w.reshape((w.shape[0], math.prod(w.shape[1:])))


def decompose(w: Any) -> Any:
    """U, σ and Vᵀ of the weights as a matrix."""
    return namespace(w).svd(as_matrix(w))
