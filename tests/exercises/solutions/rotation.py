import numpy as np


def rotation(degrees):
    a = np.deg2rad(degrees)
    return np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])


def rotation_inverse(degrees, height, width):
    back = rotation(-degrees)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    return np.column_stack([back, centre - back @ centre])
