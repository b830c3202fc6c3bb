"""Initial values: functions that write into a parameter, in place.

A function whose name ends in an underscore changes its argument, as in PyTorch.  Random values are
drawn on the host, by `Generator.host`, and are the same on every backend.

>>> layer = nn.Linear(100, 50)
>>> w = nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")    # He et al.
>>> w = nn.init.zeros_(layer.bias)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd import Tensor
from ..backend import Array, current_backend, namespace
from ..checks import check_number
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator, as_generator, default_generator

__all__ = [
    "calculate_gain", "constant_", "eye_", "kaiming_normal_", "kaiming_uniform_", "normal_",
    "ones_", "orthogonal_", "trunc_normal_", "uniform_", "xavier_normal_", "xavier_uniform_",
    "zeros_",
]  # fmt: skip

GAINS = {
    "linear": 1.0,
    "sigmoid": 1.0,
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 3 / 4,
    **{f"conv{transposed}{d}d": 1.0 for transposed in ("", "_transpose") for d in (1, 2, 3)},
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor that compensates for how an activation changes the size of its input.

    Args:
        nonlinearity: "linear" (or "conv2d", …), "sigmoid", "tanh", "relu", "leaky_relu", "selu".
        param: the slope of "leaky_relu", by default 0.01.

    He et al. (2015), "Delving deep into rectifiers", section 2.2: √(2 / (1 + slope²)).

    >>> calculate_gain("relu") == 2 ** 0.5
    True
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else check_number("the slope of leaky_relu", param)
        return math.sqrt(2 / (1 + slope * slope))
    if nonlinearity not in GAINS:
        known = ", ".join(map(repr, sorted([*GAINS, "leaky_relu"])))
        raise ArgumentError(
            f"nonlinearity must be one of {known}, got {nonlinearity!r}.", argument="nonlinearity"
        )
    return GAINS[nonlinearity]


def uniform_(
    tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Fill with uniform values from `a` to `b`.

    >>> bool((uniform_(mr.zeros((2, 3)), -1, 1).numpy() < 1).all())
    True
    """
    low, high = check_number("a", a), check_number("b", b, minimum=a)
    return write(tensor, as_host(generator).uniform(low, high, check_shape(tensor)))


def normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Fill with normal values of this mean and standard deviation.

    >>> normal_(mr.zeros((2, 3)), std=0.0).tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    mean, std = check_number("mean", mean), check_number("std", std, minimum=0)
    return write(tensor, as_host(generator).normal(mean, std, check_shape(tensor)))


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with normal values; those outside [a, b] are drawn again.

    This takes 1 / P(a ≤ x ≤ b) draws for a value, on average.

    Raises:
        ArgumentError: [a, b] holds less than a thousandth of the distribution.

    >>> bool((abs(trunc_normal_(mr.zeros((2, 3)), a=-2, b=2)).numpy() <= 2).all())
    True
    """
    mean, std = check_number("mean", mean), check_number("std", std, above=0)
    low, high = check_number("a", a), check_number("b", b, above=a)
    inside = 0.5 * (
        math.erf((high - mean) / (std * math.sqrt(2)))
        - math.erf((low - mean) / (std * math.sqrt(2)))
    )
    if inside < 1e-3:
        raise ArgumentError(
            f"Only {inside:.1g} of a normal distribution with mean {mean:g} and std {std:g} lies "
            f"in [{low:g}, {high:g}]. Choose a wider interval."
        )
    rng = as_host(generator)
    values = rng.normal(mean, std, check_shape(tensor))
    while (outside := (values < low) | (values > high)).any():
        values[outside] = rng.normal(mean, std, int(outside.sum()))
    return write(tensor, values)


def constant_(tensor: Tensor, value: float) -> Tensor:
    """Fill with `value`.

    >>> constant_(mr.zeros((2, 3)), 3).tolist()
    [[3.0, 3.0, 3.0], [3.0, 3.0, 3.0]]
    """
    return write(tensor, np.full(check_shape(tensor), check_number("value", value)))


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with 0.

    >>> zeros_(mr.zeros((2, 3))).tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    return constant_(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with 1.

    >>> ones_(mr.zeros((2, 3))).tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    return constant_(tensor, 1.0)


def eye_(tensor: Tensor) -> Tensor:
    """Write the identity matrix, cut off or padded with zeros, so that a layer returns its input.

    >>> eye_(mr.zeros((2, 3))).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    shape = check_shape(tensor)
    if len(shape) != 2:
        raise ArgumentError(f"eye_ needs a matrix, got shape {shape}.")
    return write(tensor, np.eye(*shape))


