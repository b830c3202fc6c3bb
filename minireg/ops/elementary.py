"""Elementary functions: exponentials, logarithms, trigonometry, and the error function."""

from __future__ import annotations

import math

from ..autograd import primitive
from ..backend import namespace
from .kernels import as_floating

__all__ = [
    "arctan", "cos", "cosh", "erf", "exp", "expm1", "log", "log1p", "log2", "normal_cdf", "sin",
    "sinh", "tan", "tanh",
]  # fmt: skip


@primitive
def exp(x):
    """eˣ.  d/dx eˣ = eˣ.

    >>> mr.exp(mr.tensor([0.0, -1000.0])).tolist()
    [1.0, 0.0]
    """
    x = as_floating(x)
    y = namespace(x).exp(x)
    return y, (lambda g: g * y,)


@primitive
def expm1(x):
    """eˣ − 1, exact to rounding where x is small.  d/dx = eˣ.

    >>> mr.expm1(mr.tensor([0.0, -1000.0])).tolist()
    [0.0, -1.0]
    """
    x = as_floating(x)
    y = namespace(x).expm1(x)
    return y, (lambda g: g * (y + 1),)


@primitive
def log(x):
    """The natural logarithm.  d/dx = 1/x.

    >>> mr.log(mr.tensor([1.0])).tolist()
    [0.0]
    """
    x = as_floating(x)
    return namespace(x).log(x), (lambda g: g / x,)


@primitive
def log1p(x):
    """log(1 + x), exact to rounding where x is small.  d/dx = 1/(1 + x).

    >>> mr.log1p(mr.tensor([0.0])).tolist()
    [0.0]
    """
    x = as_floating(x)
    return namespace(x).log1p(x), (lambda g: g / (1 + x),)


@primitive
def log2(x):
    """The logarithm to base 2.  d/dx = 1/(x log 2).

    >>> mr.log2(mr.tensor([1.0, 8.0])).tolist()
    [0.0, 3.0]
    """
    x = as_floating(x)
    return namespace(x).log2(x), (lambda g: g / (x * math.log(2)),)


@primitive
def sin(x):
    """The sine of x in radians.  d/dx = cos x.

    >>> mr.sin(mr.tensor([0.0])).tolist()
    [0.0]
    """
    x = as_floating(x)
    xp = namespace(x)
    return xp.sin(x), (lambda g: g * xp.cos(x),)


@primitive
def cos(x):
    """The cosine of x in radians.  d/dx = −sin x.

    >>> mr.cos(mr.tensor([0.0])).tolist()
    [1.0]
    """
    x = as_floating(x)
    xp = namespace(x)
    return xp.cos(x), (lambda g: -g * xp.sin(x),)


@primitive
def tan(x):
    """The tangent of x in radians.  d/dx = 1 + tan²x.

    >>> mr.tan(mr.tensor([0.0])).tolist()
    [0.0]
    """
    x = as_floating(x)
    y = namespace(x).tan(x)
    return y, (lambda g: g * (1 + y * y),)


@primitive
def arctan(x):
    """The angle between −π/2 and π/2 whose tangent is x.  d/dx = 1/(1 + x²).

    >>> mr.arctan(mr.tensor([0.0])).tolist()
    [0.0]
    """
    x = as_floating(x)
    return namespace(x).arctan(x), (lambda g: g / (1 + x * x),)


@primitive
def sinh(x):
    """The hyperbolic sine, (eˣ − e⁻ˣ)/2.  d/dx = cosh x.

    >>> mr.sinh(mr.tensor([0.0])).tolist()
    [0.0]
    """
    x = as_floating(x)
    xp = namespace(x)
    return xp.sinh(x), (lambda g: g * xp.cosh(x),)


@primitive
def cosh(x):
    """The hyperbolic cosine, (eˣ + e⁻ˣ)/2.  d/dx = sinh x.

    >>> mr.cosh(mr.tensor([0.0])).tolist()
    [1.0]
    """
    x = as_floating(x)
    xp = namespace(x)
    return xp.cosh(x), (lambda g: g * xp.sinh(x),)


@primitive
def tanh(x):
    """The hyperbolic tangent.  d/dx = 1 − tanh²x.

    >>> mr.tanh(mr.tensor([0.0, 1000.0])).tolist()
    [0.0, 1.0]
    """
    x = as_floating(x)
    y = namespace(x).tanh(x)
    return y, (lambda g: g * (1 - y * y),)


@primitive
def erf(x):
    """The error function, 2/√π ∫₀ˣ e^(−t²) dt, to double precision.  d/dx = 2/√π e^(−x²).

    Cody (1969), "Rational Chebyshev approximations for the error function", Math. Comp. 23.

    >>> round(mr.erf(mr.tensor(1.0)).item(), 4)
    0.8427
    """
    x = as_floating(x)
    xp = namespace(x)
    return xp.erf(x), (lambda g: g * (2 / math.sqrt(math.pi)) * xp.exp(-x * x),)


@primitive
def normal_cdf(x):
    """Φ(x) = erfc(−x/√2)/2, the normal distribution function.  d/dx = e^(−x²/2)/√(2π).

    It keeps its digits far below 0, where (1 + erf(x/√2))/2 cancels.

    >>> mr.normal_cdf(mr.tensor([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    x = as_floating(x)
    xp = namespace(x)
    return xp.normal_cdf(x), (lambda g: g * (xp.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)),)
