"""The Tensors of a module: Parameter (learned) and Buffer (not learned)."""

from __future__ import annotations

from typing import Any

from ..autograd import Tensor, raw
from ..backend import Array, namespace
from ..errors import ArgumentTypeError


class Parameter(Tensor):
    """A Tensor that a model learns.

    Args:
        data: an array or a Tensor.
        requires_grad: False freezes it: backward finds no gradient, and no optimizer changes it.
        regularize: whether penalties on weights (L1, L2, …) apply to it.  Layers set it to False
            for biases and normalisation parameters, because shrinking them does not help.

    >>> Parameter(mr.zeros((2, 3))).requires_grad
    True
    """

    __slots__ = ("regularize",)

    def __init__(
        self, data: Array | Tensor, requires_grad: bool = True, *, regularize: bool = True
    ) -> None:
        super().__init__(as_array("nn.Parameter", data), requires_grad)
        self.regularize = regularize


class Buffer(Tensor):
    """A Tensor that belongs to a module's state and is not learned: a running mean, a counter.

    It moves with `module.to`, is in `state_dict()`, and never requires a gradient.  To update it,
    assign a Tensor to the same attribute, which detaches the Tensor from its graph
    (`self.running_mean = 0.9 * self.running_mean + 0.1 * x.mean(0)`), or write to its `.data`.

    Args:
        data: an array or a Tensor, of any dtype.
        persistent: whether it is part of `state_dict()`.

    >>> layer = nn.Module()
    >>> layer.steps = nn.Buffer(mr.tensor(0))
    >>> layer.steps = layer.steps + 1
    >>> [(name, buffer.item()) for name, buffer in layer.named_buffers()]
    [('steps', 1)]
    """

    __slots__ = ("persistent",)

    def __init__(self, data: Array | Tensor, *, persistent: bool = True) -> None:
        super().__init__(as_array("nn.Buffer", data))
        self.persistent = persistent


def as_array(name: str, data: Any) -> Array:
    """The array of a Tensor, or an array as it is; `name` is the caller, for the error."""
    array = raw(data)
    if not isinstance(array, namespace(array).array_type):
        raise ArgumentTypeError(
            f"{name} takes a Tensor or an array, got a {type(data).__name__}: write "
            f"{name}(mr.tensor(…))."
        )
    return array
