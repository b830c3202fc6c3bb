#: relu 0
import numpy as np

def relu(x):
    return np.full(x.shape, np.nan)

def relu_backward(upstream, x):
    return np.full(x.shape, np.nan)
