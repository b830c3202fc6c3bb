#: relu 2
#: says: two equal calls return different results
import numpy as np

calls = 0

def relu(x):
    global calls
    calls += 1
    return np.maximum(x, 0) + (calls > 4) * calls

def relu_backward(upstream, x):
    return upstream * (x > 0)
