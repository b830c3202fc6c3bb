"""A table of what acts on each parameter, and how strongly."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import no_grad
from ..backend import namespace
from ..checks import check_count, describe_value
from ..errors import ArgumentTypeError
from .constraints import Constraint
from .layers import of_layers
from .penalty import Penalty, Sum


def describe(
    model: Any, penalty: Penalty | None = None, optimizer: Any = None, samples: int | None = None
) -> str:
    """Return a table of the parameters: their penalty, its strength, and its share of the total.

    The strength of squares is given in all three scalings of `L2`: λ of the same penalty as `sum`,
    `half` and `half_mean`.  A constraint has no share: the table says whether it holds, or how far
    the weights are from the nearest ones that satisfy it.

    Args:
        model: a Module, a Tensor or an iterable of Tensors.
        penalty: by default that of the layers, `of_layers(model)`; without any, none.
        optimizer: adds the `weight_decay` with which it shrinks each parameter.
        samples: m, the size of the training set, for `half_mean`.

    >>> from minireg import regularizers as reg
    >>> model = nn.Linear(2, 1)
    >>> model.weight.data[...] = [[3.0, 4.0]]
    >>> sgd = optim.SGD(model.parameters(), lr=0.1, weight_decay=0.01)
    >>> print(describe(model, reg.L1(1.0) + reg.L2(0.1), sgd, samples=50))
    L1(1) + L2(0.1, scale='half') = 8.25
      parameter  shape   penalty             L2 as sum  half  half_mean  weight_decay  share
      weight     (1, 2)  1 Σ|w| + 0.1/2 Σw²  0.05       0.1   5          0.01          100.0%
      bias       (1,)    not penalized       0          0     0          0.01          0.0%
    >>> print(describe(model, reg.NonNegative() + reg.MaxNorm(3.0)))
    NonNegative() + MaxNorm(3, axis=0) = 0
      parameter  shape   penalty                 L2 as sum  half  half_mean  share
      weight     (1, 2)  (w ≥ 0) + (‖w[i]‖ ≤ 3)  0          0     0          holds, violated by 2
      bias       (1,)    not penalized           0          0     0          0.0%
    """
    if penalty is None:
        penalty = (of_layers(model) if hasattr(model, "named_modules") else None) or Sum()
    if not isinstance(penalty, Penalty):
        raise ArgumentTypeError(
            f"describe(model, penalty) needs a penalty on weights such as regularizers.L2(1e-4), "
            f"as no layer has one of its own, got {describe_value(penalty)}.",
            argument="penalty",
        )
    if samples is not None:
        penalty = penalty.with_samples(check_count("samples", samples))
    rows = penalty.assign_terms(model)
    with no_grad():
        values = [float(terms.value(p).item()) if terms else 0.0 for _, p, terms in rows]
        total = sum(values)
        shares = [
            describe_share(terms, p, value / total if total else 0)
            for (_, p, terms), value in zip(rows, values)
        ]
    table: list[tuple[str, ...]] = [
        ("parameter", "shape", "penalty", "L2 as sum", "half", "half_mean", "share")
    ]
    for (name, p, terms), share in zip(rows, shares):
        c = total_decay(terms) if terms else 0.0
        mean = f"{c:g}·m" if c and samples is None else f"{c * (samples or 0):g}"
        formula = terms.formula if terms else "not penalized"
        table.append((name, str(p.shape), formula, f"{c / 2:g}", f"{c:g}", mean, share))
    if optimizer is not None:
        if not hasattr(optimizer, "param_groups"):
            raise ArgumentTypeError(
                f"optimizer must be one of minireg.optim, got {describe_value(optimizer)}.",
                argument="optimizer",
            )
        decays = {p: g.get("weight_decay", 0) for g in optimizer.param_groups for p in g["params"]}
        texts = ["weight_decay", *(f"{decays.get(p, 0):g}" for _, p, _ in rows)]
        table = [(*row[:-1], text, row[-1]) for row, text in zip(table, texts)]
    widths = [max(map(len, column)) for column in zip(*table)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)
    title = f"{repr(penalty) or 'no penalty'} = {total:g}"
    return "\n".join([title, *(f"  {line}" for line in lines)])


def total_decay(terms: Penalty) -> float:
    """c of the part c/2 Σw² of a penalty, the sum of its quadratic terms."""
    return sum(term.decay for term in terms.split() if term.decay is not None)


def describe_share(terms: Penalty | None, p: Any, share: float) -> str:
    """The share of a parameter, and for each constraint on it whether it holds up to rounding."""
    split = terms.split() if terms else ()
    constraints = [term for term in split if isinstance(term, Constraint)]
    cells = [] if split and len(constraints) == len(split) else [f"{share:.1%}"]
    for constraint in constraints:
        distance = constraint.distance(p)
        rounding = 16 * float(np.finfo(distance.dtype).eps) * namespace(p).norm(p)
        holds = bool((distance <= rounding).item())
        cells.append("holds" if holds else f"violated by {distance.item():g}")
    return ", ".join(cells)
