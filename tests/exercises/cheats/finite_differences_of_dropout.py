#: dropout 4
#: flag: finite differences?
import numpy as np

def dropout_mask(shape, p, random):
    return random.random(shape) >= p

def dropout(x, mask, p):
    return mask * x / (1 - p)

def dropout_backward(upstream, x, mask, p):
    h = 1e-6
    return upstream * (dropout(x + h, mask, p) - dropout(x - h, mask, p)) / (2 * h)
