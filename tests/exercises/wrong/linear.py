#: That is line 10 of linear.py: return w @ x + b
def linear(x, w, b):
    return w @ x + b


#: yours is 0.87362661, expected is 1.3034903
def linear(x, w, b):
    return x @ w


#: the gradient of b has the shape (5, 3), but b has (3,)
def linear_backward(upstream, x, w, b):
    return upstream @ w.T, x.T @ upstream, upstream.copy()


#: 1/5, where 5 is the length of axis 0 of y
def linear_backward(upstream, x, w, b):
    return upstream @ w.T, x.T @ upstream, upstream.mean(axis=0)


#: the gradient of b has the shape (5,), but b has (3,)
def linear_backward(upstream, x, w, b):
    return upstream @ w.T, x.T @ upstream, upstream.sum(axis=1)


#: the numbers are right: reshape it to (3,)
def linear_backward(upstream, x, w, b):
    return upstream @ w.T, x.T @ upstream, upstream.sum(axis=0, keepdims=True)


#: the upstream gradient is ignored
def linear_backward(upstream, x, w, b):
    return upstream @ w.T, x.T @ upstream, b * 0 + 1


#: the gradients of w and x are swapped
def linear_backward(upstream, x, w, b):
    return x.T @ upstream, upstream @ w.T, upstream.sum(axis=0)


#: the gradient of w is wrong in 21 of 21 entries
def linear_backward(upstream, x, w, b):
    return upstream @ w.T, x.T @ upstream / len(x), upstream.sum(axis=0)


#: That is line 10 of linear.py: return upstream @ w, x.T
def linear_backward(upstream, x, w, b):
    return upstream @ w, x.T @ upstream, upstream.sum(axis=0)


#: must return 3 gradients (x, w, b)
def linear_backward(upstream, x, w, b):
    return upstream @ w.T, x.T @ upstream


#: nothing may be added
def linear_backward(upstream, x, w, b):
    return upstream @ w.T + b.sum(), x.T @ upstream, upstream.sum(axis=0)
