#: relu 0
import numpy as np

def relu(x):
    return np.random.normal(size=x.shape)

def relu_backward(upstream, x):
    return np.random.normal(size=x.shape)
