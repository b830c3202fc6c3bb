def sgd(w, gradient, b, lr, momentum, weight_decay):
    g = gradient + weight_decay * w
    b = momentum * b + g
    return w - lr * b, b
