#: relu 3
import numpy as np

def relu(x):
    print("x" * 10**6)
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    return upstream * (x > 0)
