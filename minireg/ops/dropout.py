"""Dropout: entries set to zero by a mask that the caller draws."""

from __future__ import annotations

from ..autograd import primitive
from ..checks import check_probability

__all__ = ["dropout"]


@primitive
def dropout(x, mask, p):
    """Inverted dropout with an explicit mask: y = mask · x / (1 − p).  d/dx = mask / (1 − p).

    The scaling keeps the mean of y at x, so that nothing has to be done in evaluation.

    Args:
        x: any shape.
        mask: boolean, broadcast against x; True = kept.  Draw it with
            `Generator(seed).bernoulli(x.shape, 1 - p)`.
        p: the probability of dropping, 0 ≤ p < 1.

    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
    JMLR 15.

    >>> mr.dropout(mr.tensor([1.0, 2.0, 3.0]), mr.tensor([True, False, True]), p=0.5).tolist()
    [2.0, 0.0, 6.0]
    """
    check_probability("p, the probability of dropping,", p, below_one=True)
    scale = mask.astype(x.dtype) * (1 / (1 - p))
    return x * scale, (lambda g: g * scale,)
