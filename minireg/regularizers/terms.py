"""Terms of the forward pass: penalties on the outputs of layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import reduce
from operator import add
from typing import Any

from ..autograd import Tensor
from ..backend import namespace
from ..checks import describe_value
from ..errors import ArgumentError, ArgumentTypeError
from .selection import Selective, Selector, check_module, match_modules


class OutputPenalty(Selective):
    """A term of the loss that depends on the outputs of layers, not on weights.

    It acts on the output of the model; `on` chooses layers instead.  `fit(terms=…)` adds it to the
    loss of the training.  In a loop of your own, record the outputs:

    >>> from minireg import regularizers as reg
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))
    >>> term = reg.ActivityL1(0.01).on(nn.ReLU)
    >>> with term.record(model) as outputs:
    ...     z = model(mr.ones((5, 2)))
    >>> [a.shape for a in outputs]
    [(5, 3)]
    >>> loss = mr.cross_entropy(z, mr.tensor([0, 1, 0, 1, 0])) + term(outputs)

    A subclass defines `value(a)` and `gradient(a)` for one output, whose first axis counts the N
    examples of the batch: a sum over the examples, divided by N.

    Args:
        strength: at least 0.
    """

    def __init__(self, strength: float) -> None:
        self.strength = strength

    def value(self, a: Any) -> Any:
        """The term of one output, an array or a Tensor."""
        raise NotImplementedError(f"{type(self).__name__} must define value(a).")

    def gradient(self, a: Any) -> Any:
        """d value / d a, of the shape of a."""
        raise NotImplementedError(f"{type(self).__name__} must define gradient(a).")

    def on(self, *selectors: Selector) -> OutputPenalty:
        """Return this term, on the outputs of the layers that one of the selectors chooses.

        Both share all settings, such as the strength.  Chained calls narrow the choice further.

        Args:
            selectors: a layer class, a pattern for the path of a module (`"2"`, `"blocks.*"`), or a
                function of (path, module) that returns a bool.

        >>> ActivityL2(0.1).on("0", nn.ReLU)
        ActivityL2(0.1).on('0', ReLU)
        """
        return self.narrow(selectors)

    def select(self, model: Any) -> list[tuple[str, Any]]:
        """Path and module of the layers whose outputs it acts on; the model itself has path ""."""
        if not self.selections:
            return [("", check_module(model))]
        chosen = [
            (path, module)
            for path, module in check_module(model).named_modules()
            if all(match_modules(some, path, module) for some in self.selections)
        ]
        if not chosen:
            paths = ", ".join(path for path, _ in model.named_modules() if path)
            raise ArgumentError(f"{self!r} selects no module of this model. There are {paths}.")
        return chosen

    @contextmanager
    def record(self, model: Any) -> Iterator[list[Any]]:
        """A `with` block that lists the outputs of the selected layers, in the order of calls."""
        outputs: list[Any] = []
        with ExitStack() as blocks:
            for _, module in self.select(model):
                blocks.enter_context(recorded(module, outputs.append))
            yield outputs

    def __call__(self, outputs: list[Any]) -> Any:
        """The sum of `value` over the recorded outputs, as a Tensor."""
        came = outputs if isinstance(outputs, list) else [outputs]
        if came is not outputs or not came or not all(map(is_batch, came)):
            raise ArgumentTypeError(
                f"{self!r} needs a list of outputs recorded while the model was called, Tensors of "
                f"at least one example, got {', '.join(map(describe_value, came)) or 'none'}."
            )
        return reduce(add, map(self.value, outputs))

    def extra_repr(self) -> str:
        return f"{self.strength:g}"


def is_batch(a: Any) -> bool:
    """Whether the first axis of a counts examples, one at least."""
    return isinstance(a, Tensor) and a.ndim > 0 and a.shape[0] > 0


@contextmanager
def recorded(module: Any, found: Callable[[Any], None]) -> Iterator[None]:
    """A `with` block in which `found` is called with each output of the module."""
    own, forward = vars(module).get("forward"), module.forward

    def record(*inputs: Any, **options: Any) -> Any:
        output = forward(*inputs, **options)
        found(output)
        return output

    module.forward = record
    try:
        yield
    finally:
        del module.forward
        if own is not None:  # a block within another one
            module.forward = own


class ActivityL1(OutputPenalty):
    """λ/N Σ|a|, with the gradient λ/N sign(a): layers whose outputs are mostly near zero.

    Args:
        strength: λ, at least 0.

    Glorot, Bordes and Bengio (2011), "Deep sparse rectifier neural networks", AISTATS, section 3.

    >>> a = np.array([[-3.0, 0.0], [1.0, 4.0]])
    >>> ActivityL1(0.5).value(a), ActivityL1(0.5).gradient(a).tolist()
    (np.float64(2.0), [[-0.25, 0.0], [0.25, 0.25]])
    """

    def value(self, a: Any) -> Any:
        xp = namespace(a)
        return self.strength / a.shape[0] * xp.sum(xp.abs(a))

    def gradient(self, a: Any) -> Any:
        return self.strength / a.shape[0] * namespace(a).sign(a)


class ActivityL2(OutputPenalty):
    """λ/N Σ a², with the gradient 2λ/N a: layers with small outputs.

    Args:
        strength: λ, at least 0.

    Merity, McCann and Socher (2017), "Revisiting activation regularization for language RNNs".

    >>> a = np.array([[-3.0, 0.0], [1.0, 4.0]])
    >>> ActivityL2(0.5).value(a), ActivityL2(0.5).gradient(a).tolist()
    (np.float64(6.5), [[-1.5, 0.0], [0.5, 2.0]])
    """

    def value(self, a: Any) -> Any:
        return self.strength / a.shape[0] * namespace(a).sum(a * a)

    def gradient(self, a: Any) -> Any:
        return 2 * self.strength / a.shape[0] * a


class ConfidencePenalty(OutputPenalty):
    """−β/N Σ H(p) for p = softmax(z), with the entropy H(p) = −Σₖ pₖ log pₖ of each example.

    d/dz = β/N p ⊙ (log p + H).  If one class has probability 1, H = 0 and the value is largest.
    A class with the logit −∞ counts 0, as 0 log 0 = 0.

    Args:
        strength: β, at least 0.

    Shapes:
        z (N, ..., K), logits of K ≥ 2 classes.

    Pereyra et al. (2017), "Regularizing neural networks by penalizing confident output
    distributions", section 3.

    >>> z = np.zeros((3, 4))
    >>> round(float(ConfidencePenalty(0.1).value(z) / np.log(4)), 6)
    -0.1
    """

    def value(self, z: Any) -> Any:
        p, log_p = find_probabilities(z)
        return self.strength / z.shape[0] * namespace(z).sum(p * log_p)

    def gradient(self, z: Any) -> Any:
        p, log_p = find_probabilities(z)
        entropy = -namespace(z).sum(p * log_p, axis=-1, keepdims=True)
        return self.strength / z.shape[0] * p * (log_p + entropy)


def find_probabilities(z: Any) -> tuple[Any, Any]:
    """p = softmax(z) and log p; 0 for log p where p = 0, as p log p = 0 there (logits of −∞)."""
    if z.ndim < 2 or z.shape[-1] < 2:
        raise ArgumentError(
            f"ConfidencePenalty takes logits (N, ..., K) of at least two classes, got shape "
            f"{tuple(z.shape)}."
        )
    xp = namespace(z)
    log_p = z - xp.logsumexp(z, axis=-1, keepdims=True)
    p = xp.exp(log_p)
    return p, xp.where(p == 0, 0, log_p)
