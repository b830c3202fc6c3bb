import numpy as np


def relu(x):
    return np.maximum(x, 0)


def relu_backward(upstream, x):
    return upstream * (x > 0)
