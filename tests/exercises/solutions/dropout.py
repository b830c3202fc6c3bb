def dropout_mask(shape, p, random):
    return random.random(shape) >= p


def dropout(x, mask, p):
    return mask * x / (1 - p)


def dropout_backward(upstream, x, mask, p):
    return mask * upstream / (1 - p)
