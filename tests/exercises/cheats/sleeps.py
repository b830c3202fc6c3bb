#: relu 0
#: says: was still running
import time

def relu(x):
    time.sleep(1000)

def relu_backward(upstream, x):
    return relu(x)