def xavier_uniform_(
    tensor: Tensor, gain: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Fill uniformly in ±gain √(6 / (fan_in + fan_out)): activations and gradients keep their size.

    Glorot, Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks", equation 16.

    >>> w = xavier_uniform_(mr.zeros((2, 3)))
    >>> bool((abs(w).numpy() <= (6 / 5) ** 0.5).all())    # fans 3 and 2
    True
    """
    bound = math.sqrt(3) * compute_xavier_std(tensor, gain)
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with normal values of std gain √(2 / (fan_in + fan_out)); see `xavier_uniform_`.

    >>> xavier_normal_(mr.zeros((2, 3)), gain=0.0).tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    return normal_(tensor, 0.0, compute_xavier_std(tensor, gain), generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill uniformly in ±gain √(3 / fan): activations keep their size from layer to layer.

    Args:
        tensor: the weight of a linear layer (out, in) or a convolution (out, in, …).
        a: the slope of "leaky_relu" for negative x; 0 is relu.
        mode: "fan_in" keeps the size of activations, "fan_out" that of gradients.
        nonlinearity: what follows the layer; see `calculate_gain`.
        generator: by default `mr.default_generator()`.

    He et al. (2015), "Delving deep into rectifiers", section 2.2.

    >>> bool((abs(kaiming_uniform_(mr.zeros((2, 3)))).numpy() <= 2 ** 0.5).all())    # √(6/3)
    True
    """
    bound = math.sqrt(3) * compute_kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill with normal values of std gain / √fan; for the rest see `kaiming_uniform_`.

    >>> w = kaiming_normal_(mr.zeros((500, 200)))
    >>> round(w.std().item(), 1)    # √(2/200)
    0.1
    """
    return normal_(tensor, 0.0, compute_kaiming_std(tensor, a, mode, nonlinearity), generator)


def orthogonal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with random orthogonal rows (columns, if there are more rows) of length gain.

    Axes after the first are joined.  All such matrices are equally likely: this is Q of the QR
    decomposition of a matrix of normal values, with the diagonal of R made positive.

    Saxe, McClelland, Ganguli (2014), "Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks".  Mezzadri (2007), "How to generate random matrices from the classical
    compact groups" (the signs).

    >>> p = mr.zeros((2, 3))
    >>> abs(orthogonal_(p) @ p.T).numpy().round(3).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    shape = check_shape(tensor)
    if len(shape) < 2:
        raise ArgumentError(f"orthogonal_ needs a matrix or more axes, got shape {shape}.")
    gain = check_number("gain", gain)
    rows, columns = shape[0], math.prod(shape[1:])
    tall = as_host(generator).normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diagonal(r))
    return write(tensor, gain * (q.T if rows < columns else q).reshape(shape))


# -- what they share -------------------------------------------------------------------------------


def compute_fans(tensor: Tensor) -> tuple[int, int]:
    """(fan_in, fan_out): the number of inputs of an output, and of outputs of an input."""
    shape = check_shape(tensor)
    if len(shape) < 2:
        raise ArgumentError(
            f"The fans of a weight need at least two axes, (out, in, …), and this one has shape "
            f"{shape}. For a bias use zeros_ or uniform_."
        )
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


def compute_xavier_std(tensor: Tensor, gain: float) -> float:
    return check_number("gain", gain, minimum=0) * math.sqrt(2 / max(sum(compute_fans(tensor)), 1))


def compute_kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ArgumentError(f"mode must be 'fan_in' or 'fan_out', got {mode!r}.", argument="mode")
    fan = compute_fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(max(fan, 1))


def as_host(generator: Generator | None) -> np.random.Generator:
    return (default_generator() if generator is None else as_generator(generator)).host


def draw_uniform(host: np.random.Generator, bound: float, *shape: int) -> Array:
    """float32 in ±bound, on the current backend: the initial values of layers."""
    return current_backend().asarray(host.uniform(-bound, bound, shape).astype(np.float32))


def check_shape(tensor: Any) -> tuple[int, ...]:
    if not isinstance(tensor, Tensor):
        raise ArgumentTypeError(
            f"nn.init writes into a Tensor, such as layer.weight, got a {type(tensor).__name__}."
        )
    return tensor.shape


def write(tensor: Tensor, values: np.ndarray) -> Tensor:
    """Write `values` into the tensor's array, in place."""
    tensor.overwrite(namespace(tensor.data).asarray(values.astype(tensor.dtype)))
    return tensor
