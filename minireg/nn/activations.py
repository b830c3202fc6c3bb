"""Activations as modules that hold their options; see `minireg.ops` for formulas and sources."""

from __future__ import annotations

from .. import ops
from ..autograd import Tensor
from ..checks import check_number
from ..errors import ArgumentError
from .module import Module

__all__ = [
    "ELU", "GELU", "SELU", "Hardtanh", "Identity", "LeakyReLU", "LogSoftmax", "ReLU", "SiLU",
    "Sigmoid", "Softmax", "Softplus", "Tanh",
]  # fmt: skip


class Activation(Module):
    """The base of the activations: their options are the attributes."""

    def extra_repr(self) -> str:
        options = (item for item in vars(self).items() if item[0] != "training")
        return ", ".join(f"{name}={value!r}" for name, value in options)


class Identity(Module):
    """x itself, in place of a layer that is left out.

    >>> Identity()(mr.tensor([1.0, 2.0])).tolist()
    [1.0, 2.0]
    """

    def forward(self, x: Tensor) -> Tensor:
        return x


class ReLU(Activation):
    """max(x, 0).

    >>> ReLU()(mr.tensor([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """

    def forward(self, x: Tensor) -> Tensor:
        return ops.relu(x)


class LeakyReLU(Activation):
    """x for x > 0, else negative_slope · x; see `minireg.leaky_relu`.

    >>> LeakyReLU(0.5)(mr.tensor([-2.0, 3.0])).tolist()
    [-1.0, 3.0]
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = check_number("negative_slope", negative_slope)

    def forward(self, x: Tensor) -> Tensor:
        return ops.leaky_relu(x, self.negative_slope)


class ELU(Activation):
    """x for x > 0, else α (eˣ − 1); see `minireg.elu`.

    >>> ELU()(mr.tensor([-1000.0, 2.0])).tolist()
    [-1.0, 2.0]
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = check_number("alpha", alpha)

    def forward(self, x: Tensor) -> Tensor:
        return ops.elu(x, self.alpha)


class SELU(Activation):
    """`ELU`, scaled so that mean 0 and variance 1 are kept from layer to layer: `minireg.selu`.

    >>> SELU()(mr.tensor([0.0])).tolist()
    [0.0]
    """

    def forward(self, x: Tensor) -> Tensor:
        return ops.selu(x)


class Softplus(Activation):
    """log(1 + e^(βx)) / β, a smooth `ReLU`; see `minireg.softplus`.

    It is exact for every x, so it needs no `threshold` beyond which it is replaced by x.

    >>> Softplus()(mr.tensor([-1000.0, 1000.0])).tolist()
    [0.0, 1000.0]
    """

    def __init__(self, beta: float = 1.0) -> None:
        self.beta = check_number("beta", beta, above=0)

    def forward(self, x: Tensor) -> Tensor:
        return ops.softplus(x, self.beta)


class GELU(Activation):
    """x Φ(x), where Φ is the distribution function of the normal distribution: `minireg.gelu`.

    Args:
        approximate: "none" for the function itself, "tanh" for its older approximation.

    >>> GELU()(mr.tensor([0.0, 100.0])).tolist()
    [0.0, 100.0]
    """

    def __init__(self, approximate: str = "none") -> None:
        if approximate not in ("none", "tanh"):
            raise ArgumentError(
                f"approximate must be 'none' or 'tanh', got {approximate!r}.",
                argument="approximate",
            )
        self.approximate = approximate

    def forward(self, x: Tensor) -> Tensor:
        return ops.gelu(x, self.approximate)


class SiLU(Activation):
    """x σ(x), also called swish; see `minireg.silu`.

    >>> SiLU()(mr.tensor([0.0, 100.0])).tolist()
    [0.0, 100.0]
    """

    def forward(self, x: Tensor) -> Tensor:
        return ops.silu(x)


class Sigmoid(Activation):
    """σ(x) = 1 / (1 + e⁻ˣ).  Leave it out before `BCEWithLogitsLoss`, which contains it.

    >>> Sigmoid()(mr.tensor([-1000.0, 0.0])).tolist()
    [0.0, 0.5]
    """

    def forward(self, x: Tensor) -> Tensor:
        return ops.sigmoid(x)


class Tanh(Activation):
    """The hyperbolic tangent.

    >>> Tanh()(mr.tensor([0.0, 100.0])).tolist()
    [0.0, 1.0]
    """

    def forward(self, x: Tensor) -> Tensor:
        return ops.tanh(x)


class Hardtanh(Activation):
    """x limited to [min_val, max_val]; see `minireg.hardtanh`.

    >>> Hardtanh()(mr.tensor([-3.0, 0.5])).tolist()
    [-1.0, 0.5]
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        self.min_val = check_number("min_val", min_val)
        self.max_val = check_number("max_val", max_val, above=self.min_val)

    def forward(self, x: Tensor) -> Tensor:
        return ops.hardtanh(x, self.min_val, self.max_val)


class Softmax(Activation):
    """eˣ / Σ eˣ over `axis`.  Leave it out before `CrossEntropyLoss`, which contains it.

    >>> Softmax()(mr.tensor([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        return ops.softmax(x, self.axis)


class LogSoftmax(Activation):
    """log softmax(x) over `axis`, exact for logits of any size: the input of `NLLLoss`.

    >>> LogSoftmax()(mr.tensor([[1e4, -1e4]])).tolist()
    [[0.0, -20000.0]]
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        return ops.log_softmax(x, self.axis)
