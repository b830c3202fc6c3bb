#: the result is the number nan. Expected is the number 1000
def softmax_cross_entropy(scores, labels):
    e = np.exp(scores)
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    return loss, p / len(labels)
