"""Penalty: a term of the loss, its explicit gradient, and its proximal step; sums of penalties."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from operator import add
from typing import Any

from ..backend import namespace
from ..checks import check_number, describe_value
from ..errors import ArgumentError, ArgumentTypeError
from .selection import Selective, Selector, match, named_tensors, refuse_strength

# Taken in this order, the proximal steps of two penalties give that of their sum: see `Sum`.
ORDER = ("unknown", "entry", "orthant", "group", "ball")


class Penalty(Selective):
    """A penalty on the weights of a model, and three ways to train with it.

    | | |
    |---|---|
    | `loss + penalty(model)` | a term of the loss; autograd finds its gradient |
    | `penalty.add_gradients(model)` | after `backward`: its explicit gradient, without a graph |
    | `penalty.apply_proximal(model, length)` | after `step`: its proximal step (L1: exact zeros) |

    The first two give the same `.grad`; the third takes another step towards the same minimum.

    A model is a Module, a Tensor, or an iterable of Tensors.  Parameters with `regularize=False`
    (biases) are not penalized, and `on` narrows the choice further;
    `regularizers.describe(model, penalty)` shows it.  The last two ways change only parameters that
    require a gradient: frozen ones stay as they are.

    A subclass defines `value(w)` and `gradient(w)` for one array of weights, and `proximal(w,
    step)` if there is a formula:

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

    Attributes:
        order: the place of its proximal step in a sum, one of `ORDER`.
        axis: the axis that weights must have; None: any shape will do.
    """

    order = "unknown"
    axis: Any = None

    # -- what a subclass defines, for one array or Tensor of weights -------------------------------

    def value(self, w: Any) -> Any:
        """The penalty of one array or Tensor of weights."""
        raise NotImplementedError(f"{type(self).__name__} must define value(w).")

    def gradient(self, w: Any) -> Any:
        """d value / d w, of the shape of w; 0 at kinks."""
        raise NotImplementedError(f"{type(self).__name__} must define gradient(w).")

    def proximal(self, w: Any, step: Any) -> Any:
        """argmin_u  ½‖u − w‖² + step · value(u).

        Args:
            w: an array or a Tensor.
            step: the learning rate of the step that came before.

        Raises:
            ArgumentError: no proximal step is known for this penalty.

        Parikh and Boyd (2014), "Proximal algorithms".
        """
        raise ArgumentError(
            f"No proximal step is known for {self!r}; use it as a loss term: loss + penalty(model)."
        )

    def follows(self, other: Penalty) -> bool:
        """Whether this proximal step, taken after that of `other`, gives the one of their sum."""
        return 0 < ORDER.index(other.order) < ORDER.index(self.order)

    @property
    def decay(self) -> float | None:
        """c if the penalty is c/2 Σw², so that its gradient c·w is weight decay; else None."""
        return None

    @property
    def constraints(self) -> Penalty | None:
        """The part that projects weights after every step, even if the rest is a loss term."""
        return None

    @property
    def formula(self) -> str:
        """The value as text, for `describe`."""
        return repr(self)

    def with_samples(self, samples: int) -> Penalty:
        """This penalty with the size of the training set filled in where it is missing."""
        return self

    # -- on a model --------------------------------------------------------------------------------

    def __call__(self, model: Any) -> Any:
        """The sum of `value` over the selected parameters, as a Tensor."""
        return reduce(add, (penalty.value(p) for _, p, penalty in self.select(model)))

    def add_gradients(self, model: Any) -> None:
        """Add `gradient(w)` to the `.grad` of every selected parameter."""
        for p, penalty in self.select_trained(model):
            g = penalty.gradient(p.data)
            # NumPy turns results without axes into numbers.
            p.grad = namespace(p.data).asarray(g if p.grad is None else p.grad + g)

    def apply_proximal(self, model: Any, step: Any) -> None:
        """Replace every selected parameter by `proximal(w, step)`, in place.

        `step` is the length of the step before it, or a function of the parameter that returns it:
        `optimizer.effective_step`, which is right for every optimizer.
        """
        length = step if callable(step) else lambda p: check_number("step", step, minimum=0)
        found = [(p, q.proximal(p.data, length(p))) for p, q in self.select_trained(model)]
        for p, u in found:  # nothing was changed if one of them raised
            p.overwrite(u)

    def on(self, *selectors: Selector) -> Penalty:
        """Return this penalty, limited to the parameters that one of the selectors chooses.

        Both share all settings, such as the strength.  It only narrows the choice: a parameter with
        `regularize=False` (a bias) is left out for any selector, until you set `p.regularize =
        True`.  Chained calls narrow the choice further, and on a sum every term is narrowed.

        Args:
            selectors: a layer class (parameters in modules of this class, at any depth), a pattern
                for the parameter's path (`"fc1.*"`; `*`, `?` and `[…]` as in file names), or a
                function of (path, parameter) that returns a bool.

        Raises:
            ArgumentTypeError: a selector is none of these.
            ArgumentError: on use, if no parameter of the model is selected.

        >>> from minireg import regularizers as reg
        >>> model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2))
        >>> penalty = reg.L1(1e-4).on("2.*") + reg.L2(1e-3).on(nn.Conv2d)
        >>> [(path, terms) for path, _, terms in penalty.select(model)]
        [('0.weight', L2(0.001, scale='half').on(Conv2d)), ('2.weight', L1(0.0001).on('2.*'))]
        """
        return self.narrow(selectors)

    def select(self, model: Any) -> list[tuple[str, Any, Penalty]]:
        """The parameters that the penalty acts on: path, parameter, and those terms that select it.

        A training loop calls this once, and then `value`, `gradient` and `proximal` of the terms.
        """
        found = [(name, p, terms) for name, p, terms in self.assign_terms(model) if terms]
        if not found:
            raise ArgumentError(
                f"{self!r} found nothing to penalize: every parameter has regularize=False, or "
                f"there are none."
            )
        return found

    def select_trained(self, model: Any) -> list[tuple[Any, Penalty]]:
        """The selected parameters that require a gradient, with their terms."""
        found = [(p, terms) for _, p, terms in self.select(model) if p.requires_grad]
        if not found:
            raise ArgumentError(
                f"{self!r} found nothing to change: no penalized parameter requires a gradient."
            )
        return found

    def assign_terms(self, model: Any) -> list[tuple[str, Any, Any]]:
        """Path, parameter and the terms that select it (None without any), for all parameters."""
        named = list(named_tensors(model))
        chosen = [(term, term.choose(model, named)) for term in self.split()]
        rows = [(name, p, [term for term, some in chosen if p in some]) for name, p in named]
        return [(name, p, reduce(add, terms) if terms else None) for name, p, terms in rows]

    def choose(self, model: Any, named: list[tuple[str, Any]]) -> set[Any]:
        """The parameters that this term acts on."""
        regularized = {name: p for name, p in named if getattr(p, "regularize", True)}
        found = set(regularized.values())
        for selectors in self.selections:
            found &= {p for s in selectors for p in match(s, model, regularized)}
        if regularized and not found:
            raise ArgumentError(
                f"{self!r} selects no parameter of this model. The parameters with regularize=True "
                f"are {', '.join(regularized)}. A pattern is for whole paths, such as '0.*'."
            )
        for name, p in regularized.items():
            if p in found:
                check_axis(self.axis, p, repr(name))
        return found

    def split(self) -> tuple[Penalty, ...]:
        """The terms of a sum; of any other penalty, itself."""
        return (self,)

    # -- adding ------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> Penalty:
        if not isinstance(other, Penalty):
            raise ArgumentTypeError(
                f"Only penalties can be added to a penalty, got {describe_value(other)}. For a "
                f"loss, write loss + penalty(model)."
            )
        return Sum(self, other)

    def __radd__(self, other: Any) -> Penalty:
        # sum([L1(a), L2(b)]) begins with 0.
        return self if isinstance(other, int) and other == 0 else self + other


class Sum(Penalty):
    """Several penalties added, each with its own selection: `L1(a).on("fc1.*") + L2(b)`."""

    strength = property(refuse_strength, refuse_strength)  # type: ignore[assignment]
    terms: Any

    def __init__(self, *penalties: Penalty) -> None:
        self.terms = tuple(term for penalty in penalties for term in penalty.split())

    def value(self, w: Any) -> Any:
        return reduce(add, (term.value(w) for term in self.terms))

    def gradient(self, w: Any) -> Any:
        return reduce(add, (term.gradient(w) for term in self.terms))

    def proximal(self, w: Any, step: Any) -> Any:
        """The proximal step of the sum, from those of its terms.

        Quadratic terms are taken out first: the prox of t(f + c/2 ‖·‖²) at w is that of t′f at
        w/(1 + tc), with t′ = t/(1 + tc) (Parikh and Boyd, 2014, "Proximal algorithms").

        The others follow in the order of `ORDER`: entrywise penalties (L1), w ≥ 0, norms of groups,
        balls ‖w‖ ≤ r.  That is exact: a soft threshold and max(·, 0) commute, and groups and balls
        only change the length of what came before.  In another order it is not: before w ≥ 0, a
        group would shrink by a norm that includes entries which w ≥ 0 then sets to 0.

        Raises:
            ArgumentError: the proximal step of a term is unknown, or two of them do not compose.

        Yu (2013), "On decomposing the proximal map", NeurIPS 26.
        """
        shrink = 1 + step * sum(term.decay for term in self.terms if term.decay is not None)
        others = [term for term in self.terms if term.decay is None]
        others.sort(key=lambda term: ORDER.index(term.order))
        for first, then in combinations(others, 2):
            if not then.follows(first):
                raise ArgumentError(
                    f"No proximal step is known for {self!r}: those of {first!r} and {then!r} do "
                    f"not compose; use it as a loss term: loss + penalty(model)."
                )
        w, step = w / shrink, step / shrink
        for term in others:
            w = term.proximal(w, step)
        return w

    @property
    def constraints(self) -> Penalty | None:
        found = [term for term in self.terms if term.constraints is not None]
        return reduce(add, found) if found else None

    @property
    def formula(self) -> str:
        return " + ".join(term.formula for term in self.terms)

    def with_samples(self, samples: int) -> Penalty:
        return Sum(*(term.with_samples(samples) for term in self.terms))

    def on(self, *selectors: Selector) -> Penalty:
        return Sum(*(term.on(*selectors) for term in self.terms))

    def split(self) -> tuple[Penalty, ...]:
        return self.terms

    def __repr__(self) -> str:
        return " + ".join(map(repr, self.terms))


def check_axis(axis: int | None, w: Any, name: str = "an array") -> None:
    """Raise an error if the weights w lack the axis that a penalty needs."""
    if axis is not None and axis >= w.ndim:
        raise ArgumentError(
            f"The penalty needs weights with an axis {axis}, and {name} of shape {tuple(w.shape)} "
            f"has {w.ndim or 'no'} axes; choose others with .on(...).",
            argument="axis",
        )
