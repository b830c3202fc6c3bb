#: relu 0
import numpy as np

def relu(x):
    return np.zeros_like(x)

def relu_backward(upstream, x):
    return np.zeros_like(x)
