import numpy as np


def max_axis_backward(upstream, x, axis):
    largest = x == x.max(axis=axis, keepdims=True)
    share = largest / largest.sum(axis=axis, keepdims=True)
    return np.expand_dims(upstream, axis) * share
