"""Pooling as layers."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..autograd import Tensor
from ..ops.pooling import check_pooling
from ..ops.windows import as_pair
from .module import Module


class MaxPool2d(Module):
    """The largest entry of each window; see `minireg.max_pool2d`.

    Args:
        kernel_size: the size of a window: (height, width), or one number for both.
        stride: the step from one window to the next; by default the size of a window.
        padding: the width of the margin, at most half of `kernel_size`.
        dilation: the step from one entry of a window to the next.

    Shapes:
        x (N, C, H, W) → y (N, C, rows, columns).

    >>> MaxPool2d(2)(mr.zeros((5, 8, 28, 28))).shape
    (5, 8, 14, 14)
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
    ) -> None:
        self.kernel_size, self.stride, self.padding, self.dilation = check_pooling(
            kernel_size, stride, padding, dilation
        )

    def forward(self, x: Tensor) -> Tensor:
        return ops.max_pool2d(x, self.kernel_size, self.stride, self.padding, self.dilation)

    def extra_repr(self) -> str:
        dilation = f", dilation={self.dilation}" if self.dilation != (1, 1) else ""
        return describe_window(self.kernel_size, self.stride, self.padding) + dilation


class AvgPool2d(Module):
    """The mean of each window; see `minireg.avg_pool2d`.

    Args:
        kernel_size: the size of a window: (height, width), or one number for both.
        stride: the step from one window to the next; by default the size of a window.
        padding: the width of the margin, at most half of `kernel_size`.
        count_include_pad: whether the margin counts as zeros; else it is left out.

    Shapes:
        x (N, C, H, W) → y (N, C, rows, columns).

    >>> AvgPool2d(4)(mr.zeros((5, 8, 28, 28))).shape
    (5, 8, 7, 7)
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size, self.stride, self.padding, _ = check_pooling(kernel_size, stride, padding)
        self.count_include_pad = bool(count_include_pad)

    def forward(self, x: Tensor) -> Tensor:
        return ops.avg_pool2d(
            x, self.kernel_size, self.stride, self.padding, self.count_include_pad
        )

    def extra_repr(self) -> str:
        left_out = "" if self.count_include_pad else ", count_include_pad=False"
        return describe_window(self.kernel_size, self.stride, self.padding) + left_out


class AdaptiveAvgPool2d(Module):
    """The means of a given number of windows, for images of any size; see
    `minireg.adaptive_avg_pool2d`.

    Args:
        output_size: (rows, columns), or one number for both; 1 gives the mean of each channel.

    Shapes:
        x (N, C, H, W) → y (N, C, rows, columns).

    >>> AdaptiveAvgPool2d(1)(mr.zeros((5, 8, 28, 28))).shape
    (5, 8, 1, 1)
    """

    def __init__(self, output_size: int | tuple[int, int]) -> None:
        self.output_size = as_pair("output_size", output_size)

    def forward(self, x: Tensor) -> Tensor:
        return ops.adaptive_avg_pool2d(x, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


def describe_window(kernel_size: Any, stride: Any, padding: Any) -> str:
    """The settings of a pooling for its `repr`, without the defaults."""
    text = f"kernel_size={kernel_size}"
    text += f", stride={stride}" if stride != kernel_size else ""
    return text + (f", padding={padding}" if padding != (0, 0) else "")
