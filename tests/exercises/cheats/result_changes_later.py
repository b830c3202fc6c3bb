#: relu 1
import numpy as np

kept = np.zeros((5, 7))

def relu(x):
    kept.resize(x.shape, refcheck=False)
    kept[:] = np.maximum(x, 0)
    return kept.view(np.matrix)

def relu_backward(upstream, x):
    kept[:] = 0
    return kept
