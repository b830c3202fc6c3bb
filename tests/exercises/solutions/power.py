def power_backward(upstream, x, n):
    return upstream * n * x ** (n - 1)
