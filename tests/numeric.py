"""Central differences, as simple as possible and independent of minireg, to test against."""

import numpy as np


def numeric_gradient(function, arrays, i, h=1e-5):
    """d function(*arrays) / d arrays[i] for a function that returns a float, entry by entry."""
    x = arrays[i]
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        values = []
        for step in (h, -h):
            moved = x.copy()
            moved[index] += step
            values.append(function(*arrays[:i], moved, *arrays[i + 1 :]))
        gradient[index] = (values[0] - values[1]) / (2 * h)
    return gradient


def numeric_slope(function, arrays, i, direction, h=1e-5):
    """The slope of function(*arrays), a float, if arrays[i] moves in this direction."""
    x = arrays[i]
    values = [function(*arrays[:i], x + step * direction, *arrays[i + 1 :]) for step in (h, -h)]
    return (values[0] - values[1]) / (2 * h)
