"""Penalties that act entry by entry: L1, L2, and their sums in two common scalings."""

from __future__ import annotations

import copy
from functools import reduce
from typing import Any

from ..backend import namespace
from ..checks import Checked, check_choice, check_count, check_number, check_probability
from ..errors import ArgumentError
from .penalty import Penalty, Sum
from .selection import Selector


class L1(Penalty):
    """λ Σ|w|, with the gradient λ sign(w): 0 at w = 0.

    Its proximal step sets weights to exactly zero; as a loss term, it makes them jump around zero
    by lr·λ.

    Args:
        strength: λ, at least 0.

    Tibshirani (1996), "Regression shrinkage and selection via the lasso", JRSS B 58.

    >>> w = np.array([-3.0, 0.5, 2.0])
    >>> L1(0.1).value(w), L1(0.1).gradient(w)
    (np.float64(0.55), array([-0.1,  0.1,  0.1]))
    >>> L1(1.0).proximal(w, step=1.0)
    array([-2.,  0.,  1.])
    """

    order = "entry"

    def __init__(self, strength: float) -> None:
        self.strength = strength

    def value(self, w: Any) -> Any:
        xp = namespace(w)
        return self.strength * xp.sum(xp.abs(w))

    def gradient(self, w: Any) -> Any:
        return self.strength * namespace(w).sign(w)

    def proximal(self, w: Any, step: Any) -> Any:
        """The soft threshold: w moves by step·λ towards zero and stops there."""
        threshold = step * self.strength
        return w - namespace(w).clip(w, -threshold, threshold)

    def follows(self, other: Penalty) -> bool:
        # Two soft thresholds, one after the other, equal one with the sum of both thresholds.
        return isinstance(other, L1) or super().follows(other)

    @property
    def formula(self) -> str:
        return f"{self.strength:g} Σ|w|"

    def extra_repr(self) -> str:
        return f"{self.strength:g}"


SCALES = ("sum", "half", "half_mean")


def check_samples(name: str, samples: int | None) -> int | None:
    """Return m, the size of a training set, or None as long as it is not known."""
    return None if samples is None else check_count(name, samples)


class L2(Penalty):
    """The sum of squares, in three common scalings.

    | scale | term | gradient | the same as |
    |---|---|---|---|
    | `sum` | λ Σ w² | 2 λ w | Keras `L2(λ)` |
    | `half` | λ/2 Σ w² | λ w | `weight_decay=λ` in plain SGD |
    | `half_mean` | λ/(2m) Σ w² | (λ/m) w | Ng's course |

    m is the size of the *training set*, never of the batch.  With `half_mean`, the best λ of a mean
    loss does not change when the training set grows.

    Args:
        strength: λ, at least 0.
        scale: see the table.
        samples: m, for `half_mean`; `fit` fills it in.

    Hoerl and Kennard (1970), "Ridge regression", Technometrics 12.

    >>> [float(L2(0.1, scale, samples=5).value(np.array([3.0, 4.0])))
    ...  for scale in ("sum", "half", "half_mean")]
    [2.5, 1.25, 0.25]
    """

    scale: Any = Checked(check_choice, choices=SCALES)
    samples: Any = Checked(check_samples)

    def __init__(self, strength: float, scale: str = "half", samples: int | None = None) -> None:
        self.strength, self.scale, self.samples = strength, scale, samples

    @property
    def decay(self) -> float:
        if self.scale != "half_mean":
            return self.strength * (2 if self.scale == "sum" else 1)
        if self.samples is None:
            raise ArgumentError(
                "L2 with scale='half_mean' is λ/(2m) Σw² and needs m, the size of the training "
                "set: L2(λ, scale='half_mean', samples=len(train)). fit() fills it in.",
                argument="samples",
            )
        return self.strength / self.samples

    def value(self, w: Any) -> Any:
        return (self.decay / 2) * namespace(w).sum(w * w)

    def gradient(self, w: Any) -> Any:
        return self.decay * w

    def proximal(self, w: Any, step: Any) -> Any:
        """Every weight shrinks by the same factor."""
        return w / (1 + step * self.decay)

    def with_samples(self, samples: int) -> Penalty:
        if self.scale != "half_mean" or self.samples is not None:
            return self
        filled = copy.copy(self)
        filled.samples = samples
        return filled

    @property
    def formula(self) -> str:
        divisor = {"sum": "", "half": "/2", "half_mean": f"/(2·{self.samples or 'm'})"}[self.scale]
        return f"{self.strength:g}{divisor} Σw²"

    def extra_repr(self) -> str:
        samples = f", samples={self.samples}" if self.samples is not None else ""
        return f"{self.strength:g}, scale={self.scale!r}{samples}"


