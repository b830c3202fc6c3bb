def multiply_backward(upstream, a, b):
    return sum_to(upstream * b, a.shape), sum_to(upstream * a, b.shape)


def sum_to(gradient, shape):
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    stretched = tuple(i for i, length in enumerate(shape) if length == 1)
    return gradient.sum(axis=stretched, keepdims=True)
