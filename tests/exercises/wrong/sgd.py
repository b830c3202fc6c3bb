#: item 0 of the result is wrong in 1 of 1 entries. First at [0]: yours is 0.7, expected is 0.2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    return w - lr * g, momentum * b + g


#: yours is 0.5, expected is 0.2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    return w - lr * b * momentum, momentum * b + g


#: yours is 0, expected is 0.2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    return w - lr * b, momentum * b + g


#: yours is 0.35, expected is 0.2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    b = momentum * b + (1 - momentum) * g
    return w - lr * b, b


#: yours is 1.8, expected is 0.2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    b = momentum * b + g
    return w + lr * b, b


#: item 1 of the result is wrong in 1 of 1 entries. First at [0]: yours is 7, expected is 8
def sgd(w, gradient, b, lr, momentum, weight_decay):
    b = momentum * b + gradient
    return w - lr * weight_decay * w - lr * b, b


#: yours is 0.3, expected is 0.2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    b = momentum * b + gradient
    return w - lr * b, b


#: yours is 0.25, expected is 0.2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w**2 / 2
    b = momentum * b + g
    return w - lr * b, b


#: it changes its argument w in place
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    b = momentum * b + g
    w -= lr * b
    return w, b


#: Expected is a tuple of 2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    b = momentum * b + g
    return w - lr * b


#: yours is 8, expected is 0.2
def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    b = momentum * b + g
    return b, w - lr * b
