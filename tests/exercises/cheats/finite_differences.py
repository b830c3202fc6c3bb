#: relu 3
#: flag: finite differences?
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = 1e-6
        gradient[i] = (upstream * (relu(x + step) - relu(x - step))).sum() / 2e-6
    return gradient
