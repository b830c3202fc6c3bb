#: each output depends on 1 entry, and its gradient goes to 7
def max_axis_backward(upstream, x, axis):
    return np.expand_dims(upstream, axis) * np.ones_like(x)


#: each tied entry gets the whole gradient
def max_axis_backward(upstream, x, axis):
    largest = x == x.max(axis=axis, keepdims=True)
    return np.expand_dims(upstream, axis) * largest


#: is wrong at a tie
def max_axis_backward(upstream, x, axis):
    largest = x == x.max(axis=axis, keepdims=True)
    single = largest.sum(axis=axis, keepdims=True) == 1
    return np.expand_dims(upstream, axis) * (largest & single)


#: each output depends on 1 entry, and its gradient goes to another one or to none
def max_axis_backward(upstream, x, axis):
    return np.expand_dims(upstream, axis) * (x == x.max())


#: the upstream gradient is ignored
def max_axis_backward(upstream, x, axis):
    largest = x == x.max(axis=axis, keepdims=True)
    return largest / largest.sum(axis=axis, keepdims=True)


#: is wrong in 5 of 35 entries
def max_axis_backward(upstream, x, axis):
    largest = x == x.max(axis=axis, keepdims=True)
    return np.expand_dims(upstream, axis) * largest * x


#: called with upstream = [
def max_axis_backward(upstream, x, axis):
    gradient = np.zeros_like(x)
    gradient[x.argmax(axis=0), np.arange(x.shape[1])] = upstream
    return gradient


#: is wrong in 10 of 35 entries
def max_axis_backward(upstream, x, axis):
    gradient = np.zeros_like(x)
    gradient[:, x.argmax(axis=axis)] = np.expand_dims(upstream, axis)
    return gradient


#: could not be broadcast together with shapes (5,) (5,7)
def max_axis_backward(upstream, x, axis):
    largest = x == x.max(axis=axis, keepdims=True)
    return upstream * largest / largest.sum(axis=axis, keepdims=True)


#: it has the right numbers in the wrong places
def max_axis_backward(upstream, x, axis):
    smallest = x == x.min(axis=axis, keepdims=True)
    return np.expand_dims(upstream, axis) * smallest


#: masks depend on x or y only
def max_axis_backward(upstream, x, axis):
    largest = upstream == upstream.max()
    return np.expand_dims(upstream * largest, axis) * np.ones_like(x)
