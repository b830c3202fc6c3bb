"""Matrix products and singular values."""

from __future__ import annotations

from ..autograd import composed, primitive
from ..backend import namespace
from ..errors import ArgumentError
from .kernels import as_floating
from .shapes import matrix_transpose

__all__ = ["linear", "matmul", "singular_values", "svd"]


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


@primitive
def _svd(x):
    """U over the row σ over V: three results in one array, (..., m + 1 + n, k)."""
    x = as_floating(x)
    xp, m = namespace(x), x.shape[-2]
    u, s, vt = xp.svd(x)
    v = vt.mT

    def divide(a, b):
        return a * xp.where(b == 0, 0, 1 / xp.where(b == 0, 1, b))

    def vjp(g):
        g_u, g_s, g_v = g[..., :m, :], g[..., m : m + 1, :], g[..., m + 1 :, :]
        row, top = s[..., None, :], s[..., :1, None]
        r = divide(row, top)  # the squares of ratios neither overflow nor vanish
        c = r.mT
        a, b = u.mT @ g_u, vt @ g_v
        core = divide(divide((a - a.mT) * r + c * (b - b.mT), r * r - c * c), top)
        of_u = u @ core + u * g_s * xp.sign(row) + divide(g_u - u @ a, row)
        return of_u @ vt + u @ divide(g_v - v @ b, row).mT

    return xp.concat([u, s[..., None, :], v], axis=-2), (vjp,)


@composed
def svd(x):
    """U, σ and Vᵀ of x = U diag(σ) Vᵀ: the singular value decomposition, with k = min(m, n).

    The gradient is that of functions which do not depend on the signs of singular vectors.
    Where it is not unique, which is at a σᵢ = 0 and at equal σᵢ, its infinite parts count as 0.

    Args:
        x: (..., m, n).

    Returns:
        U (..., m, k); σ (..., k), at least 0 and descending; Vᵀ (..., k, n).

    Townsend (2016), "Differentiating the singular value decomposition", equation 31.

    >>> u, s, vt = mr.svd(mr.tensor([[0.0, 2.0], [3.0, 0.0]]))
    >>> s.tolist(), ((u * s) @ vt).tolist()
    ([3.0, 2.0], [[0.0, 2.0], [3.0, 0.0]])
    """
    if x.ndim < 2:
        raise ArgumentError(f"x must be a matrix or a stack of matrices, got shape {x.shape}.")
    packed, m = _svd(x), x.shape[-2]
    return packed[..., :m, :], packed[..., m, :], packed[..., m + 1 :, :].mT


@composed
def singular_values(x):
    """σ₁ ≥ σ₂ ≥ … ≥ 0 of the matrices in the last two axes.

    d/dx = U diag(g) Vᵀ, and 0 for a σᵢ that is 0 up to rounding.  A second derivative exists
    where the σᵢ differ and none is 0.

    Args:
        x: (..., m, n).

    Returns:
        (..., min(m, n)), descending.

    >>> mr.singular_values(mr.tensor([[0.0, 2.0], [3.0, 0.0]])).tolist()
    [3.0, 2.0]
    """
    return svd(x)[1]
