#: relu 0
#: says: too large
def relu(x):
    return 10**10000

def relu_backward(upstream, x):
    return 10**10000
