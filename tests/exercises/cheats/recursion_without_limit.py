#: relu 1
#: says: relu_backward
import sys
import numpy as np
sys.setrecursionlimit(2**31 - 1)

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    return [relu_backward(upstream, x) for _ in [0]]
