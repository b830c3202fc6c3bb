#: 27% of the entries are True, but True must have the probability 0.7. The two are exchanged
def dropout_mask(shape, p, random):
    return random.random(shape) < p
