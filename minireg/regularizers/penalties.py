"""Penalties: a term of the loss, its explicit gradient, and its proximal step."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from ..autograd import Tensor
from ..backend import namespace
from ..checks import check_count, check_number
from ..errors import ArgumentError, ArgumentTypeError


class Penalty:
    """A penalty on the weights of a model, and three ways to train with it.

    | | |
    |---|---|
    | `loss + penalty(model)` | a term of the loss; autograd finds its gradient |
    | `penalty.add_gradients(model)` | after `backward`: its explicit gradient, without a graph |
    | `penalty.apply_proximal(model, lr)` | after `step`: its proximal step (L1: exact zeros) |

    The first two give the same `.grad`; the third takes another step towards the same minimum.

    A model is a Module, a Tensor, or an iterable of Tensors.  Parameters that say
    `regularize=False` (biases) are left alone; `describe(model)` shows which.  The last two change
    only what requires a gradient: frozen parameters stay as they are.

    A subclass defines `value(w)` and `gradient(w)`, and `coefficients()` if its proximal step is
    known:

    >>> import minireg as mr
    >>> class Quartic(Penalty):
    ...     def value(self, w):
    ...         return (w * w * w * w).sum()
    ...     def gradient(self, w):
    ...         return 4 * w * w * w
    >>> w = mr.tensor([1.0, 2.0], requires_grad=True)
    >>> Quartic()(w).item()
    17.0
    >>> Quartic().add_gradients(w)
    >>> w.grad
    array([ 4., 32.], dtype=float32)
    """

    def value(self, w: Any) -> Any:
        """The penalty of one array or Tensor of weights."""
        raise NotImplementedError(f"{type(self).__name__} must define value(w).")

    def gradient(self, w: Any) -> Any:
        """d value / d w, of the shape of w; 0 at kinks."""
        raise NotImplementedError(f"{type(self).__name__} must define gradient(w).")

    def coefficients(self) -> tuple[float, float] | None:
        """(a, c) if the penalty is a Σ|w| + c/2 Σw²; None if it is something else."""
        return None

    def proximal(self, w: Any, step: float) -> Any:
        """argmin_u  ½‖u − w‖² + step · value(u).

        For a Σ|u| + c/2 Σu² it is soft(w, step·a) / (1 + step·c), where soft(w, t) moves w by t
        towards zero and stops there.

        Args:
            w: an array or a Tensor.
            step: the learning rate of the step that came before.

        Raises:
            ArgumentError: no proximal step is known for this penalty.

        Parikh and Boyd (2014), "Proximal algorithms", section 6.5.

        >>> import numpy as np
        >>> L1(1.0).proximal(np.array([-3.0, 0.5, 2.0]), step=1.0)
        array([-2.,  0.,  1.])
        """
        coefficients = self.coefficients()
        if coefficients is None:
            raise ArgumentError(f"No proximal step is known for {self!r}; use it as a loss term.")
        a, c = coefficients
        xp = namespace(w)
        if a != 0:
            w = w - xp.clip(w, -step * a, step * a)  # the soft threshold
        return w / (1 + step * c)

    def __call__(self, model: Any) -> Any:
        """The sum of `value` over the model's regularized parameters, as a Tensor."""
        terms = [self.value(p) for _, p in self.targets(model)]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total

    def add_gradients(self, model: Any) -> None:
        """Add `gradient(w)` to the `.grad` of every regularized parameter."""
        for p in self.trained(model):
            g = self.gradient(p.data)
            p.grad = g if p.grad is None else p.grad + g

    def apply_proximal(self, model: Any, step: float) -> None:
        """Replace every regularized parameter by `proximal(w, step)`, in place."""
        step = check_number("step", step, minimum=0)
        for p in self.trained(model):
            p.data[...] = self.proximal(p.data, step)

    def describe(self, model: Any) -> str:
        """A table of the model's parameters that says which of them the penalty touches.

        >>> from minireg import nn
        >>> print(L2(0.01).describe(nn.Linear(3, 2)))
        L2(0.01, scale='half')
          weight  (2, 3)  penalized
          bias    (2,)    not penalized
        """
        rows = [
            (name, str(p.shape), "penalized" if is_regularized(p) else "not penalized")
            for name, p in named_tensors(model)
        ]
        widths = [max((len(row[i]) for row in rows), default=0) for i in range(2)]
        lines = [f"  {a:<{widths[0]}}  {b:<{widths[1]}}  {c}" for a, b, c in rows]
        return "\n".join([repr(self), *lines])

    def targets(self, model: Any) -> list[tuple[str, Any]]:
        """The parameters of `model` that the penalty applies to, with their names."""
        found = [(name, p) for name, p in named_tensors(model) if is_regularized(p)]
        if not found:
            raise ArgumentError(
                f"{self!r} found nothing to penalize: every parameter says regularize=False, or "
                f"there are none."
            )
        return found

    def trained(self, model: Any) -> list[Any]:
        """Those of the targets that require a gradient."""
        found = [p for _, p in self.targets(model) if p.requires_grad]
        if not found:
            raise ArgumentError(
                f"{self!r} found nothing to change: no penalized parameter requires a gradient."
            )
        return found

    def with_samples(self, samples: int) -> Penalty:
        """This penalty with the size of the training set filled in where it is still open."""
        return self

    def __radd__(self, other: Any) -> Penalty:
        return self if other == 0 else self + other  # sum([L1(a), L2(b)]) begins with 0

    def __add__(self, other: Any) -> Penalty:
        if not isinstance(other, Penalty):
            raise ArgumentTypeError(
                f"Only penalties can be added to a penalty, got {other!r}. For a loss: "
                f"loss + penalty(model)."
            )
        return Sum(self, other)


