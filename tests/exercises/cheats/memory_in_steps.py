#: relu 1
#: says: MemoryError
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    kept = []
    while True:
        kept.append(np.empty(10**7))
