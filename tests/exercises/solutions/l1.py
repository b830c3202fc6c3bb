import numpy as np


def l1(w, strength):
    return strength * np.abs(w).sum(), strength * np.sign(w)
