#: a reshape, permutation, flip or shift is not undone
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.reshape(x.shape).copy()


#: called with shape = (5, 3, 4), axes = (1, 2, 0)
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.transpose(axes).reshape(x.shape).copy()


#: called with shape = (8, 3), axes = (1, 0)
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.reshape(shape).transpose(np.argsort(axes)).reshape(x.shape)


#: its result shares memory with the argument upstream
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.transpose(np.argsort(axes)).reshape(x.shape)


#: the gradient of x has the shape (3, 8), but x has (4, 6)
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.copy()


#: the gradient of x has the shape (3, 8), but x has (4, 6)
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.reshape(shape).transpose(axes)


#: it has the right numbers in the wrong places
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.T.reshape(x.shape).copy()


#: the numbers are right: reshape it to (4, 6)
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.transpose(np.argsort(axes)).copy()


#: the upstream gradient is ignored
def reshape_transpose_backward(upstream, x, shape, axes):
    return np.ones_like(x)


#: it has the right numbers in the wrong places
def reshape_transpose_backward(upstream, x, shape, axes):
    return upstream.transpose(np.argsort(axes)).reshape(x.shape, order="F").copy()
