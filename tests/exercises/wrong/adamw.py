#: yours is 0.9001996, expected is 0.95
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    gradient = gradient + weight_decay * w
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


#: yours is 0.5, expected is 0.95
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w - weight_decay * w
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


#: yours is 1, expected is 0.95
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


#: First at [1]: yours is -2.05, expected is -1.9
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w - lr * weight_decay
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


#: , t = 5,
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
    return w - lr * weight_decay * w, m, v


#: yours is -49, expected is 0.95
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    m_hat = m_hat + weight_decay * w
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


#: yours is 1.05, expected is 0.95
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w + lr * weight_decay * w
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


#: yours is -1.95, expected is -1.9
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w - lr * weight_decay * np.sign(w)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


#: it changes its argument w in place
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w -= lr * weight_decay * w
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


#: yours is 0.5, expected is 0.95
def adamw(w, gradient, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = weight_decay * w
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
