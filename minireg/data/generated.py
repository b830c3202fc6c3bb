"""Examples drawn from curves that are known in closed form, for experiments in two dimensions.

Each function returns a `Dataset` in random order, with float32 arrays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..checks import check_count, check_number
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator, as_generator
from .dataset import Dataset


def two_moons(n: int, noise: float, *, generator: Generator | None = None) -> Dataset:
    """Two interlocking half circles of radius 1, the classes "upper" and "lower".

    With t equally spaced from 0 to π, both ends included,

        upper:  (cos t, sin t)            lower:  (1 − cos t, ½ − sin t),

    and normal noise is added to both coordinates.

    Args:
        n: the number of examples, at least 2; if it is odd, "lower" has one more.
        noise: standard deviation of the noise, ≥ 0.
        generator: by default a new stream of the default generator; see `mr.seed`.

    Returns:
        x: (n, 2) float32, y: (n,) int64.

    The curves are those of scikit-learn's `make_moons`.

    >>> two_moons(101, noise=0.1)
    Dataset(101 examples, x: float32 (2,), 2 classes: 50 to 51 each)
    """
    n = check_count("n", n, minimum=2)
    t = [np.linspace(0, np.pi, count) for count in (n // 2, n - n // 2)]
    upper = np.stack([np.cos(t[0]), np.sin(t[0])], axis=1)
    lower = np.stack([1 - np.cos(t[1]), 0.5 - np.sin(t[1])], axis=1)
    return scatter([upper, lower], noise, ["upper", "lower"], generator)


def spirals(
    n: int, noise: float, *, classes: int = 2, turns: float = 1.0,
    generator: Generator | None = None,
) -> Dataset:  # fmt: skip
    """Archimedean spirals around the origin, one for each class, at different angles.

    With m examples of class k of K, and t = 1/m, 2/m, ..., 1,

        radius t,   angle 2π (turns · t + k / K),

    and normal noise is added to both coordinates.

    Args:
        n: the number of examples, at least one for each class; counts differ by at most 1.
        noise: standard deviation of the noise, ≥ 0.
        classes: K, the number of spirals.
        turns: how often each goes round the origin, counter-clockwise; negative for clockwise.
        generator: see `two_moons`.

    Returns:
        x: (n, 2) float32, y: (n,) int64.

    After Lang, Witbrock (1988), "Learning to tell two spirals apart", Proceedings of the
    Connectionist Models Summer School.

    >>> spirals(100, noise=0.02, classes=3)
    Dataset(100 examples, x: float32 (2,), 3 classes: 33 to 34 each)
    """
    classes = check_count("classes", classes)
    n = check_count("n", n, minimum=classes)
    turns = check_number("turns", turns)
    curves = []
    for k in range(classes):
        m = n // classes + (k < n % classes)
        t = np.arange(1, m + 1) / m
        angle = 2 * np.pi * (turns * t + k / classes)
        curves.append(t[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    return scatter(curves, noise, classes, generator)


def polynomial_regression(
    n: int,
    coefficients: Sequence[float],
    noise: float,
    *,
    low: float = -1.0,
    high: float = 1.0,
    generator: Generator | None = None,
) -> Dataset:
    """Noisy values of a polynomial: with few of them, the classic example of overfitting.

        y = Σᵢ coefficients[i] · xⁱ + noise · ε,   x uniform in [low, high),   ε standard normal.

    Args:
        n: the number of examples.
        coefficients: from the constant upwards: `[1, 0, 3]` is 1 + 3x².
        noise: standard deviation of the noise, ≥ 0.
        low: the lower end of the interval.
        high: its upper end, larger than `low`.
        generator: see `two_moons`.

    Returns:
        x: (n, 1) float32, y: (n, 1) float32, which is the shape of the predictions of a network
        with one output.

    Bishop (2006), "Pattern recognition and machine learning", section 1.1.

    >>> polynomial_regression(20, [0, 1, 0, -2], noise=0.1)
    Dataset(20 examples, x: float32 (1,), y: float32 (1,))
    """
    n = check_count("n", n)
    low, high = check_number("low", low), check_number("high", high)
    if not low < high:
        raise ArgumentError(f"low must be below high, got low={low}, high={high}.", argument="low")
    if not isinstance(coefficients, Sequence | np.ndarray) or np.ndim(coefficients) != 1:
        raise ArgumentTypeError(
            f"coefficients must be a list of numbers, got {coefficients!r}.",
            argument="coefficients",
        )
    weights = [check_number(f"coefficients[{i}]", c) for i, c in enumerate(coefficients)]
    if not weights:
        raise ArgumentError("A polynomial needs a coefficient, got [].", argument="coefficients")
    noise, rng = check_number("noise", noise, minimum=0), as_generator(generator).host
    x = rng.uniform(low, high, size=(n, 1)).astype(np.float32)
    y = np.polynomial.polynomial.polyval(x.astype(np.float64), np.array(weights))
    y += noise * rng.standard_normal((n, 1))
    return Dataset(x, y.astype(np.float32))


def scatter(
    curves: Sequence[np.ndarray],
    noise: float,
    classes: int | Sequence[str],
    generator: Generator | None,
) -> Dataset:
    """Return the points of the curves with noise, in random order; curve k is class k."""
    noise, rng = check_number("noise", noise, minimum=0), as_generator(generator).host
    x = np.concatenate(curves)
    y = np.repeat(np.arange(len(curves)), [len(curve) for curve in curves])
    order = rng.permutation(len(x))
    x = x[order] + noise * rng.standard_normal(x.shape)
    return Dataset(x.astype(np.float32), y[order], classes)
