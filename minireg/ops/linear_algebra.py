"""Matrix products."""

from __future__ import annotations

from ..autograd import primitive
from ..backend import namespace
from ..errors import ArgumentError
from .shapes import matrix_transpose

__all__ = ["linear", "matmul"]


@primitive
def matmul(a, b):
    """The matrix product a b of vectors, matrices or stacks of matrices, as in NumPy.

    dL/da = g bᵀ, dL/db = aᵀ g.  A vector a counts as a row and a vector b as a column, and that
    axis is dropped from the result.

    >>> mr.matmul(mr.tensor([[1.0, 2.0], [3.0, 4.0]]), mr.tensor([1.0, 10.0])).tolist()
    [21.0, 43.0]
    """
    if a.ndim == b.ndim == 2:
        return multiply_matrices(a, b), (
            lambda g: multiply_matrices(g, b.mT),
            lambda g: multiply_matrices(a.mT, g),
        )
    if a.ndim > 1 and b.ndim > 1:
        return a @ b, (lambda g: g @ b.mT, lambda g: a.mT @ g)
    a_is_row, b_is_column = a.ndim == 1, b.ndim == 1

    def restore_axes(g):
        if b_is_column:
            g = g[..., None]
        return g[..., None, :] if a_is_row else g

    def vjp_a(g):
        product = restore_axes(g) * b if b_is_column else restore_axes(g) @ b.mT
        return product[..., 0, :] if a_is_row else product

    def vjp_b(g):
        product = a[:, None] * restore_axes(g) if a_is_row else a.mT @ restore_axes(g)
        return product[..., 0] if b_is_column else product

    return a @ b, (vjp_a, vjp_b)


def _plain_linear(x, weight, bias=None):
    y = matmul(x, matrix_transpose(weight))
    return y if bias is None else y + bias


@primitive(plain=_plain_linear)
def linear(x, weight, bias=None):
    """y = x Wᵀ + b.

    dL/dx = g W, dL/dW = gᵀ x, dL/db = Σ g over the batch.

    Args:
        x: (..., in_features).
        weight: W, (out_features, in_features).
        bias: b, (out_features,), or None.

    Returns:
        (..., out_features).

    >>> mr.linear(mr.tensor([[1.0, 2.0]]), mr.tensor([[3.0, 4.0]]), mr.tensor([5.0])).tolist()
    [[16.0]]
    """
    shape = weight.shape
    if len(shape) != 2 or x.shape[-1:] != shape[1:]:
        raise ArgumentError(
            f"x (..., in_features) of shape {x.shape} does not fit "
            f"W (out_features, in_features) of shape {shape}."
        )
    if bias is not None and bias.shape != shape[:1]:
        raise ArgumentError(f"the bias must have shape {shape[:1]}, got {bias.shape}.")
    if x.ndim != 2:
        return apply_to_rows(x, weight, bias)
    y = multiply_matrices(x, weight.T)
    if bias is not None:
        if bias.dtype == y.dtype:
            y += bias
        else:
            y = y + bias
    return y, (
        lambda g: multiply_matrices(g, weight),
        # gᵀ x, computed as (xᵀ g)ᵀ: it then has the same memory order as the weight of Linear.
        lambda g: multiply_matrices(x.T, g).T,
        lambda g: namespace(g).sum(g, axis=0),
    )


def apply_to_rows(x, weight, bias):
    """`linear` for an x of any number of axes: all but the last are joined into one."""
    before, (out_features, in_features) = x.shape, weight.shape
    y, (vjp_x, vjp_weight, vjp_bias) = linear.body(x.reshape((-1, in_features)), weight, bias)

    def as_rows(g):
        return g.reshape((-1, out_features))

    return y.reshape((*before[:-1], out_features)), (
        lambda g: vjp_x(as_rows(g)).reshape(before),
        lambda g: vjp_weight(as_rows(g)),
        lambda g: vjp_bias(as_rows(g)),
    )


def multiply_matrices(a, b):
    """a b for two matrices.  `dot` starts in half the time of `@`, but clears its result first.

    A column times a row is faster without the library of matrix products.
    """
    if a.shape[1] == b.shape[0] == 1:
        return a * b
    return a.dot(b) if a.shape[0] * b.shape[1] <= 4096 else a @ b
