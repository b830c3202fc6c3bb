#: relu 0
#: says: something of the type function
def relu(x):
    return lambda: x

def relu_backward(upstream, x):
    return relu
