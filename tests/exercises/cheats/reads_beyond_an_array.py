#: relu 0
import numpy as np

def relu(x):
    return np.lib.stride_tricks.as_strided(x, (10**9,), (8,)).sum()

def relu_backward(upstream, x):
    return np.lib.stride_tricks.as_strided(x, x.shape, (4096, 8))
