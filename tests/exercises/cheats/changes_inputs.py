#: relu 2
#: says: it changes its argument x in place
import numpy as np

def relu(x):
    x[x < 0] = 0
    return x.copy()

def relu_backward(upstream, x):
    return upstream * (x > 0)
