import numpy as np


def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses), best
