#: the result is the number nan. Expected is the number 1000
def softmax_cross_entropy(scores, labels):
    e = np.exp(scores)
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    return loss, p / len(labels)


#: called with scores = [[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]
def softmax_cross_entropy(scores, labels):
    p = np.exp(scores)
    loss = -np.log(p[np.arange(len(labels)), labels]).mean()
    return loss, p


#: a constant factor: yours = 5 * numeric
def softmax_cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = np.mean(np.log(np.exp(z).sum(axis=1)) - z[rows, labels])
    p[rows, labels] -= 1
    return loss, p


#: softmax_cross_entropy must return 2 values: `return loss, gradient`
def softmax_cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels])


#: the gradient of scores is wrong
def softmax_cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels])
    p[:, labels] -= 1
    return loss, p / len(labels)


#: IndexError: index
def softmax_cross_entropy(scores, labels):
    p = np.exp(scores) / np.exp(scores).sum()
    return -np.log(p[labels]).mean(), p - 1


#: it changes its argument scores in place
def softmax_cross_entropy(scores, labels):
    rows = np.arange(len(labels))
    scores -= scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    gradient = np.exp(log_p)
    gradient[rows, labels] -= 1
    return -log_p[rows, labels].mean(), gradient / len(labels)


#: pass
def softmax_cross_entropy(scores, labels):
    N, C = scores.shape
    loss, gradient = 0, np.zeros((N, C))
    for i in range(N):
        e = [np.exp(score - max(scores[i])) for score in scores[i]]
        loss += (np.log(sum(e)) + max(scores[i]) - scores[i][labels[i]]) / N
        for k in range(C):
            gradient[i, k] = (e[k] / sum(e) - (k == labels[i])) / N
    return loss, gradient
