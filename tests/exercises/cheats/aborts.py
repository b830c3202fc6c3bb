#: relu 1
#: says: relu ended Python (exit code -6)
import os

def relu(x):
    os.abort()

def relu_backward(upstream, x):
    return upstream * (x > 0)
