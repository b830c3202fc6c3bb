#: expected is 0.53139121, where x[0, 0] = 0.12573022
def sigmoid(x):
    return 1 / (1 + np.exp(x))


#: yours is nan, expected is 1, where x[4] = 1000
def sigmoid(x):
    return np.exp(x) / (1 + np.exp(x))


#: yours is 1.8818527, expected is 0.53139121
def sigmoid(x):
    return 1 / 1 + np.exp(-x)


#: what was returned is upstream * x * (1 - x)
def sigmoid_backward(upstream, x):
    return upstream * x * (1 - x)


#: the gradient of x is wrong in 35 of 35 entries
def sigmoid_backward(upstream, x):
    y = sigmoid(x)
    return upstream * y * (1 + y)


#: what was returned is upstream * (1 - y**2)
def sigmoid_backward(upstream, x):
    y = sigmoid(x)
    return upstream * (1 - y**2)


#: what was returned is upstream * (1 - y)
def sigmoid_backward(upstream, x):
    return upstream * (1 - sigmoid(x))


#: the upstream gradient is ignored
def sigmoid_backward(upstream, x):
    y = sigmoid(x)
    return y * (1 - y)


#: the gradient of x is wrong in 35 of 35 entries
def sigmoid_backward(upstream, x):
    y = sigmoid(sigmoid(x))
    return upstream * y * (1 - y)


#: called with x = [-1000.0, -30.0, 0.0, 30.0, 1000.0]
def sigmoid_backward(upstream, x):
    e = np.exp(-x)
    return upstream * e / (1 + e) ** 2


#: the sign is wrong
def sigmoid_backward(upstream, x):
    y = sigmoid(x)
    return upstream * y * (y - 1)
