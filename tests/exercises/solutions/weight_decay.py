import numpy as np


def sgd_step(w, gradient, learning_rate, decay):
    return w - learning_rate * (gradient + decay * w)


def adam_step(w, gradient, learning_rate, decay):
    g = gradient + decay * w
    return w - learning_rate * g / (np.abs(g) + 1e-8)


def adamw_step(w, gradient, learning_rate, decay):
    step = learning_rate * gradient / (np.abs(gradient) + 1e-8)
    return w - step - learning_rate * decay * w
