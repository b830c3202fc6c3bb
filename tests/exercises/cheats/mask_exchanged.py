#: dropout 3
#: says: The two are exchanged
import numpy as np

def dropout_mask(shape, p, random):
    return random.random(shape) < p

def dropout(x, mask, p):
    return mask * x / (1 - p)

def dropout_backward(upstream, x, mask, p):
    return upstream * mask / (1 - p)
