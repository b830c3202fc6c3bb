#: First at [0, 1]: yours is -inf, expected is -1000, where x[0, 1] = 0
def log_softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True))


#: First at [0, 0]: yours is -inf, expected is 0, where x[0, 0] = 1000
def log_softmax(x):
    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))


#: yours is -0.94266125, expected is -2.2466613
def log_softmax(x):
    shifted = x - x.max(axis=1, keepdims=True)
    return x - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


#: yours is -0.30075114, expected is -2.2466613
def log_softmax(x):
    shifted = x - x.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).mean(axis=1, keepdims=True))


#: nothing may be added
def log_softmax_backward(upstream, x):
    return upstream - np.exp(log_softmax(x))


#: the gradient of x is wrong in 35 of 35 entries
def log_softmax_backward(upstream, x):
    p = np.exp(log_softmax(x))
    return upstream * (1 - p)


#: the gradient of x is wrong in 35 of 35 entries
def log_softmax_backward(upstream, x):
    return upstream


#: the gradient of x is wrong in 35 of 35 entries
def log_softmax_backward(upstream, x):
    p = np.exp(log_softmax(x))
    return p * (upstream - (upstream * p).sum(axis=1, keepdims=True))


#: the gradient of x is wrong in 35 of 35 entries
def log_softmax_backward(upstream, x):
    y = log_softmax(x)
    return upstream - y * upstream.sum(axis=1, keepdims=True)


#: the gradient of x is wrong in 35 of 35 entries
def log_softmax_backward(upstream, x):
    p = np.exp(log_softmax(x))
    return upstream - p * upstream.sum(axis=0)


#: the gradient of x is wrong in 35 of 35 entries
def log_softmax_backward(upstream, x):
    p = np.exp(log_softmax(x))
    return upstream - p * upstream.sum()


#: the gradient of x is wrong in 35 of 35 entries
def log_softmax_backward(upstream, x):
    return upstream / np.exp(log_softmax(x))
