"""Normalisation as layers."""

from __future__ import annotations

from typing import Any, ClassVar

from .. import ops
from ..autograd import Tensor
from ..checks import check_count, check_number, check_probability
from ..errors import ArgumentError
from .module import Module
from .parameter import Parameter


class BatchNorm(Module):
    """The base of BatchNorm1d and BatchNorm2d, which differ in the shapes that they take."""

    takes: ClassVar[dict[int, str]]  # the shapes of x, by their number of axes
    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        self.num_features = check_count("num_features", num_features)
        self.eps = check_number("eps", eps, minimum=0)
        self.momentum = None if momentum is None else check_probability("momentum", momentum)
        self.track_running_stats = bool(track_running_stats)
        self.weight = Parameter(ops.ones(num_features), regularize=False) if affine else None
        self.bias = Parameter(ops.zeros(num_features), regularize=False) if affine else None
        if track_running_stats:
            self.register_buffer("running_mean", ops.zeros(num_features))
            self.register_buffer("running_var", ops.ones(num_features))
            self.register_buffer("num_batches_tracked", ops.zeros((), dtype="int64"))
        else:
            self.running_mean = self.running_var = self.num_batches_tracked = None

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim not in self.takes or x.shape[1] != self.num_features:
            raise ArgumentError(
                f"{type(self).__name__} takes {' or '.join(self.takes.values())} with "
                f"C = {self.num_features}, got shape {x.shape}."
            )
        following = self.training and self.track_running_stats
        momentum = self.momentum
        if momentum is None and following:  # 1, 1/2, 1/3, …: the mean over all batches so far
            momentum = 1 / (self.num_batches_tracked.data + 1)
        y = ops.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            training=self.training or not self.track_running_stats,
            momentum=momentum,
            eps=self.eps,
        )
        if following:
            self.num_batches_tracked.data += 1
        return y

    def extra_repr(self) -> str:
        text = f"{self.num_features}, eps={self.eps:g}, momentum={self.momentum}"
        text += ", affine=False" if self.weight is None else ""
        return text + ("" if self.track_running_stats else ", track_running_stats=False")


class BatchNorm1d(BatchNorm):
    """y = (x − mean) / √(var + eps) · weight + bias, for each feature over the batch.

    In training, mean and variance are those of the batch, which also update `running_mean` and
    `running_var`; in evaluation, they are the running ones.  See `minireg.batch_norm`.

    Args:
        num_features: C of x.
        eps: keeps the denominator away from 0.
        momentum: the share of the new value in the running ones; None takes the mean over all
            batches so far.
        affine: False leaves weight and bias out.
        track_running_stats: False keeps no running values; evaluation then uses the batch, too.

    Shapes:
        x (N, C) or (N, C, L) → y the same.

    Ioffe & Szegedy (2015), "Batch normalization: accelerating deep network training by reducing
    internal covariate shift", algorithms 1 and 2.

    >>> layer = BatchNorm1d(2)
    >>> layer(mr.tensor([[1.0, 5.0], [3.0, 9.0]])).numpy().round(3).tolist()
    [[-1.0, -1.0], [1.0, 1.0]]
    >>> [round(mean, 3) for mean in layer.running_mean.tolist()]    # a tenth of (2, 7)
    [0.2, 0.7]
    """

    takes: ClassVar = {2: "(N, C)", 3: "(N, C, L)"}


class BatchNorm2d(BatchNorm):
    """y = (x − mean) / √(var + eps) · weight + bias, for each channel over batch and image.

    Arguments and behaviour are those of `BatchNorm1d`.

    Shapes:
        x (N, C, H, W) → y the same.

    >>> layer = BatchNorm2d(8)
    >>> layer(mr.ones((5, 8, 14, 14))).shape, layer.weight.shape
    ((5, 8, 14, 14), (8,))
    """

    takes: ClassVar = {4: "(N, C, H, W)"}


class LayerNorm(Module):
    """y = (x − mean) / √(var + eps) · weight + bias, for each example over its last axes.

    It is the same function in training and in evaluation; see `minireg.layer_norm`.

    Args:
        normalized_shape: the lengths of the last axes, or one number for the last axis.
        eps: keeps the denominator away from 0.
        elementwise_affine: False leaves weight and bias out.
        bias: False leaves the bias out.

    Shapes:
        x (…, *normalized_shape) → y the same.

    Ba, Kiros & Hinton (2016), "Layer normalization".

    >>> LayerNorm(2)(mr.tensor([[1.0, 3.0], [10.0, 30.0]])).numpy().round(3).tolist()
    [[-1.0, 1.0], [-1.0, 1.0]]
    """

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        several = isinstance(normalized_shape, (tuple, list))
        lengths: Any = normalized_shape if several else (normalized_shape,)
        shape = tuple(check_count("normalized_shape", length) for length in lengths)
        if not shape:
            raise ArgumentError("normalized_shape must name at least one axis.")
        self.normalized_shape = shape
        self.eps = check_number("eps", eps, minimum=0)
        affine, shifted = elementwise_affine, elementwise_affine and bias
        self.weight = Parameter(ops.ones(shape), regularize=False) if affine else None
        self.bias = Parameter(ops.zeros(shape), regularize=False) if shifted else None

    def forward(self, x: Tensor) -> Tensor:
        return ops.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        text = f"{self.normalized_shape}, eps={self.eps:g}"
        if self.weight is None:
            return text + ", elementwise_affine=False"
        return text + (", bias=False" if self.bias is None else "")
