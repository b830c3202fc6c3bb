import numpy as np


def as_windows(x):
    n, c, height, width = x.shape
    return x.reshape(n, c, height // 2, 2, width // 2, 2)


def max_pool(x):
    return np.max(as_windows(x), axis=(3, 5))


def max_pool_backward(upstream, x):
    windows = as_windows(x)
    largest = windows == windows.max(axis=(3, 5), keepdims=True)
    share = largest / largest.sum(axis=(3, 5), keepdims=True)
    return (upstream[:, :, :, None, :, None] * share).reshape(x.shape)
