import numpy as np


def wrong_line():
    return 15


def network(x, labels, w1, b1, w2, b2):
    rows = np.arange(len(x))
    hidden = x @ w1 + b1
    active = np.maximum(hidden, 0)
    scores = active @ w2 + b2
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean()
    dscores = np.exp(log_p)
    dscores[rows, labels] -= 1
    dscores = dscores / len(x)
    dw2 = active.T @ dscores
    db2 = dscores.sum(axis=0)
    dactive = dscores @ w2.T
    dhidden = dactive * (hidden > 0)
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)
