#: softmax_cross_entropy 2
#: says: (with special values: zeros, equal ones, large ones)
import numpy as np

def loss_of(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()

def softmax_cross_entropy(scores, labels):
    gradient = np.zeros_like(scores)
    for i in np.ndindex(scores.shape):
        step = np.zeros_like(scores)
        step[i] = 1e-5
        gradient[i] = (loss_of(scores + step, labels) - loss_of(scores - step, labels)) / 2e-5
    return loss_of(scores, labels), gradient
