#: is the line with `return` missing?
def relu(x):
    np.maximum(x, 0)


#: relu, line 12 of relu.py: it changes its argument x in place
def relu(x):
    x[x < 0] = 0
    return x.copy()


#: yours is -0.13210486, expected is 0, where x[0, 1] = -0.13210486
def relu(x):
    return x


#: the result is the number 0.12573022. Expected is an array of shape (5, 7)
def relu(x):
    return max(x.ravel()[0], 0)


#: raised ValueError: The truth value of an array
def relu(x):
    return x if x > 0 else 0


#: That is line 13 of relu.py: return x if x > 0 else 0
def relu(x):
    return x if x > 0 else 0


#: the gradient of x is wrong in 19 of 35 entries
def relu_backward(upstream, x):
    return upstream


#: consistent with: the upstream gradient is ignored
def relu_backward(upstream, x):
    return (x > 0) * 1.0


#: the gradient of x is wrong
def relu_backward(upstream, x):
    return np.maximum(upstream, 0)


#: it changes its argument upstream in place
def relu_backward(upstream, x):
    upstream[x < 0] = 0
    return upstream.copy()


#: calls exit(): leave it out
def relu(x):
    exit()


#: calls itself too often: without end
def relu(x):
    return relu(np.maximum(x, 0))


#: relu.py is not valid Python in line 12
def relu(x)
    return x


#: relu, line 12 of relu.py, returned something of the type ufunc
def relu(x):
    return np.maximum


#: relu_backward must be a function. It is the number 3
relu_backward = 3.0


#: There is no function relu_backward in relu.py
del relu_backward


#: relu is not written yet. Replace line 14 of relu.py
def relu(x):
    """Return max(x, 0)."""
    return ...  # replace this line


#: relu_backward is not written yet. Replace line 13 of relu.py
def relu_backward(upstream, x):
    mask = ...  # replace this line
    return mask * upstream


#: pass
def relu(x):
    return (x + abs(x)) / 2


def relu_backward(upstream, x):
    return np.where(x < 0, 0, upstream)


#: pass
def relu_backward(upstream, x):
    return upstream * (np.sign(x) + 1) / 2


#: relu.py, line 13: return upstream * x * (x > 0)
def relu_backward(upstream, x):
    return upstream * x * (x > 0)
