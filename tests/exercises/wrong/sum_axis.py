#: the gradient of x has the shape (7,), but x has (5, 7)
def sum_axis_backward(upstream, x, axis):
    return upstream


#: could not be broadcast together with shapes (5,) (5,7)
def sum_axis_backward(upstream, x, axis):
    return upstream * np.ones_like(x)


#: the upstream gradient is ignored
def sum_axis_backward(upstream, x, axis):
    return np.ones_like(x)


#: its result shares memory with the argument upstream
def sum_axis_backward(upstream, x, axis):
    return np.broadcast_to(np.expand_dims(upstream, axis), x.shape)


#: could not be broadcast together with shapes (7,1) (5,7)
def sum_axis_backward(upstream, x, axis):
    return upstream[:, None] * np.ones_like(x)


#: called with axis = 0: fail: sum_axis: the gradient of x is wrong in 35
def sum_axis_backward(upstream, x, axis):
    return np.expand_dims(upstream, axis) * x


#: 1/5, where 5 is the length of axis 0 of x
def sum_axis_backward(upstream, x, axis):
    return np.expand_dims(upstream, axis) * np.ones_like(x) / x.shape[axis]


#: outputs that do not depend on an entry contribute to its gradient, too
def sum_axis_backward(upstream, x, axis):
    return upstream.sum() * np.ones_like(x)


#: axis = -1
def sum_axis_backward(upstream, x, axis):
    shape = [1 if i == axis else length for i, length in enumerate(x.shape)]
    return upstream.reshape(shape) * np.ones_like(x)


#: it has the right numbers in the wrong places
def sum_axis_backward(upstream, x, axis):
    return np.repeat(upstream, x.shape[axis]).reshape(x.shape)
