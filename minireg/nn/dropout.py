"""Layers that drop: units, channels, weights, branches, blocks; see `minireg.dropout`.

All draw a boolean mask (True = kept) in training, and are the identity in evaluation unless they
say otherwise.
"""

from __future__ import annotations

from typing import Any

from .. import ops
from ..autograd import Tensor
from ..backend import Array, namespace
from ..checks import Checked, check_count, check_flag
from ..errors import ArgumentError
from ..random import Generator
from .layers import Linear
from .masked_layer import DropLayer


class Dropout(DropLayer):
    """In training, set entries to zero with probability p and scale the rest by 1/(1 − p).

    In evaluation it is the identity.  The mask of the last training step stays in `mask`
    (True = kept).

    Args:
        p: the probability of *dropping*, 0 ≤ p < 1; may be set to another value between steps.
        generator: draws the masks; by default a new stream of `mr.default_generator()`.
        inverted: False is the original form: mask · x in training, (1 − p) x in evaluation.  Both
            the outputs and the gradients of a training step are 1 − p times those of True.

    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
    JMLR 15; section 4 has the original form, section 10 the inverted one.

    >>> layer = Dropout(0.5, generator=mr.Generator(0))
    >>> y = layer(mr.ones(1000))
    >>> set(y.tolist()), set(layer.eval()(mr.ones(1000)).tolist())
    ({0.0, 2.0}, {1.0})
    """

    def __init__(
        self, p: float = 0.5, generator: Generator | None = None, *, inverted: bool = True
    ) -> None:
        super().__init__(p, generator)
        self.inverted = check_flag("inverted", inverted)

    def use(self, x: Tensor, mask: Array) -> Tensor:
        return ops.dropout(x, mask, self.p if self.inverted else 0)

    def evaluate(self, x: Tensor) -> Tensor:
        return x if self.inverted else x * (1 - self.p)

    def extra_repr(self) -> str:
        return super().extra_repr() + ("" if self.inverted else ", inverted=False")


class Dropout1d(Dropout):
    """Dropout of whole channels of (N, C, L): neighbours in a channel carry the same information.

    Arguments as in `Dropout`; the mask is (N, C, 1).

    Tompson et al. (2015), "Efficient object localization using convolutional networks", CVPR.

    >>> y = Dropout1d(0.5, mr.Generator(0))(mr.ones((1, 3, 2)))
    >>> y.tolist()
    [[[2.0, 2.0], [0.0, 0.0], [0.0, 0.0]]]
    """

    axes = "(N, C, L)"

    def mask_shape(self, x: Tensor) -> tuple[int, ...]:
        check_axes(self, x)
        return (*x.shape[:2], *(1 for _ in x.shape[2:]))


class Dropout2d(Dropout1d):
    """Dropout of whole channels of (N, C, H, W), also called spatial dropout.

    Arguments as in `Dropout`; the mask is (N, C, 1, 1).

    Tompson et al. (2015), "Efficient object localization using convolutional networks", CVPR.

    >>> layer = Dropout2d(0.5, mr.Generator(0))
    >>> y = layer(mr.ones((1, 3, 4, 4)))
    >>> layer.mask.ravel().tolist(), y.max(axis=(2, 3)).tolist()
    ([True, False, False], [[2.0, 0.0, 0.0]])
    """

    axes = "(N, C, H, W)"


class AlphaDropout(DropLayer):
    """Dropout for networks of SELU: keeps mean 0 and variance 1; see `minireg.alpha_dropout`.

    Args:
        p: the probability of *dropping*, 0 ≤ p < 1.
        generator: draws the masks; by default a new stream of `mr.default_generator()`.

    Klambauer et al. (2017), "Self-normalizing neural networks".

    >>> AlphaDropout(0.1).eval()(mr.tensor([1.0])).tolist()
    [1.0]
    """

    def use(self, x: Tensor, mask: Array) -> Tensor:
        return ops.alpha_dropout(x, mask, self.p)


