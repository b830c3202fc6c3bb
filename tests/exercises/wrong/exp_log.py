#: what was returned is upstream * x
def exp_backward(upstream, x):
    return upstream * x


#: exp: the gradient of x is wrong in 27 of 35 entries
def exp_backward(upstream, x):
    return upstream * x * np.exp(x - 1)


#: the upstream gradient is ignored
def exp_backward(upstream, x):
    return np.exp(x)


#: the upstream gradient is not just multiplied
def exp_backward(upstream, x):
    return np.exp(upstream * x)


#: what was returned is upstream * y
def log_backward(upstream, x):
    return upstream * np.log(x)


#: what was returned is upstream * x
def log_backward(upstream, x):
    return upstream * x


#: the upstream gradient is ignored
def log_backward(upstream, x):
    return 1 / x


#: the upstream gradient is not just multiplied
def log_backward(upstream, x):
    return x / upstream


#: arrays can be converted to Python scalars
def exp_backward(upstream, x):
    import math
    return upstream * math.exp(x)


#: That is line 13 of exp_log.py
def exp_backward(upstream, x):
    return upstream * np.e ^ x
