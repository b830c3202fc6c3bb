"""Convolution as a layer."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from .. import ops
from ..autograd import Tensor
from ..checks import check_count, check_regularizer
from ..errors import ArgumentError
from ..ops.convolution import resolve_padding
from ..ops.windows import as_pair
from ..random import Generator
from .init import as_host, draw_uniform
from .layers import own_penalty
from .module import Module
from .parameter import Parameter


class Conv2d(Module):
    """Kernels that slide over images; see `minireg.conv2d` for the formula.

    W and b start uniform in ±1/√(entries of a kernel), as in PyTorch.

    Args:
        in_channels: C of x.
        out_channels: how many kernels there are.
        kernel_size: (height, width), or one number for both.
        stride: the step from one window to the next: (down, across), or one number for both.
        padding: the width of the margin of zeros: (top and bottom, left and right), or one number
            for both; "valid" is none, "same" makes y as large as x.
        dilation: the step from one entry of the kernel to the next, as `stride`.
        groups: the number of independent groups of channels.
        bias: False leaves b out.
        generator: draws the initial values; by default `mr.default_generator()`.
        regularizer: a penalty on W, which `fit` adds; see `regularizers.of_layers`.

    Shapes:
        x (N, in_channels, H, W) → y (N, out_channels, rows, columns);
        W (out_channels, in_channels / groups, height, width).

    >>> layer = Conv2d(1, 8, 3, padding=1)
    >>> layer.weight.shape, layer(mr.zeros((5, 1, 28, 28))).shape
    ((8, 1, 3, 3), (5, 8, 28, 28))
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] | str = 0,
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
        generator: Generator | None = None,
        regularizer: Any = None,
    ) -> None:
        self.regularizer = check_regularizer(regularizer)
        self.in_channels = check_count("in_channels", in_channels)
        self.out_channels = check_count("out_channels", out_channels)
        self.kernel_size = as_pair("kernel_size", kernel_size)
        self.stride = as_pair("stride", stride)
        self.dilation = as_pair("dilation", dilation)
        self.groups = check_count("groups", groups)
        if in_channels % groups or out_channels % groups:
            raise ArgumentError(
                f"groups={groups} must divide in_channels={in_channels} and "
                f"out_channels={out_channels}."
            )
        resolve_padding(padding, self.kernel_size, self.stride, self.dilation)  # refuse a wrong one
        self.padding = padding

        shape = (out_channels, in_channels // groups, *self.kernel_size)
        draw = partial(draw_uniform, as_host(generator), 1 / math.sqrt(math.prod(shape[1:])))
        self.weight = Parameter(draw(*shape))
        self.bias = Parameter(draw(out_channels), regularize=False) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        return ops.conv2d(
            x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups
        )

    def extra_repr(self) -> str:
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"
        for name, default in (("stride", (1, 1)), ("padding", 0), ("dilation", (1, 1))):
            value = getattr(self, name)
            text += f", {name}={value!r}" if value != default else ""
        text += f", groups={self.groups}" if self.groups != 1 else ""
        return text + (", bias=False" if self.bias is None else "") + own_penalty(self.regularizer)
