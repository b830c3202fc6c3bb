#: the result is the number 6. Expected is the number 1
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * ((w**2).sum() + (b**2).sum()), (2 * factor * w, 2 * factor * b)


#: the gradient of b is wrong in 7 of 7 entries
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * (w**2).sum(), (2 * factor * w, 2 * factor * b)


#: the result is the number 1. Expected is the number 0.5
def l2(w, b, strength, scale, m):
    return strength * (w**2).sum(), (2 * strength * w, np.zeros_like(b))


#: the result is the number 0.02. Expected is the number 0.01
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 1 / m}[scale] * strength
    return factor * (w**2).sum(), (2 * factor * w, np.zeros_like(b))


#: a 2 is missing
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * (w**2).sum(), (factor * w, np.zeros_like(b))


#: a 2 is missing
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * (w**2).sum(), (strength * w, np.zeros_like(b))


#: the gradient of w is wrong in 35 of 35 entries
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * (w**2).sum(), (2 * factor * np.sign(w), np.zeros_like(b))


#: the result is the number 0.4472136. Expected is the number 1
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * np.sqrt((w**2).sum()), (2 * factor * w, np.zeros_like(b))


#: must return 2 gradients (w, b)
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * (w**2).sum(), 2 * factor * w


#: the gradient of b has the shape (), but b has (7,)
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * (w**2).sum(), (2 * factor * w, 0)


#: the sign is wrong
def l2(w, b, strength, scale, m):
    factor = {"sum": 1, "half": 0.5, "half_mean": 0.5 / m}[scale] * strength
    return factor * (w**2).sum(), (-2 * factor * w, np.zeros_like(b))
