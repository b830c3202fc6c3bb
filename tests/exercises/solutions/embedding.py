import numpy as np


def embedding_backward(upstream, table, indices):
    gradient = np.zeros_like(table)
    np.add.at(gradient, indices, upstream)
    return gradient
