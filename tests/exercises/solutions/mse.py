def mse(prediction, target):
    error = prediction - target
    return (error**2).mean(), 2 * error / error.size
