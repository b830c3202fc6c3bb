"""Matrix products."""

from __future__ import annotations

from ..autograd import primitive
from .shapes import matrix_transpose


@primitive
def matmul(a, b):
    """The matrix product a b, in all of NumPy's shapes: vectors, matrices, stacks of matrices.

    dL/da = g bᵀ, dL/db = aᵀ g.  A vector a counts as a row and a vector b as a column, and that
    axis is dropped from the result.
    """
    if a.ndim > 1 and b.ndim > 1:
        return a @ b, (lambda g: g @ b.mT, lambda g: a.mT @ g)
    a_is_row, b_is_column = a.ndim == 1, b.ndim == 1

    def with_dropped_axes(g):
        if b_is_column:
            g = g[..., None]
        return g[..., None, :] if a_is_row else g

    def vjp_a(g):
        product = with_dropped_axes(g) @ (b[None, :] if b_is_column else b.mT)
        return product[..., 0, :] if a_is_row else product

    def vjp_b(g):
        product = (a[:, None] if a_is_row else a.mT) @ with_dropped_axes(g)
        return product[..., 0] if b_is_column else product

    return a @ b, (vjp_a, vjp_b)


def _linear(x, weight, bias=None):
    y = matmul(x, matrix_transpose(weight))
    return y if bias is None else y + bias


@primitive(plain=_linear)
def linear(x, weight, bias=None):
    """y = x Wᵀ + b.

    dL/dx = g W, dL/dW = gᵀ x, dL/db = Σ g over the batch.

    Args:
        x: (..., in_features).
        weight: W, (out_features, in_features).
        bias: b, (out_features,), or None.

    Returns:
        (..., out_features).

    >>> import minireg as mr
    >>> mr.linear(mr.tensor([[1.0, 2.0]]), mr.tensor([[3.0, 4.0]]), mr.tensor([5.0])).tolist()
    [[16.0]]
    """
    if weight.ndim != 2 or x.ndim == 0 or x.shape[-1] != weight.shape[1]:
        raise ValueError(
            f"x (..., in_features) of shape {x.shape} does not fit "
            f"W (out_features, in_features) of shape {weight.shape}"
        )
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"the bias must have shape {weight.shape[:1]}, got {bias.shape}")
    y = x @ weight.T
    if bias is not None:
        if bias.dtype == y.dtype:
            y += bias
        else:
            y = y + bias

    def vjp_weight(g):
        # gᵀ x, computed as (xᵀ g)ᵀ: the result then lies in memory as Linear keeps its weight.
        return (rows(x).T @ rows(g)).T

    return y, (
        lambda g: g @ weight,
        vjp_weight,
        lambda g: rows(g).sum(axis=0),
    )


def rows(x):
    """x as a matrix: every axis but the last joined into one."""
    return x if x.ndim == 2 else x.reshape((-1, x.shape[-1]))
