#: the gradient of b has the shape (5, 7), but b has (7,)
def add_backward(upstream, a, b):
    return upstream, upstream


#: consistent with: a constant factor
def add_backward(upstream, a, b):
    def sum_to(gradient, shape):
        gradient = gradient.mean(axis=tuple(range(gradient.ndim - len(shape))))
        ones = tuple(i for i, length in enumerate(shape) if length == 1)
        return gradient.sum(axis=ones, keepdims=True)

    return sum_to(upstream, a.shape), sum_to(upstream, b.shape)


#: but a has (5, 1)
def add_backward(upstream, a, b):
    return upstream.copy(), upstream.sum(axis=0)


#: its result shares memory with the argument upstream
def add_backward(upstream, a, b):
    def sum_to(gradient, shape):
        while gradient.ndim > len(shape):
            gradient = gradient.sum(axis=0)
        for i, length in enumerate(shape):
            if length == 1:
                gradient = gradient.sum(axis=i, keepdims=True)
        return gradient

    return sum_to(upstream, a.shape), sum_to(upstream, b.shape)


#: backward must return 2 gradients (a, b)
def add_backward(upstream, a, b):
    return sum_to(upstream, a.shape)


#: returned None. Its return statement may be missing
def add_backward(upstream, a, b):
    da, db = sum_to(upstream, a.shape), sum_to(upstream, b.shape)


#: pass
import numpy as np


def add_backward(upstream, a, b):
    gradients = []
    for x in (a, b):
        g = np.array(upstream)
        while g.ndim > x.ndim:
            g = np.add.reduce(g)
        for i in range(x.ndim):
            if x.shape[i] < g.shape[i]:
                g = np.sum(g, i, keepdims=True)
        gradients.append(g)
    return gradients
