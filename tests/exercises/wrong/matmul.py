#: the first has 3 columns, the second has 7 rows. That is line 6 of matmul.py: return upstream @ b, a @ upstream
def matmul_backward(upstream, a, b):
    return upstream @ b, a @ upstream


#: could not be broadcast together with shapes (5,3) (7,3)
def matmul_backward(upstream, a, b):
    return upstream * b, upstream * a


#: the gradients of a and b are swapped
def matmul_backward(upstream, a, b):
    return a.T @ upstream, upstream @ b.T


#: the gradient of a has the shape (7, 5), but a has (5, 7)
def matmul_backward(upstream, a, b):
    return b @ upstream.T, upstream.T @ a


#: the upstream gradient is ignored
import numpy as np


def matmul_backward(upstream, a, b):
    ones = np.ones_like(upstream)
    return ones @ b.T, a.T @ ones


#: 1/5, where 5 is the length of axis 0 of y
def matmul_backward(upstream, a, b):
    return upstream @ b.T, a.T @ upstream / len(a)


#: the gradient of a has the shape (3, 7), but a has (5, 7)
def matmul_backward(upstream, a, b):
    return b.T, a.T


#: It was called with upstream: an array of shape (5, 3), a: an array of shape (5, 7)
def matmul_backward(upstream, a, b):
    return upstream @ b.T, upstream @ a.T


#: it has the right numbers in the wrong places
def matmul_backward(upstream, a, b):
    return (b @ upstream.T).reshape(a.shape), a.T @ upstream
