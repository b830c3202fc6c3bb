#: yours is -0.57639042, expected is -0.70534562
def batch_norm(x, gamma, beta, eps):
    z = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + eps)
    return gamma * z + beta


#: yours is -0.70214189, expected is -0.70534562
def batch_norm(x, gamma, beta, eps):
    z = (x - x.mean(axis=0)) / (np.sqrt(x.var(axis=0)) + eps)
    return gamma * z + beta


#: yours is -0.49751244, expected is -0.70534562
def batch_norm(x, gamma, beta, eps):
    z = (x - x.mean(axis=0)) / (x.var(axis=0) + eps)
    return gamma * z + beta


#: yours is -1.3846219, expected is -0.70534562
def batch_norm(x, gamma, beta, eps):
    z = (x - x.mean()) / np.sqrt(x.var() + eps)
    return gamma * z + beta


#: shapes (3,2) (3,). That is line 18 of batch_norm.py
def batch_norm(x, gamma, beta, eps):
    z = (x - x.mean(axis=1)) / np.sqrt(x.var(axis=1) + eps)
    return gamma * z + beta


#: the gradient of x is wrong in 35 of 35 entries
def batch_norm_backward(upstream, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / s
    return upstream * gamma / s, (upstream * z).sum(axis=0), upstream.sum(axis=0)


#: the gradient of x is wrong in 35 of 35 entries
def batch_norm_backward(upstream, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / s
    g = upstream * gamma
    return (g - g.mean(axis=0)) / s, (upstream * z).sum(axis=0), upstream.sum(axis=0)


#: the gradient of x is wrong in 35 of 35 entries
def batch_norm_backward(upstream, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / s
    g = upstream * gamma
    dx = (g - z * (g * z).mean(axis=0)) / s
    return dx, (upstream * z).sum(axis=0), upstream.sum(axis=0)


#: the gradient of x is wrong in 35 of 35 entries
def batch_norm_backward(upstream, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / s
    g = upstream
    dx = (g - g.mean(axis=0) - z * (g * z).mean(axis=0)) / s
    return dx, (upstream * z).sum(axis=0), upstream.sum(axis=0)


#: the gradient of gamma is wrong in 7 of 7 entries
def batch_norm_backward(upstream, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / s
    g = upstream * gamma
    dx = (g - g.mean(axis=0) - z * (g * z).mean(axis=0)) / s
    return dx, (upstream * x).sum(axis=0), upstream.sum(axis=0)


#: 1/5, where 5 is the length of axis 0 of y
def batch_norm_backward(upstream, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / s
    g = upstream * gamma
    dx = (g - g.mean(axis=0) - z * (g * z).mean(axis=0)) / s
    return dx, (upstream * z).mean(axis=0), upstream.mean(axis=0)


#: it is not summed over axis 0
def batch_norm_backward(upstream, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / s
    g = upstream * gamma
    dx = (g - g.mean(axis=0) - z * (g * z).mean(axis=0)) / s
    return dx, upstream * z, upstream


#: the gradient of x is wrong in 35 of 35 entries
def batch_norm_backward(upstream, x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / s
    g = upstream * gamma
    dx = (g - g.sum(axis=0) - z * (g * z).sum(axis=0)) / s
    return dx, (upstream * z).sum(axis=0), upstream.sum(axis=0)
