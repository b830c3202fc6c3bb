#: relu 1
#: says: too large
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    return np.zeros(10**7)
