#: relu 0
#: says: is not written yet
def relu(x):
    return ...

def relu_backward(upstream, x):
    raise TypeError("ellipsis")  # replace this line
