import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_backward(upstream, x):
    y = sigmoid(x)
    return upstream * y * (1 - y)
