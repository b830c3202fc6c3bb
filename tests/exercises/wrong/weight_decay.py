#: yours is 0.5, expected is 0.95, where w[0] = 1
def sgd_step(w, gradient, learning_rate, decay):
    return w - learning_rate * gradient - decay * w


#: yours is 0.9, expected is 0.95, where w[0] = 1
def sgd_step(w, gradient, learning_rate, decay):
    return w - learning_rate * (gradient + 2 * decay * w)


#: yours is 1.05, expected is 0.95, where w[0] = 1
def sgd_step(w, gradient, learning_rate, decay):
    return w - learning_rate * (gradient - decay * w)


#: yours is 0.087487162, expected is 0.086421044
def sgd_step(w, gradient, learning_rate, decay):
    w = w - learning_rate * gradient
    return w - learning_rate * decay * w


#: it changes its argument gradient in place
def sgd_step(w, gradient, learning_rate, decay):
    gradient += decay * w
    return w - learning_rate * gradient


#: yours is 0.95, expected is 0.9, where w[0] = 1
def adam_step(w, gradient, learning_rate, decay):
    step = gradient / (np.abs(gradient) + 1e-8)
    return w - learning_rate * (step + decay * w)


#: yours is -4999999, expected is 0.9, where w[0] = 1
def adam_step(w, gradient, learning_rate, decay):
    g = gradient + decay * w
    return w - learning_rate * g / (np.abs(gradient) + 1e-8)


#: yours is 0.95, expected is 0.9, where w[0] = 1
def adam_step(w, gradient, learning_rate, decay):
    g = gradient + decay * w
    return w - learning_rate * g


#: yours is nan, expected is 0, where w[1] = 0 and gradient[1] = 0
def adam_step(w, gradient, learning_rate, decay):
    g = gradient + decay * w
    return w - learning_rate * g / np.abs(g)


#: yours is 0.9, expected is 0.95, where w[0] = 1
def adamw_step(w, gradient, learning_rate, decay):
    return adam_step(w, gradient, learning_rate, decay)


#: yours is 0.5, expected is 0.95, where w[0] = 1
def adamw_step(w, gradient, learning_rate, decay):
    return (1 - decay) * w - learning_rate * gradient / (np.abs(gradient) + 1e-8)


#: yours is 0.024958317, expected is 0.021958317
def adamw_step(w, gradient, learning_rate, decay):
    w = w - learning_rate * gradient / (np.abs(gradient) + 1e-8)
    return w - learning_rate * decay * w
