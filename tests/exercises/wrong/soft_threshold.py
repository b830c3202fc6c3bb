#: for w = 2 and t = 0.5 yours is u = 2, with the cost 1. But u = 1.5 has the cost 0.875
def soft_threshold(w, t):
    return np.where(np.abs(w) > t, w, 0.0)


#: for w = -2 and t = 0.5 yours is u = 0, with the cost 2. But u = -1.5
def soft_threshold(w, t):
    return np.maximum(w - t, 0)


#: for w = -2 and t = 0.5 yours is u = 1.5, with the cost 6.875
def soft_threshold(w, t):
    return np.maximum(np.abs(w) - t, 0)


#: for w = 0.3 and t = 0.5 yours is u = -0.2, with the cost 0.225. But u = 0
def soft_threshold(w, t):
    return w - t * np.sign(w)


#: for w = 0.3 and t = 0.5 yours is u = -0.2, with the cost 0.225. But u = 0
def soft_threshold(w, t):
    return np.sign(w) * (np.abs(w) - t)


#: for w = 2 and t = 0.5 yours is u = 1.33333
def soft_threshold(w, t):
    return w / (1 + t)


#: for w = 2 and t = 0.5 yours is u = 0.5
def soft_threshold(w, t):
    return np.clip(w, -t, t)


#: for w = -2 and t = 0.5 yours is u = -2.5
def soft_threshold(w, t):
    return w - t


#: it changes its argument w in place
def soft_threshold(w, t):
    u = w
    u[np.abs(w) <= t] = 0
    u[w > t] -= t
    u[w < -t] += t
    return u


#: That is line 9 of soft_threshold.py: return max(abs(w) - t, 0)
def soft_threshold(w, t):
    return max(abs(w) - t, 0)


#: the result is the number 3. Expected is an array of shape (6,)
def soft_threshold(w, t):
    return np.maximum(np.abs(w) - t, 0).sum()
