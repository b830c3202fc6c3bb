def matmul_backward(upstream, a, b):
    return upstream @ b.T, a.T @ upstream
