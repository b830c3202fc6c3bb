#: relu 0
import numpy as np

def relu(x):
    return x.ctypes.data

def relu_backward(upstream, x):
    library = np.ctypeslib.ctypes.CDLL(None)
    return library.getppid()
