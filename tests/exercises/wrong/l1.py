#: the result is the number -0.5. Expected is the number 1.5
def l1(w, strength):
    return strength * w.sum(), strength * np.ones_like(w)


#: the result is the number 0.5. Expected is the number 1.5
def l1(w, strength):
    return strength * np.abs(w).mean(), strength * np.sign(w) / w.size


#: nan
def l1(w, strength):
    return strength * np.abs(w).sum(), strength * w / np.abs(w)


#: the gradient: the result is wrong in 2 of 2 entries. First at [0]: yours is 0.5, expected is 0, where w[0] = 0
def l1(w, strength):
    return strength * np.abs(w).sum(), strength * np.where(w >= 0, 1.0, -1.0)


#: the gradient of w is wrong in 19 of 35 entries
def l1(w, strength):
    return strength * np.abs(w).sum(), strength * (w > 0)


#: the gradient of w is wrong in 19 of 35 entries
def l1(w, strength):
    return strength * np.abs(w).sum(), strength * np.ones_like(w)


#: the gradient of w is wrong in 35 of 35 entries
def l1(w, strength):
    return strength * np.abs(w).sum(), strength * w


#: the gradient of w is wrong in 35 of 35 entries
def l1(w, strength):
    return strength * np.abs(w).sum(), strength * np.abs(w)


#: yours = 3.33333 * numeric
def l1(w, strength):
    return strength * np.abs(w).sum(), np.sign(w)


#: the sign is wrong
def l1(w, strength):
    return strength * np.abs(w).sum(), -strength * np.sign(w)


#: the result is an array of shape (3,) [0.5, 0.0, 1.0]. Expected is the number 1.5
def l1(w, strength):
    return strength * np.abs(w), strength * np.sign(w)
