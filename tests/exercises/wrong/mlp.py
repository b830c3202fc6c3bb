#: the result is the number 9.1146341. Expected is the number 4.7405066
def mlp(x, labels, w1, b1, w2, b2):
    a = x @ w1 + b1
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    da = dscores @ w2.T
    return loss, {
        "w1": x.T @ da,
        "b1": da.sum(axis=0),
        "w2": a.T @ dscores,
        "b2": dscores.sum(axis=0),
    }


#: the gradient of b1 is wrong in 3 of 3 entries
def mlp(x, labels, w1, b1, w2, b2):
    a = np.maximum(x @ w1 + b1, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    da = dscores @ w2.T
    return loss, {
        "w1": x.T @ da,
        "b1": da.sum(axis=0),
        "w2": a.T @ dscores,
        "b2": dscores.sum(axis=0),
    }


#: the gradient of w1 is wrong in 21 of 21 entries
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    da = dscores @ w2.T
    dh = da * (da > 0)
    return loss, {
        "w1": x.T @ dh,
        "b1": dh.sum(axis=0),
        "w2": a.T @ dscores,
        "b2": dscores.sum(axis=0),
    }


#: the gradient of w2 is wrong in 33 of 33 entries
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    dh = (dscores @ w2.T) * (h > 0)
    return loss, {
        "w1": x.T @ dh,
        "b1": dh.sum(axis=0),
        "w2": h.T @ dscores,
        "b2": dscores.sum(axis=0),
    }


#: the gradient of b1 has the shape (5, 3), but b1 has (3,)
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    dh = (dscores @ w2.T) * (h > 0)
    return loss, {
        "w1": x.T @ dh,
        "b1": dh,
        "w2": a.T @ dscores,
        "b2": dscores,
    }


#: yours = 0.2 * numeric
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    dh = (dscores @ w2.T) * (h > 0)
    return loss, {
        "w1": x.T @ dh,
        "b1": dh.mean(axis=0),
        "w2": a.T @ dscores,
        "b2": dscores.mean(axis=0),
    }


#: yours = 5 * numeric
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    dscores = dscores * len(x)
    dh = (dscores @ w2.T) * (h > 0)
    return loss, {
        "w1": x.T @ dh,
        "b1": dh.sum(axis=0),
        "w2": a.T @ dscores,
        "b2": dscores.sum(axis=0),
    }


#: the gradient of b1 is missing
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    dh = (dscores @ w2.T) * (h > 0)
    return loss, {"w1": x.T @ dh, "w2": a.T @ dscores}


#: That is line 31 of mlp.py: dh = (dscores @ w2) * (h > 0)
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    dh = (dscores @ w2) * (h > 0)
    return loss, {
        "w1": x.T @ dh,
        "b1": dh.sum(axis=0),
        "w2": a.T @ dscores,
        "b2": dscores.sum(axis=0),
    }


#: for several gradients. It returned a dict of 4
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    loss, dscores = cross_entropy(a @ w2 + b2, labels)
    dh = (dscores @ w2.T) * (h > 0)
    return {
        "w1": x.T @ dh,
        "b1": dh.sum(axis=0),
        "w2": a.T @ dscores,
        "b2": dscores.sum(axis=0),
    }


#: the result is the number 3.9202721. Expected is the number 4.7405066
def mlp(x, labels, w1, b1, w2, b2):
    h = x @ w1 + b1
    a = np.maximum(h, 0)
    scores = np.maximum(a @ w2 + b2, 0)
    loss, dscores = cross_entropy(scores, labels)
    dh = (dscores @ w2.T) * (h > 0)
    return loss, {
        "w1": x.T @ dh,
        "b1": dh.sum(axis=0),
        "w2": a.T @ dscores,
        "b2": dscores.sum(axis=0),
    }
