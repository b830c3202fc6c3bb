#: relu 2
#: says: it changes its argument x in place
import numpy as np

def relu(x):
    return np.maximum(x, 0, out=x)

def relu_backward(upstream, x):
    return upstream * (x > 0)
