#: relu 0
#: says: relu
def relu(x):
    nested = []
    nested.append(nested)
    return nested

def relu_backward(upstream, x):
    return relu(x)
