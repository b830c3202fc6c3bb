#: its result shares memory with the argument x
def flip(x):
    return x[..., ::-1]


#: its result shares memory with the argument x
def flip(x):
    return np.fliplr(x) if x.ndim == 2 else np.flip(x, axis=-1)


#: the result is wrong in 140 of 140 entries
def flip(x):
    return x[::-1].copy()


#: the result is wrong in
def flip(x):
    return np.fliplr(x).copy()


#: array is 2-dimensional, but 4 were indexed
def flip(x):
    return x[:, :, :, ::-1].copy()


#: the result is wrong in
def flip(x):
    return np.flip(x).copy()


#: it changes its argument x in place
def flip(x):
    x[..., :] = x[..., ::-1]
    return x.copy()


#: reversed along axis 3
def flip_backward(upstream, x):
    return upstream.copy()


#: the right numbers in the wrong places
def flip_backward(upstream, x):
    return upstream[..., ::-1, :].copy()


#: the upstream gradient is ignored
def flip_backward(upstream, x):
    return x[..., ::-1].copy()


#: shares memory with the argument upstream
def flip_backward(upstream, x):
    return upstream[..., ::-1]
