#: 5 is the length of axis 0 of x
def mean_axis_backward(upstream, x, axis):
    if axis is None:
        return np.full(x.shape, upstream)
    return np.expand_dims(upstream, axis) * np.ones_like(x)


#: 1/7, where 7 is the length of axis 1 of x
def mean_axis_backward(upstream, x, axis):
    if axis is None:
        return np.full(x.shape, upstream / x.size)
    return np.expand_dims(upstream, axis) * np.ones_like(x) / x.size


#: called with axis = -1
def mean_axis_backward(upstream, x, axis):
    if axis is None:
        return np.full(x.shape, upstream / x.size)
    return np.expand_dims(upstream, axis) * np.ones_like(x) / len(x)


#: a constant factor
def mean_axis_backward(upstream, x, axis):
    if axis is None:
        return np.full(x.shape, upstream / x.size)
    return np.expand_dims(upstream, axis) * np.ones_like(x) / upstream.size


#: a constant factor: yours = 25 * numeric
def mean_axis_backward(upstream, x, axis):
    if axis is None:
        return np.full(x.shape, upstream * x.size)
    return np.expand_dims(upstream, axis) * np.ones_like(x) * x.shape[axis]


#: axis = None
def mean_axis_backward(upstream, x, axis):
    return np.expand_dims(upstream, axis) * np.ones_like(x) / x.shape[axis]


#: the upstream gradient is ignored
def mean_axis_backward(upstream, x, axis):
    n = x.size if axis is None else x.shape[axis]
    return np.ones_like(x) / n


#: could not be broadcast together with shapes (5,) (5,7)
def mean_axis_backward(upstream, x, axis):
    n = x.size if axis is None else x.shape[axis]
    return upstream * np.ones_like(x) / n


#: the gradient of x has the shape (7,), but x has (5, 7)
def mean_axis_backward(upstream, x, axis):
    n = x.size if axis is None else x.shape[axis]
    return upstream / n
