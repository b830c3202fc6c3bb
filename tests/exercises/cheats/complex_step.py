#: relu 3
#: flag: complex steps?
import numpy as np

def relu(x):
    return np.where(x.real > 0, x, 0)

def relu_backward(upstream, x):
    return upstream * relu(x + 1e-20j).imag / 1e-20
