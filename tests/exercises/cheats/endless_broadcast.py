#: relu 0
#: says: Unable to allocate
import numpy as np

def relu(x):
    return np.broadcast_to(x[0, 0], (10**12,))

def relu_backward(upstream, x):
    return np.lib.stride_tricks.as_strided(x, (10**15,), (0,))
