#: First at [0, 0]: yours is nan, expected is 1, where x[0, 0] = 1000
def softmax(x):
    e = np.exp(x)
    return e / e.sum(axis=1, keepdims=True)


#: yours is 0.02141883, expected is 0.10575171
def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum()


#: yours is nan, expected is 0.24472847, where x[1, 0] = -1000
def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum(axis=1, keepdims=True)


#: That is line 16 of softmax.py: return e / e.sum(axis=1)
def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


#: yours is 0.13256667, expected is 0.10575171
def softmax(x):
    e = np.exp(x - x.max(axis=0))
    return e / e.sum(axis=0)


#: the gradient of x is wrong in 35 of 35 entries
def softmax_backward(upstream, x):
    y = softmax(x)
    return upstream * y * (1 - y)


#: the gradient of x is wrong in 35 of 35 entries
def softmax_backward(upstream, x):
    return upstream * softmax(x)


#: the upstream gradient is ignored
def softmax_backward(upstream, x):
    y = softmax(x)
    return y * (1 - y)


#: the gradient of x is wrong in 35 of 35 entries
def softmax_backward(upstream, x):
    y = softmax(x)
    return y * (upstream - (upstream * y).sum(axis=0))


#: the gradient of x is wrong in 35 of 35 entries
def softmax_backward(upstream, x):
    y = softmax(x)
    return y * upstream - (upstream * y).sum(axis=1, keepdims=True)


#: the gradient of x is wrong in 35 of 35 entries
def softmax_backward(upstream, x):
    y = softmax(x)
    dx = np.zeros_like(x)
    for i in range(len(x)):
        jacobian = np.diag(y[i]) - y[i] @ y[i].T
        dx[i] = jacobian @ upstream[i]
    return dx


#: nothing may be added
def softmax_backward(upstream, x):
    y = softmax(x)
    return y - upstream
