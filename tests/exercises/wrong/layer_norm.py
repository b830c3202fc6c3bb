#: yours is -0.99875234, expected is -0.70534562
def layer_norm(x, gamma, beta, eps):
    z = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * z + beta


#: shapes (2,3) (2,). That is line 25 of layer_norm.py
def layer_norm(x, gamma, beta, eps):
    z = (x - x.mean(axis=-1)) / np.sqrt(x.var(axis=-1) + eps)
    return gamma * z + beta


#: First at [0, 0, 0]: yours is -0.05591501, expected is 0.13106187
def layer_norm(x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * (x - x.mean(axis=1, keepdims=True)) / s + beta


#: yours is -0.70710678, expected is -0.70534562
def layer_norm(x, gamma, beta, eps):
    s = x.std(axis=-1, keepdims=True)
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / s + beta


#: the gradient of x is wrong in 35 of 35 entries
def layer_norm_backward(upstream, x, gamma, beta, eps):
    z, s = normalize(x, eps)
    g = upstream * gamma
    others = tuple(range(x.ndim - 1))
    return g / s, (upstream * z).sum(axis=others), upstream.sum(axis=others)


#: the gradient of x is wrong in 35 of 35 entries
def layer_norm_backward(upstream, x, gamma, beta, eps):
    z, s = normalize(x, eps)
    g = upstream * gamma
    dx = (g - g.mean(axis=-1, keepdims=True)) / s
    others = tuple(range(x.ndim - 1))
    return dx, (upstream * z).sum(axis=others), upstream.sum(axis=others)


#: the gradient of x is wrong in 35 of 35 entries
def layer_norm_backward(upstream, x, gamma, beta, eps):
    z, s = normalize(x, eps)
    g = upstream * gamma
    dx = (g - g.mean(axis=0) - z * (g * z).mean(axis=0)) / s
    others = tuple(range(x.ndim - 1))
    return dx, (upstream * z).sum(axis=others), upstream.sum(axis=others)


#: the gradient of gamma has the shape (3, 5), but gamma has (5,)
def layer_norm_backward(upstream, x, gamma, beta, eps):
    z, s = normalize(x, eps)
    g = upstream * gamma
    mean_g = g.mean(axis=-1, keepdims=True)
    mean_gz = (g * z).mean(axis=-1, keepdims=True)
    dx = (g - mean_g - z * mean_gz) / s
    return dx, (upstream * z).sum(axis=0), upstream.sum(axis=0)


#: the gradient of gamma has the shape (5,), but gamma has (7,)
def layer_norm_backward(upstream, x, gamma, beta, eps):
    z, s = normalize(x, eps)
    g = upstream * gamma
    mean_g = g.mean(axis=-1, keepdims=True)
    mean_gz = (g * z).mean(axis=-1, keepdims=True)
    dx = (g - mean_g - z * mean_gz) / s
    return dx, (upstream * z).sum(axis=-1), upstream.sum(axis=-1)


#: the gradient of x is wrong in 35 of 35 entries
def layer_norm_backward(upstream, x, gamma, beta, eps):
    z, s = normalize(x, eps)
    mean_g = upstream.mean(axis=-1, keepdims=True)
    mean_gz = (upstream * z).mean(axis=-1, keepdims=True)
    dx = gamma * (upstream - mean_g - z * mean_gz) / s
    others = tuple(range(x.ndim - 1))
    return dx, (upstream * z).sum(axis=others), upstream.sum(axis=others)
