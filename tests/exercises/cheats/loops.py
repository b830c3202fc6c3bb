#: relu 1
#: says: Is there a loop without end?
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    while True:
        pass
