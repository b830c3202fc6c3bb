#: relu 3
import warnings
import numpy as np

warnings.simplefilter("error")
np.seterr(all="raise")
np.set_printoptions(threshold=1)

def relu(x):
    return np.maximum(x, 0)

def relu_backward(upstream, x):
    return upstream * (x > 0)
