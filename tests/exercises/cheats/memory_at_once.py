#: relu 1
#: says: MemoryError
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    return np.ones(10**12)