class DropConnect(DropLayer, Linear):
    """A `Linear` layer with dropout of its weights: y = x (mask · W / (1 − p))ᵀ + b.

    In evaluation it is `Linear`.  (Wan et al. predict with a normal distribution of the same mean
    and variance instead, and drop biases, too.)

    Args:
        in_features: the last length of x.
        out_features: the last length of y.
        p: the probability of *dropping* a weight, 0 ≤ p < 1.
        bias: False leaves b out.
        per_example: True draws a mask for each example, (N, out_features, in_features), as in the
            paper; False one for the batch, (out_features, in_features), which needs less memory
            and a smaller learning rate.
        generator: draws the initial values and the masks.
        regularizer: a penalty on W, which `fit` adds; see `regularizers.of_layers`.

    Wan et al. (2013), "Regularization of neural networks using DropConnect", ICML.  What
    EfficientNet calls drop_connect is `StochasticDepth`.

    >>> layer = DropConnect(3, 2)
    >>> layer(mr.ones((5, 3))).shape, layer.mask.shape
    ((5, 2), (5, 2, 3))
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        p: float = 0.5,
        bias: bool = True,
        *,
        per_example: bool = True,
        generator: Generator | None = None,
        regularizer: Any = None,
    ) -> None:
        Linear.__init__(self, in_features, out_features, bias, generator, regularizer)
        DropLayer.__init__(self, p, generator)
        self.per_example = check_flag("per_example", per_example)

    def mask_shape(self, x: Tensor) -> tuple[int, ...]:
        if x.shape[-1:] != (self.in_features,):
            raise ArgumentError(f"{self!r} takes x (..., {self.in_features}), got shape {x.shape}.")
        return (*(x.shape[:-1] if self.per_example else ()), *self.weight.shape)

    def use(self, x: Tensor, mask: Array) -> Tensor:
        weight = ops.dropout(self.weight, mask, self.p)
        if not self.per_example:
            return ops.linear(x, weight, self.bias)
        y = ops.vecdot(weight, x[..., None, :])
        return y if self.bias is None else y + self.bias

    def evaluate(self, x: Tensor) -> Tensor:
        return Linear.forward(self, x)

    def extra_repr(self) -> str:
        batch = "" if self.per_example else ", per_example=False"
        return f"{Linear.extra_repr(self)}, p={self.p:g}{batch}"


class StochasticDepth(DropLayer):
    """Drop a whole residual branch for some of the examples: x + mask · f(x) / (1 − p).

    This layer is mask · f / (1 − p) with a mask (N, 1, …); the sum is the module's around it.  (In
    the paper a branch is not scaled in training, and is multiplied by 1 − p in evaluation.)

    Args:
        p: the probability of *dropping* the branch, 0 ≤ p < 1; in the paper it grows linearly with
            the depth, up to 0.5.
        generator: draws the masks; by default a new stream of `mr.default_generator()`.

    Huang et al. (2016), "Deep networks with stochastic depth", ECCV.

    >>> class Residual(nn.Module):
    ...     def __init__(self, branch, p):
    ...         self.branch, self.drop = branch, nn.StochasticDepth(p, mr.Generator(0))
    ...     def forward(self, x):
    ...         return x + self.drop(self.branch(x))
    >>> Residual(nn.Identity(), 0.5)(mr.ones((3, 2))).tolist()
    [[3.0, 3.0], [1.0, 1.0], [1.0, 1.0]]
    """

    def mask_shape(self, x: Tensor) -> tuple[int, ...]:
        return (*x.shape[:1], *(1 for _ in x.shape[1:]))

    def use(self, x: Tensor, mask: Array) -> Tensor:
        return ops.dropout(x, mask, self.p)


class DropBlock2d(DropLayer):
    """Drop b × b blocks of (N, C, H, W), and scale the rest by size / number of kept entries.

    A block begins at each of the (H − b + 1)(W − b + 1) places where it fits with probability
    γ = p H W / (b² (H − b + 1)(W − b + 1)).  So the share p is dropped in expectation, less what is
    lost where blocks overlap.

    Args:
        p: the share to *drop*, 0 ≤ p < 1.  The paper lets it grow slowly from 0.
        block_size: b, the edge of a block; b = 1 is dropout.
        generator: draws the masks; by default a new stream of `mr.default_generator()`.

    Ghiasi, Lin, Le (2018), "DropBlock: a regularization method for convolutional networks".

    >>> layer = DropBlock2d(0.3, block_size=2, generator=mr.Generator(4))
    >>> y = layer(mr.ones((1, 1, 4, 4)))
    >>> layer.mask[0, 0].astype(int).tolist()
    [[1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]]
    """

    axes = "(N, C, H, W)"
    block_size: Any = Checked(check_count)

    def __init__(
        self, p: float = 0.1, block_size: int = 7, generator: Generator | None = None
    ) -> None:
        super().__init__(p, generator)
        self.block_size = block_size

    def mask_shape(self, x: Tensor) -> tuple[int, ...]:
        check_axes(self, x)
        if self.block_size > min(x.shape[2:]):
            raise ArgumentError(
                f"A block of {self.block_size} × {self.block_size} does not fit into images of "
                f"{x.shape[2]} × {x.shape[3]}: use a smaller block_size."
            )
        return x.shape

    def draw(self, shape: tuple[int, ...], like: Array) -> Array:
        n, c, height, width = shape
        b = self.block_size
        rows, columns = height - b + 1, width - b + 1
        gamma = self.p * height * width / (b * b * rows * columns)
        seeds = self.generator.bernoulli((n, c, rows, columns), gamma, like)
        xp = namespace(like)
        strips = xp.zeros((n, c, height, columns), dtype=bool)
        dropped = xp.zeros(shape, dtype=bool)
        for i in range(b):  # a seed drops the b entries from it downwards,
            strips[:, :, i : i + rows] |= seeds
        for j in range(b):  # and the b columns from there to the right
            dropped[..., j : j + columns] |= strips
        return ~dropped

    def use(self, x: Tensor, mask: Array) -> Tensor:
        return ops.drop_block(x, mask)

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, block_size={self.block_size}"


def check_axes(layer: Dropout1d | DropBlock2d, x: Tensor) -> None:
    """Raise an error if x does not have as many axes as `layer.axes` names."""
    if x.ndim != layer.axes.count(",") + 1:
        raise ArgumentError(f"{type(layer).__name__} takes {layer.axes}, got shape {x.shape}.")
