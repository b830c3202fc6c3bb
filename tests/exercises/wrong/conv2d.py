#: yours is 1234, expected is 4321
def conv2d(x, kernels):
    height, width = kernels.shape[2:]
    flipped = kernels[:, :, ::-1, ::-1]
    y = np.zeros((len(x), len(kernels), x.shape[2] - height + 1, x.shape[3] - width + 1))
    for n, m, i, j, rows, columns in list_places(x, kernels):
        y[n, m, i, j] = (x[n, :, rows, columns] * flipped[m]).sum()
    return y


#: Expected is an array of shape (1, 1, 1, 1)
def conv2d(x, kernels):
    height, width = kernels.shape[2:]
    y = np.zeros((len(x), len(kernels), x.shape[2] - height, x.shape[3] - width))
    for n in range(y.shape[0]):
        for m in range(y.shape[1]):
            for i in range(y.shape[2]):
                for j in range(y.shape[3]):
                    y[n, m, i, j] = (x[n, :, i:i + height, j:j + width] * kernels[m]).sum()
    return y


#: the result is wrong in 48 of 48 entries
def conv2d(x, kernels):
    height, width = kernels.shape[2:]
    y = np.zeros((len(x), len(kernels), x.shape[2] - height + 1, x.shape[3] - width + 1))
    for n, m, i, j, rows, columns in list_places(x, kernels):
        y[n, m, i, j] = (x[n, 0, rows, columns] * kernels[m, 0]).sum()
    return y


#: yours is 1080.25, expected is 4321
def conv2d(x, kernels):
    height, width = kernels.shape[2:]
    y = np.zeros((len(x), len(kernels), x.shape[2] - height + 1, x.shape[3] - width + 1))
    for n, m, i, j, rows, columns in list_places(x, kernels):
        y[n, m, i, j] = (x[n, :, rows, columns] * kernels[m]).mean()
    return y


#: the gradient of x is wrong
def conv2d_backward(upstream, x, kernels):
    dx, dkernels = np.zeros_like(x), np.zeros_like(kernels)
    for n, m, i, j, rows, columns in list_places(x, kernels):
        g = upstream[n, m, i, j]
        dx[n, :, rows, columns] = g * kernels[m]
        dkernels[m] += g * x[n, :, rows, columns]
    return dx, dkernels


#: the gradient of kernels is wrong in 48 of 48
def conv2d_backward(upstream, x, kernels):
    dx, dkernels = np.zeros_like(x), np.zeros_like(kernels)
    for n, m, i, j, rows, columns in list_places(x, kernels):
        g = upstream[n, m, i, j]
        dx[n, :, rows, columns] += g * kernels[m]
        dkernels[m] = g * x[n, :, rows, columns]
    return dx, dkernels


#: the gradient of x is wrong
def conv2d_backward(upstream, x, kernels):
    dx, dkernels = np.zeros_like(x), np.zeros_like(kernels)
    for n, m, i, j, rows, columns in list_places(x, kernels):
        g = upstream[n, m, i, j]
        dx[n, :, rows, columns] += g * kernels[m, :, ::-1, ::-1]
        dkernels[m] += g * x[n, :, rows, columns]
    return dx, dkernels


#: yours = 0.333333 * numeric; that is 1/3, where 3 is
def conv2d_backward(upstream, x, kernels):
    dx, dkernels = np.zeros_like(x), np.zeros_like(kernels)
    for n, m, i, j, rows, columns in list_places(x, kernels):
        g = upstream[n, m, i, j]
        dx[n, :, rows, columns] += g * kernels[m]
        dkernels[m] += g * x[n, :, rows, columns]
    return dx, dkernels / len(x)


#: the upstream gradient is ignored
def conv2d_backward(upstream, x, kernels):
    dx, dkernels = np.zeros_like(x), np.zeros_like(kernels)
    for n, m, i, j, rows, columns in list_places(x, kernels):
        dx[n, :, rows, columns] += kernels[m]
        dkernels[m] += x[n, :, rows, columns]
    return dx, dkernels


#: the gradients of kernels and x are swapped
def conv2d_backward(upstream, x, kernels):
    dx, dkernels = np.zeros_like(x), np.zeros_like(kernels)
    for n, m, i, j, rows, columns in list_places(x, kernels):
        g = upstream[n, m, i, j]
        dx[n, :, rows, columns] += g * kernels[m]
        dkernels[m] += g * x[n, :, rows, columns]
    return dkernels, dx
