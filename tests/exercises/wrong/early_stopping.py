#: item 1 of the result is the number 3. Expected is the number 4
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses), best


#: item 0 of the result is the number 5. Expected is the number 4
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited > patience:
            return epoch, best
    return len(losses), best


#: losses = [3.0, 1.0, 1.0, 1.0, 1.0], patience = 2
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss <= best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses), best


#: item 0 of the result is the number 5. Expected is the number 6
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss = epoch, loss
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses), best


#: losses = [2.0, 3.0, 2.5, 2.2, 1.0], patience = 3
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if epoch == 1 or loss < losses[epoch - 2]:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses), best


#: item 1 of the result is the number 6. Expected is the number 2
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, np.argmin(losses) + 1
    return len(losses), np.argmin(losses) + 1


#: is the line with `return` missing?
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best


#: item 0 of the result is the number 2. Expected is the number 4
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return best, epoch
    return len(losses), best


#: item 1 of the result is the number 2. Expected is the number 4
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best_loss
    return len(losses), best_loss


#: item 0 of the result is the number 2. Expected is the number 4
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch - patience, best
    return len(losses), best


#: Expected is a tuple of 2
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(losses), best


#: item 0 of the result is None
def early_stopping(losses, patience):
    best, best_loss, waited = 0, np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return None, best
