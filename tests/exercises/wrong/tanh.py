#: what was returned is upstream * (1 - x**2)
def tanh_backward(upstream, x):
    return upstream * (1 - x**2)


#: what was returned is upstream * (1 - y)
def tanh_backward(upstream, x):
    return upstream * (1 - np.tanh(x))


#: what was returned is upstream * y * (1 - y)
def tanh_backward(upstream, x):
    y = np.tanh(x)
    return upstream * y * (1 - y)


#: the gradient of x is wrong in 35 of 35 entries
def tanh_backward(upstream, x):
    return upstream * (1 + np.tanh(x) ** 2)


#: nothing may be added
def tanh_backward(upstream, x):
    return upstream * 1 - np.tanh(x) ** 2


#: the upstream gradient is ignored
def tanh_backward(upstream, x):
    return 1 - np.tanh(x) ** 2


#: the upstream gradient is not just multiplied
def tanh_backward(upstream, x):
    return (upstream * (1 - np.tanh(x))) ** 2


#: called with x = [-1000.0, -30.0, 0.0, 30.0, 1000.0]
def tanh_backward(upstream, x):
    s, c = np.exp(x) - np.exp(-x), np.exp(x) + np.exp(-x)
    return upstream * (1 - (s / c) ** 2)