class L1(Penalty):
    """λ Σ|w|, with the gradient λ sign(w): 0 at w = 0.

    Under its proximal step it drives weights to exactly zero; as a loss term, it makes them jump
    around zero by lr·λ.

    Args:
        strength: λ, at least 0.

    Tibshirani (1996), "Regression shrinkage and selection via the lasso", JRSS B 58.

    >>> import numpy as np
    >>> L1(0.5).value(np.array([1.0, -2.0, 0.0])), L1(0.5).gradient(np.array([1.0, -2.0, 0.0]))
    (np.float64(1.5), array([ 0.5, -0.5,  0. ]))
    """

    def __init__(self, strength: float) -> None:
        self.strength = check_number("strength", strength, minimum=0)

    def value(self, w: Any) -> Any:
        xp = namespace(w)
        return self.strength * xp.sum(xp.abs(w))

    def gradient(self, w: Any) -> Any:
        return self.strength * namespace(w).sign(w)

    def coefficients(self) -> tuple[float, float]:
        return self.strength, 0.0

    def __repr__(self) -> str:
        return f"L1({self.strength:g})"


SCALES = ("sum", "half", "half_mean")


class L2(Penalty):
    """The sum of squares, in the three scalings that are in use.

    | scale | term | gradient | the same as |
    |---|---|---|---|
    | `sum` | λ Σ w² | 2 λ w | Keras `L2(λ)` |
    | `half` | λ/2 Σ w² | λ w | `weight_decay=λ` in plain SGD |
    | `half_mean` | λ/(2m) Σ w² | (λ/m) w | Ng's course |

    m is the size of the *training set*, never of the batch.  With it the best λ of a mean loss does
    not move when the training set grows.

    Args:
        strength: λ, at least 0.
        scale: see the table.
        samples: m, for `half_mean`; `fit` fills it in.

    Hoerl and Kennard (1970), "Ridge regression", Technometrics 12.

    >>> import numpy as np
    >>> [float(L2(0.1, scale, samples=5).value(np.array([3.0, 4.0])))
    ...  for scale in ("sum", "half", "half_mean")]
    [2.5, 1.25, 0.25]
    """

    def __init__(self, strength: float, scale: str = "half", samples: int | None = None) -> None:
        self.strength = check_number("strength", strength, minimum=0)
        if scale not in SCALES:
            raise ArgumentError(f"scale must be one of {SCALES}, got {scale!r}.")
        self.scale = scale
        self.samples = None if samples is None else check_count("samples", samples)

    @property
    def decay(self) -> float:
        """c in the gradient c·w."""
        if self.scale != "half_mean":
            return self.strength * (2 if self.scale == "sum" else 1)
        if self.samples is None:
            raise ArgumentError(
                "L2 with scale='half_mean' is λ/(2m) Σw² and needs m, the size of the training "
                "set: L2(λ, scale='half_mean', samples=len(train)). fit() fills it in."
            )
        return self.strength / self.samples

    def value(self, w: Any) -> Any:
        return (self.decay / 2) * namespace(w).sum(w * w)

    def gradient(self, w: Any) -> Any:
        return self.decay * w

    def coefficients(self) -> tuple[float, float]:
        return 0.0, self.decay

    def with_samples(self, samples: int) -> Penalty:
        if self.scale != "half_mean" or self.samples is not None:
            return self
        filled = copy.copy(self)
        filled.samples = check_count("samples", samples)
        return filled

    def __repr__(self) -> str:
        samples = f", samples={self.samples}" if self.samples is not None else ""
        return f"L2({self.strength:g}, scale={self.scale!r}{samples})"


class Sum(Penalty):
    """Several penalties added: `L1(a) + L2(b)`."""

    def __init__(self, *terms: Penalty) -> None:
        self.terms = terms

    def value(self, w: Any) -> Any:
        return sum((term.value(w) for term in self.terms[1:]), self.terms[0].value(w))

    def gradient(self, w: Any) -> Any:
        return sum((term.gradient(w) for term in self.terms[1:]), self.terms[0].gradient(w))

    def coefficients(self) -> tuple[float, float] | None:
        parts = [term.coefficients() for term in self.terms]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return sum(a for a, _ in known), sum(c for _, c in known)

    def with_samples(self, samples: int) -> Penalty:
        return Sum(*(term.with_samples(samples) for term in self.terms))

    def __repr__(self) -> str:
        return " + ".join(map(repr, self.terms))


def is_regularized(p: Any) -> bool:
    return getattr(p, "regularize", True)


def named_tensors(model: Any) -> Iterator[tuple[str, Any]]:
    """The parameters of a Module, or the Tensors of an iterable, with names."""
    if hasattr(model, "named_parameters"):
        yield from model.named_parameters()
        return
    tensors = [model] if isinstance(model, Tensor) else model
    if not isinstance(tensors, Iterable):
        raise ArgumentTypeError(
            f"A penalty applies to a Module, a Tensor or an iterable of Tensors, got {model!r}."
        )
    for i, p in enumerate(tensors):
        if not isinstance(p, Tensor):
            raise ArgumentTypeError(f"A penalty applies to Tensors, and number {i + 1} is {p!r}.")
        yield f"[{i}]", p
