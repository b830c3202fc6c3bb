#: relu 3
import sys
sys.setrecursionlimit(30)

def relu(x):
    return x * (x > 0)

def relu_backward(upstream, x):
    return upstream * (x > 0)
