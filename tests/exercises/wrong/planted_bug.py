#: the number 14 is not the number of the wrong line: dactive = dscores @ w2.T
def wrong_line():
    return 14


#: dscores = dscores / len(x)
def wrong_line():
    return 11


#: the number 19 is not the number of the wrong line
def wrong_line():
    return 19


#: '15' is not the number of the wrong line
def wrong_line():
    return "15"


#: None (is the line
def wrong_line():
    return None


#: the gradient of w1 is wrong in 21 of 21 entries
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
    dhidden = dactive * (dactive > 0)
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)


#: the gradient of w1 is wrong in 21 of 21 entries
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
    dhidden = dactive
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)


#: the gradient of w1 is wrong in 21 of 21 entries
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
    dhidden = dactive * hidden
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)


#: wrong in every entry at index 0, 1 of axis 1, and only there
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
    dhidden = dactive * active
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)


#: the gradient of w1 is wrong in 14 of 21 entries
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
    dhidden = hidden > 0
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)


#: the gradient of w1 is wrong in 21 of 21 entries
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
    dhidden = dactive * (hidden < 0)
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)


#: yours = 5 * numeric in every entry
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
    dscores = dscores
    dw2 = active.T @ dscores
    db2 = dscores.sum(axis=0)
    dactive = dscores @ w2.T
    dhidden = dactive * (dactive > 0)
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)


#: the gradients of w1 and w2 are swapped
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
    return loss, (dw2, db2, dw1, db1)


#: network must return 2 values: `return loss, gradient`
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
    return dw1, db1, dw2, db2
