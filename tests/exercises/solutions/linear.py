def linear(x, w, b):
    return x @ w + b


def linear_backward(upstream, x, w, b):
    return upstream @ w.T, x.T @ upstream, upstream.sum(axis=0)
