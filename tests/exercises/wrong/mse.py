#: the result is the number 4. Expected is the number 2
def mse(prediction, target):
    error = prediction - target
    return (error**2).sum(), 2 * error


#: the result is the number 1. Expected is the number 2
def mse(prediction, target):
    error = prediction - target
    return (error**2).mean() / 2, error / error.size


#: yours = 35 * numeric
def mse(prediction, target):
    error = prediction - target
    return (error**2).mean(), 2 * error


#: 7 is the length of axis 1
def mse(prediction, target):
    error = prediction - target
    return (error**2).mean(), 2 * error / len(error)


#: a 2 is missing
def mse(prediction, target):
    error = prediction - target
    return (error**2).mean(), error / error.size


#: the sign is wrong
def mse(prediction, target):
    return ((prediction - target) ** 2).mean(), 2 * (target - prediction) / target.size


#: the gradient of prediction has the shape (), but prediction has (5, 7)
def mse(prediction, target):
    error = prediction - target
    return (error**2).mean(), (2 * error).mean()


#: the result is an array of shape (2,) [4.0, 0.0]. Expected is the number 2
def mse(prediction, target):
    error = prediction - target
    return (error**2).mean(axis=0), 2 * error / error.size


#: for several gradients. It returned the number
def mse(prediction, target):
    return ((prediction - target) ** 2).mean()


#: it changes its argument prediction in place
def mse(prediction, target):
    prediction -= target
    return (prediction**2).mean(), 2 * prediction / prediction.size


#: the gradient of prediction is wrong in 35 of 35 entries
def mse(prediction, target):
    error = prediction - target
    return (error**2).mean(), 2 * prediction * error / error.size
