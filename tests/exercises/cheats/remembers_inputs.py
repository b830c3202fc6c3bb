#: relu 3
import numpy as np

known = {}

def relu(x):
    return known.setdefault(x.tobytes(), np.maximum(x, 0))

def relu_backward(upstream, x):
    return upstream * (x > 0)
