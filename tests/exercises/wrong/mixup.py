#: yours is 9, expected is 1, where
def mixup(x, partner, mix):
    return (1 - mix[:, None]) * x + mix[:, None] * x[partner]


#: the result is an array of shape (3, 3)
def mixup(x, partner, mix):
    return mix * x + (1 - mix) * x[partner]


#: yours is 2, expected is 1, where
def mixup(x, partner, mix):
    share = mix.mean()
    return share * x + (1 - share) * x[partner]


#: yours is 5, expected is 1, where
def mixup(x, partner, mix):
    return mix[:, None] * x + (1 - mix[partner][:, None]) * x[partner]


#: yours is 10, expected is 1, where
def mixup(x, partner, mix):
    return mix[:, None] * x + (1 - mix[:, None]) * x[::-1]


#: Expected is the number
def mixup_loss(scores, labels, partner, mix):
    q = np.eye(scores.shape[1])[labels]
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(q * log_p).sum() / len(q), (np.exp(log_p) - q) / len(q)


#: Expected is the number
def mixup_loss(scores, labels, partner, mix):
    q = mixup(np.eye(scores.shape[1])[labels], partner, mix)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(q * log_p).sum(), np.exp(log_p) - q


#: a sum in place of a mean, or a division too few
def mixup_loss(scores, labels, partner, mix):
    q = mixup(np.eye(scores.shape[1])[labels], partner, mix)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(q * log_p).sum() / len(q), np.exp(log_p) - q


#: Expected is the number
def mixup_loss(scores, labels, partner, mix):
    mixed = np.round(mix * labels + (1 - mix) * labels[partner]).astype(int)
    q = np.eye(scores.shape[1])[mixed]
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(q * log_p).sum() / len(q), (np.exp(log_p) - q) / len(q)


#: the gradient of scores is wrong in
def mixup_loss(scores, labels, partner, mix):
    q = mixup(np.eye(scores.shape[1])[labels], partner, mix)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    gradient = np.exp(log_p) - np.eye(scores.shape[1])[labels]
    return -(q * log_p).sum() / len(q), gradient / len(q)


#: Expected is the number
def mixup_loss(scores, labels, partner, mix):
    q = mixup(np.eye(scores.shape[1])[labels], partner, mix)
    p = np.exp(scores) / np.exp(scores).sum()
    return -(q * np.log(p)).sum() / len(q), (p - q) / len(q)
