#: relu 1
#: says: the gradient of x is wrong
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    return upstream
