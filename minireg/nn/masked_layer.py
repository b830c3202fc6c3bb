"""The base of the dropout layers: draw a mask in training, keep it, list it, use it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..autograd import Tensor, raw
from ..backend import Array, namespace
from ..checks import Checked, check_dropping
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator, as_generator
from .module import Module


class MaskedLayer(Module):
    """The base of layers that draw a mask or noise for every training step.

    A subclass defines `use`, and what differs from a boolean mask of the shape of x and from the
    identity in evaluation.  The mask or noise of the last training step stays in `mask`.

    Args:
        generator: draws the masks; by default a new stream of `mr.default_generator()`.

    >>> class SignFlip(nn.MaskedLayer):
    ...     def draw(self, shape, like):
    ...         return self.generator.bernoulli(shape, 0.9, like)
    ...     def use(self, x, mask):
    ...         return mr.where(mr.tensor(mask), x, -x)
    >>> layer = SignFlip(mr.Generator(3))
    >>> layer(mr.ones(5)).tolist(), layer.mask.tolist()
    ([1.0, 1.0, 1.0, -1.0, 1.0], [True, True, True, False, True])
    """

    def __init__(self, generator: Generator | None = None) -> None:
        self.generator = as_generator(generator)
        self.mask: Any = None
        self.replayed: Any = None  # set by `replay`

    def mask_shape(self, x: Tensor) -> tuple[int, ...]:
        """The shape of the mask for x."""
        return x.shape

    def draw(self, shape: tuple[int, ...], like: Array) -> Array:
        """Draw a mask of this shape, on the backend of the array `like`."""
        raise NotImplementedError(f"{type(self).__name__} must define draw(self, shape, like).")

    def use(self, x: Tensor, mask: Array) -> Tensor:
        """The output in training."""
        raise NotImplementedError(f"{type(self).__name__} must define use(self, x, mask).")

    def evaluate(self, x: Tensor) -> Tensor:
        """The output in evaluation."""
        return x

    def is_random(self) -> bool:
        """Whether it uses a mask in training: not if its p or σ is 0."""
        return True

    def forward(self, x: Tensor) -> Tensor:
        x = as_floating_tensor(x)
        if not (self.training and self.is_random()):
            return self.evaluate(x)
        shape = self.mask_shape(x)
        if self.replayed is None:
            # NumPy turns results without axes into numbers.
            self.mask = namespace(x.data).asarray(self.draw(shape, x.data))
        else:
            if self.replayed.shape != shape:
                raise ArgumentError(
                    f"{self!r} needs a mask of shape {shape} here; the one to be used again has "
                    f"shape {self.replayed.shape}."
                )
            self.mask = namespace(self.replayed).transfer(self.replayed, x.backend)
        return self.use(x, self.mask)


def as_floating_tensor(x: Any) -> Tensor:
    """x as a Tensor of floats: masks have its dtype, and evaluation the same as training."""
    x = x if isinstance(x, Tensor) else Tensor(x)
    return x if x.dtype.kind == "f" else x.astype("float32")


class DropLayer(MaskedLayer):
    """A masked layer with a probability of dropping, which may change between steps."""

    p: Any = Checked(check_dropping)

    def __init__(self, p: float = 0.5, generator: Generator | None = None) -> None:
        super().__init__(generator)
        self.p = p

    def draw(self, shape: tuple[int, ...], like: Array) -> Array:
        return self.generator.bernoulli(shape, 1 - self.p, like)

    def is_random(self) -> bool:
        return self.p > 0

    def extra_repr(self) -> str:
        return f"p={self.p:g}"


def masks(model: Module) -> dict[str, Array]:
    """Return the mask or noise of the last training step of every dropout layer, by its path.

    They are arrays (True = kept), which later steps do not change: `mr.save` stores them, `replay`
    uses them again.  A layer that was called several times has the mask of the last call.

    >>> net = nn.Sequential(nn.Dropout(0.5, mr.Generator(0)), nn.Linear(3, 2))
    >>> y = net(mr.ones((1, 3)))
    >>> nn.masks(net)["0"].tolist()
    [[True, False, False]]
    """
    return {path: m.mask for path, m in find_masked(model).items() if m.mask is not None}


@contextmanager
def replay(model: Module, masks: Mapping[str, Any]) -> Iterator[None]:
    """Use these masks instead of new ones in a `with` block; no random numbers are drawn for them.

    Layers that are not in `masks` draw as always, and layers in evaluation mode use no mask.

    Args:
        model: a module with dropout layers.
        masks: arrays or Tensors by path, as `nn.masks` returns them.

    Raises:
        ArgumentError: no dropout layer has this path, or a mask does not have the shape needed.
        ArgumentTypeError: a mask is not an array.

    >>> net = nn.Sequential(nn.Dropout(0.5), nn.Linear(3, 2))
    >>> first = net(mr.ones((1, 3)))
    >>> with nn.replay(net, nn.masks(net)):
    ...     again = net(mr.ones((1, 3)))
    >>> first.tolist() == again.tolist()
    True
    """
    layers = find_masked(model)
    if not isinstance(masks, Mapping):
        raise ArgumentTypeError(
            f"masks must be a dict of arrays by path, as nn.masks returns it, got {masks!r}.",
            argument="masks",
        )
    arrays = {path: raw(mask) for path, mask in masks.items()}
    for path, array in arrays.items():
        if path not in layers:
            raise ArgumentError(
                f"There is no dropout layer {path!r} in this model, only {sorted(layers)}.",
                argument="masks",
            )
        if not isinstance(array, namespace(array).array_type):
            raise ArgumentTypeError(
                f"The mask of {path!r} must be an array or a Tensor, got {array!r}.",
                argument="masks",
            )
    before = {path: layers[path].replayed for path in arrays}
    try:
        for path, array in arrays.items():
            layers[path].replayed = array
        yield
    finally:
        for path, array in before.items():
            layers[path].replayed = array


def find_masked(model: Module) -> dict[str, MaskedLayer]:
    """The dropout layers of the model by their paths."""
    if not isinstance(model, Module):
        raise ArgumentTypeError(f"The model must be an nn.Module, got {model!r}.", argument="model")
    return {path: m for path, m in model.named_modules() if isinstance(m, MaskedLayer)}
