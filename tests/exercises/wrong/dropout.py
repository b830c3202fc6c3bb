#: 27% of the entries are True, but True must have the probability 0.7. The two are exchanged
def dropout_mask(shape, p, random):
    return random.random(shape) < p


#: two different generators give nearly the same entries
def dropout_mask(shape, p, random):
    import numpy as np

    return np.random.default_rng(0).random(shape) >= p


#: two equal calls return different results
def dropout_mask(shape, p, random):
    import numpy as np

    return np.random.random(shape) >= p


#: entries that are neighbours along axis 0 are not independent
def dropout_mask(shape, p, random):
    import numpy as np

    return np.broadcast_to(random.random(shape[1]) >= p, shape)


#: the entries must be True and False only
def dropout_mask(shape, p, random):
    return (random.random(shape) >= p) / (1 - p)


#: expected is an array of True and False of shape (30, 20)
def dropout_mask(shape, p, random):
    return random.random() >= p


#: dropout, line 13 of dropout.py, called with x: an array of shape (5, 7), mask
def dropout(x, mask, p):
    return mask * x


#: First at [
def dropout(x, mask, p):
    return mask * x / p if p else x * mask


#: the gradient of x is wrong
def dropout_backward(upstream, x, mask, p):
    return upstream / (1 - p)


#: a constant factor
def dropout_backward(upstream, x, mask, p):
    return mask * upstream


#: the gradient of x is wrong
def dropout_backward(upstream, x, mask, p):
    return dropout(x, mask, p)


#: pass
def dropout_mask(shape, p, random):
    return random.choice([0, 1], size=shape, p=[p, 1 - p])


def dropout(x, mask, p):
    y = x.copy()
    y[mask == 0] = 0
    return y * (1 / (1 - p))


def dropout_backward(upstream, x, mask, p):
    return dropout(upstream, mask, p)
