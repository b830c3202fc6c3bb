#: np.cos and np.sin take radians
def rotation(degrees):
    return np.array(
        [[np.cos(degrees), -np.sin(degrees)], [np.sin(degrees), np.cos(degrees)]]
    )


#: this is below the centre: clockwise
def rotation(degrees):
    a = np.deg2rad(degrees)
    return np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])


#: First at [0, 1]: yours is 1, expected is -1
def rotation(degrees):
    a = np.deg2rad(degrees)
    return np.array([[np.cos(a), np.sin(a)], [np.sin(a), np.cos(a)]])


#: Expected is an array of shape (2, 2)
def rotation(degrees):
    a = np.deg2rad(degrees)
    return np.array([np.cos(a), -np.sin(a), np.sin(a), np.cos(a)])


#: First at [0, 1]: yours is -1, expected is 1
def rotation_inverse(degrees, height, width):
    back = rotation(degrees)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    return np.column_stack([back, centre - back @ centre])


#: First at [1, 2]: yours is 3, expected is 2
def rotation_inverse(degrees, height, width):
    back = rotation(-degrees)
    centre = np.array([height / 2, width / 2])
    return np.column_stack([back, centre - back @ centre])


#: First at [0, 2]: yours is -0.53108891
def rotation_inverse(degrees, height, width):
    back = rotation(-degrees)
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    return np.column_stack([back, centre - back @ centre])


#: First at [1, 2]: yours is 0, expected is 2
def rotation_inverse(degrees, height, width):
    return np.column_stack([rotation(-degrees), np.zeros(2)])


#: First at [1, 2]: yours is -2, expected is 2
def rotation_inverse(degrees, height, width):
    back = rotation(-degrees)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    return np.column_stack([back, back @ centre - centre])


#: First at [0, 2]: yours is 1, expected is 0
def rotation_inverse(degrees, height, width):
    back = rotation(-degrees)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    return np.column_stack([back, centre])


#: Expected is an array of shape (2, 3)
def rotation_inverse(degrees, height, width):
    return rotation(-degrees)


#: Expected is an array of shape (2, 3)
def rotation_inverse(degrees, height, width):
    back = rotation(-degrees)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    return np.vstack([back, centre - back @ centre])
