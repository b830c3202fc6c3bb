#: the gradients of a and b are swapped
def multiply_backward(upstream, a, b):
    return sum_to(upstream * a, a.shape), sum_to(upstream * b, b.shape)


#: what was returned is upstream
def multiply_backward(upstream, a, b):
    return sum_to(upstream, a.shape), sum_to(upstream, b.shape)


#: it is not summed over the axes (0, 2)
def multiply_backward(upstream, a, b):
    return upstream * b, upstream * a


#: the gradient of a has the shape (7, 5, 3), but a has (5, 1)
def multiply_backward(upstream, a, b):
    return sum_to(upstream, a.shape) * b, sum_to(upstream, b.shape) * a


#: the upstream gradient is ignored
import numpy as np


def multiply_backward(upstream, a, b):
    ones = np.ones_like(upstream)
    return sum_to(ones * b, a.shape), sum_to(ones * a, b.shape)


#: the gradient of a has the shape (5, 5), but a has (5, 7)
def multiply_backward(upstream, a, b):
    return upstream @ b.T, a.T @ upstream


#: cannot reshape array of size 7 into shape (5,7)
def multiply_backward(upstream, a, b):
    return sum_to(upstream * b, a.shape), (upstream * a).mean(axis=0).reshape(b.shape)


#: (with special values: zeros, equal ones, large ones)
def multiply_backward(upstream, a, b):
    return sum_to(upstream * (a * b) / a, a.shape), sum_to(upstream * (a * b) / b, b.shape)


#: it changes its argument upstream in place
def multiply_backward(upstream, a, b):
    da = sum_to(upstream * b, a.shape)
    upstream *= a
    return da, sum_to(upstream, b.shape)