class L1L2(Sum):
    """l1 Σ|w| + l2 Σw², with the gradient l1 sign(w) + 2 l2 w.

    The scaling of Keras' `L1L2`.  It is `L1(l1) + L2(l2, scale="sum")`, not `L1(l1) + L2(l2)`.

    Args:
        l1, l2: strengths, at least 0.

    Source: `keras.regularizers.L1L2`.

    >>> L1L2(0.1, 0.2)
    L1(0.1) + L2(0.2, scale='sum')
    >>> L1L2(0.1, 0.2).value(np.array([3.0, -1.0]))          # 0.1 · 4 + 0.2 · 10
    np.float64(2.4)
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        l1, l2 = (check_number(n, x, minimum=0) for n, x in (("l1", l1), ("l2", l2)))
        super().__init__(L1(l1), L2(l2, scale="sum"))


class Mixture(Sum):
    """λ (ρ A + (1 − ρ) B): two penalties; λ and ρ may be changed at any time."""

    def __init__(self, strength: float, ratio: float, *parts: Penalty) -> None:
        self.parts = parts
        self.divide(strength, ratio)

    def divide(self, strength: float, ratio: float) -> None:
        """Give λρ to the first part, and λ(1 − ρ) to the second."""
        self._strength = check_number("strength", strength, minimum=0)
        self._ratio = check_probability("ratio", ratio)
        for part, share in zip(self.parts, (self._ratio, 1 - self._ratio), strict=True):
            part.strength = self._strength * share

    @property
    def strength(self) -> float:
        return self._strength

    @strength.setter
    def strength(self, strength: float) -> None:
        self.divide(strength, self._ratio)

    @property
    def ratio(self) -> float:
        return self._ratio

    @ratio.setter
    def ratio(self, ratio: float) -> None:
        self.divide(self._strength, ratio)

    @property
    def terms(self) -> tuple[Penalty, ...]:
        return tuple(reduce(Penalty.narrow, self.selections, part) for part in self.parts)

    def on(self, *selectors: Selector) -> Penalty:
        return self.narrow(selectors)


class ElasticNet(Mixture):
    """λ (ρ Σ|w| + (1 − ρ)/2 Σw²), with the gradient λ (ρ sign(w) + (1 − ρ) w).

    The scaling of scikit-learn, beside half the mean of squares.  It is `L1(λρ) + L2(λ(1 − ρ))`.

    Args:
        strength: λ, scikit-learn's `alpha`; at least 0.
        l1_ratio: ρ, from 0 (only L2) to 1 (only L1).

    Zou and Hastie (2005), "Regularization and variable selection via the elastic net", JRSS B 67.

    >>> ElasticNet(0.4, l1_ratio=0.25)
    L1(0.1) + L2(0.3, scale='half')
    >>> ElasticNet(0.4, l1_ratio=0.25).gradient(np.array([2.0, -1.0]))
    array([ 0.7, -0.4])
    """

    def __init__(self, strength: float, l1_ratio: float = 0.5) -> None:
        super().__init__(strength, check_probability("l1_ratio", l1_ratio), L1(0), L2(0))
