"""Normalisation: values shifted and scaled to mean 0 and variance 1."""

from __future__ import annotations

from ..autograd import composed, primitive, raw
from ..backend import namespace
from ..errors import ArgumentError
from .arithmetic import sqrt
from .kernels import as_floating
from .shapes import reshape

__all__ = ["batch_norm", "layer_norm"]


@primitive
def _standardize(x, axis, eps):
    """y = (x − mean) / √(var + eps) over `axis`; also mean and (biased) variance, without gradient.

    The mean and the variance depend on x, too.  This subtracts from g its mean and its component
    along y:  dL/dx = (g − mean(g) − y · mean(g y)) / √(var + eps).
    """
    x = as_floating(x)
    mean = x.mean(axis=axis, keepdims=True)
    y = x - mean
    variance = _mean_product(y, y, axis)
    scale = 1 / namespace(x).sqrt(variance + eps)
    y *= scale

    def vjp(g):
        part = y * -_mean_product(g, y, axis)
        part += g
        part -= g.mean(axis=axis, keepdims=True)
        part *= scale
        return part

    return y, (vjp,), (mean, variance)


def _mean_product(x, y, axis):
    """The mean of x y over `axis`, without an array of the products if that is the last axis."""
    if axis == (-1,):
        return (x[..., None, :] @ y[..., None])[..., 0] / x.shape[-1]  # rows times columns
    return (x * y).mean(axis=axis, keepdims=True)


@composed
def batch_norm(
    x,
    running_mean,
    running_var,
    weight=None,
    bias=None,
    training=False,
    momentum=0.1,
    eps=1e-5,
):
    """y = (x − mean) / √(var + eps) · weight + bias, for each channel.

    In training, mean and variance (biased: Σ(x − mean)² / n) are those of the batch, over all axes
    but that of the channels.  The running values, if given, are updated **in place**:

        running_mean ← (1 − momentum) · running_mean + momentum · mean
        running_var  ← (1 − momentum) · running_var  + momentum · n/(n − 1) · var

    In evaluation, mean and variance are the running values, which are constants.

    Args:
        x: (N, C, …).
        running_mean, running_var: (C,); both may be None in training.
        weight, bias: (C,) or None.
        training: whether mean and variance are those of the batch.
        momentum: the share of the batch in the updated running values.
        eps: keeps the denominator away from 0.

    Returns:
        The shape of x.

    Raises:
        ArgumentError: shapes that do not fit; no running values in evaluation; only one value for
            each channel in training (its variance would be 0).

    Ioffe & Szegedy (2015), "Batch normalization: accelerating deep network training by reducing
    internal covariate shift", algorithm 1.

    >>> mean, var = mr.zeros(1), mr.ones(1)
    >>> y = mr.batch_norm(mr.tensor([[1.0], [3.0]]), mean, var, training=True, momentum=0.5)
    >>> y.numpy().round(3).tolist(), mean.tolist(), var.tolist()
    ([[-1.0], [1.0]], [1.0], [1.5])
    """
    if x.ndim < 2:
        raise ArgumentError(f"x must be (N, C, …), got shape {x.shape}.")
    channels = (x.shape[1],)
    running = {"running_mean": running_mean, "running_var": running_var}
    check_shapes(x, channels, running | {"weight": weight, "bias": bias})
    if (running_mean is None) != (running_var is None) or (running_mean is None and not training):
        raise ArgumentError(
            "running_mean and running_var are needed in evaluation, and both or none of them in "
            "training."
        )
    broadcast = (*channels, *(1,) * (x.ndim - 2))

    if training:
        n = x.size // (x.shape[1] or 1)
        if n < 2:
            raise ArgumentError(
                f"in training each channel needs at least two values, and x of shape {x.shape} "
                f"has {n}. Take larger batches, or leave out the last, smaller one."
            )
        axis = (0, *range(2, x.ndim))
        y, mean, variance = _standardize(x, axis, eps)
        if running_mean is not None:
            update_running(running_mean, mean, momentum)
            update_running(running_var, variance * (n / (n - 1)), momentum)
    else:
        scale = 1 / sqrt(running_var + eps)
        y = (x - reshape(running_mean, broadcast)) * reshape(scale, broadcast)

    y = y if weight is None else y * reshape(weight, broadcast)
    return y if bias is None else y + reshape(bias, broadcast)


def update_running(running, new, momentum):
    """running ← (1 − momentum) · running + momentum · new, in place and on the device."""
    array = raw(running)
    array *= 1 - momentum
    array += momentum * new.reshape(array.shape)


@composed
def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    """y = (x − mean) / √(var + eps) · weight + bias, for each example by itself.

    Mean and variance (biased) are taken over the last axes, both in training and in evaluation.

    Args:
        x: (…, *normalized_shape).
        normalized_shape: the lengths of the last axes, or one number for the last axis.
        weight, bias: of shape `normalized_shape`, or None.
        eps: keeps the denominator away from 0.

    Returns:
        The shape of x.

    Raises:
        ArgumentError: shapes that do not fit.

    Ba, Kiros & Hinton (2016), "Layer normalization", equation 4.

    >>> mr.layer_norm(mr.tensor([[1.0, 3.0], [10.0, 30.0]]), 2).numpy().round(3).tolist()
    [[-1.0, 1.0], [-1.0, 1.0]]
    """
    single = not isinstance(normalized_shape, (tuple, list))
    shape = (normalized_shape,) if single else tuple(normalized_shape)
    if not shape or x.shape[-len(shape) :] != shape:
        raise ArgumentError(f"x must end in normalized_shape {shape}, got shape {x.shape}.")
    check_shapes(x, shape, {"weight": weight, "bias": bias})
    y, _, _ = _standardize(x, tuple(range(-len(shape), 0)), eps)
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


def check_shapes(x, shape, given):
    """Raise an error if one of the `given` arrays (by name) does not have this shape."""
    for argument, array in given.items():
        if array is not None and array.shape != shape:
            raise ArgumentError(
                f"{argument} must have shape {shape} for x of shape {x.shape}, got {array.shape}.",
                argument=argument,
            )
