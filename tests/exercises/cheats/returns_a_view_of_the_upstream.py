#: add 1
#: says: its result shares memory with the argument upstream
import numpy as np

def sum_to(gradient, shape):
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape)))) if gradient.ndim > len(shape) else gradient
    for i, n in enumerate(shape):
        if n == 1 and gradient.shape[i] != 1:
            gradient = gradient.sum(axis=i, keepdims=True)
    return gradient

def add_backward(upstream, a, b):
    return sum_to(upstream, a.shape), np.array(sum_to(upstream, b.shape))
