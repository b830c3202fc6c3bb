#: relu 1
#: says: calls itself too often
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    return relu_backward(upstream, x)
