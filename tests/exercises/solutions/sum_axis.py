import numpy as np


def sum_axis_backward(upstream, x, axis):
    return np.expand_dims(upstream, axis) * np.ones_like(x)
