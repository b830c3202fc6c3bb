#: called with indices = [1, 1, 2]: fail: embedding: the gradient of table is wrong in 7
def embedding_backward(upstream, table, indices):
    gradient = np.zeros_like(table)
    gradient[indices] = upstream
    return gradient


#: line 12: gradient[indices] += upstream
def embedding_backward(upstream, table, indices):
    gradient = np.zeros_like(table)
    gradient[indices] += upstream
    return gradient


#: the gradient of table has the shape (3, 7), but table has (5, 7)
def embedding_backward(upstream, table, indices):
    return upstream[indices]


#: the upstream gradient is ignored
def embedding_backward(upstream, table, indices):
    gradient = np.zeros_like(table)
    np.add.at(gradient, indices, 1)
    return gradient


#: the gradient of table has the shape (3, 7), but table has (5, 7)
def embedding_backward(upstream, table, indices):
    return upstream.copy()


#: changes its input table in place
def embedding_backward(upstream, table, indices):
    np.add.at(table, indices, upstream)
    return table.copy()


#: nothing may be added
def embedding_backward(upstream, table, indices):
    gradient = np.ones_like(table)
    np.add.at(gradient, indices, upstream)
    return gradient


#: decimals are cut off in an array of whole numbers
def embedding_backward(upstream, table, indices):
    gradient = np.zeros_like(table, dtype=indices.dtype)
    for place, index in np.ndenumerate(indices):
        gradient[index] += upstream[place].astype(int)
    return gradient


#: 1/3, where 3 is the length of axis 0 of y
def embedding_backward(upstream, table, indices):
    gradient = np.zeros_like(table)
    np.add.at(gradient, indices, upstream)
    return gradient / indices.size


#: is wrong in 14 of 35 entries
def embedding_backward(upstream, table, indices):
    gradient = np.zeros_like(table)
    np.add.at(gradient, indices, upstream * table[indices])
    return gradient


#: called with indices = [[0, 2, 2], [4, 2, 0]]
def embedding_backward(upstream, table, indices):
    gradient = np.zeros_like(table)
    for i, index in enumerate(indices):
        gradient[index] += upstream[i]
    return gradient
