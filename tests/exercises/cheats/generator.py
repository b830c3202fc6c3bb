#: relu 0
#: says: something of the type generator
def relu(x):
    return (row for row in x)

def relu_backward(upstream, x):
    yield from upstream
