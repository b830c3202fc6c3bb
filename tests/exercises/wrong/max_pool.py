#: entries. First at [0, 0, 0, 0]: yours is
def max_pool(x):
    n, c, height, width = x.shape
    return x.reshape(n, c, 2, height // 2, 2, width // 2).max(axis=(2, 4))


#: the result is wrong in 24 of 24 entries
def max_pool(x):
    return as_windows(x).mean(axis=(3, 5))


#: Expected is an array of shape (2, 2, 2, 3)
def max_pool(x):
    y = np.zeros((len(x), x.shape[1], x.shape[2] - 1, x.shape[3] - 1))
    for i in range(x.shape[2] - 1):
        for j in range(x.shape[3] - 1):
            y[:, :, i, j] = x[:, :, i:i + 2, j:j + 2].max(axis=(2, 3))
    return y


#: yours is 0, expected is
def max_pool(x):
    y = x.copy()
    y[y < 0] = 0
    return as_windows(y).max(axis=(3, 5))


#: each tied entry gets the whole gradient
def max_pool_backward(upstream, x):
    windows = as_windows(x)
    largest = windows == windows.max(axis=(3, 5), keepdims=True)
    return (upstream[:, :, :, None, :, None] * largest).reshape(x.shape)


#: the gradient of x is wrong in 72 of 96 entries
def max_pool_backward(upstream, x):
    return upstream.repeat(2, axis=2).repeat(2, axis=3)


#: the gradient of x is wrong in 96 of 96
def max_pool_backward(upstream, x):
    return upstream.repeat(2, axis=2).repeat(2, axis=3) / 4


#: the upstream gradient is ignored
def max_pool_backward(upstream, x):
    windows = as_windows(x)
    largest = windows == windows.max(axis=(3, 5), keepdims=True)
    return (largest / largest.sum(axis=(3, 5), keepdims=True)).reshape(x.shape)


#: the numbers are right: reshape it to (2, 2, 4, 6)
def max_pool_backward(upstream, x):
    windows = as_windows(x)
    largest = windows == windows.max(axis=(3, 5), keepdims=True)
    return upstream[:, :, :, None, :, None] * largest


#: could not be broadcast together with shapes (2,2,2,3) (2,2,2,2,3,2)
def max_pool_backward(upstream, x):
    windows = as_windows(x)
    largest = windows == windows.max(axis=(3, 5), keepdims=True)
    return upstream * largest


#: the gradient of x is wrong in 20 of 96 entries
def max_pool_backward(upstream, x):
    large = upstream.repeat(2, axis=2).repeat(2, axis=3)
    return large * (x == x.max(axis=(2, 3), keepdims=True))
