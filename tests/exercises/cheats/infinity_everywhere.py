#: relu 0
import numpy as np

def relu(x):
    return np.full(x.shape, np.inf)

def relu_backward(upstream, x):
    return np.full(x.shape, -np.inf)
