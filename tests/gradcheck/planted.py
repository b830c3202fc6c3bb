"""Backward passes with one planted mistake each, on the line that `# <-` marks."""

PLANTED = {
    "mean for sum": """
def forward(x, w, b):
    return x @ w + b

def backward(upstream, x, w, b):
    dx = upstream @ w.T
    dw = x.T @ upstream
    db = upstream.mean(axis = 0)  # <-
    return dx, dw, db
""",
    "missing transpose": """
def forward(x, w, b):
    return x @ w + b

def backward(upstream, x, w, b):
    return (upstream @ w,  # <-
            x.T @ upstream, upstream.sum(0))
""",
    "missing sum": """
def forward(x, b):
    return x * b

def backward(upstream, x, b):
    db = upstream * x  # <-
    return upstream * b, db
""",
    "missing factor": """
def forward(x):
    y = np.tanh(x)
    return y, (y,)

def backward(upstream, cache):
    (y,) = cache
    return upstream * (1 - y)  # <-
""",
    "missing mask": """
def forward(x):
    return np.maximum(x, 0), {"x": x}

def backward(upstream, cache):
    dx = upstream  # <-
    return dx
""",
    "wrong axis": """
def forward(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def backward(upstream, x):
    s = forward(x)
    dot = (upstream * s).sum(axis=0, keepdims=True)  # <-
    return s * (upstream - dot)
""",
    "missing line": """
def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def forward(x, labels):
    return -np.log(softmax(x)[np.arange(len(x)), labels]).mean()

def backward(upstream, x, labels):
    d = softmax(x)
    return upstream * d / len(labels)  # <-
""",
    "whole columns": """
def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def forward(x, labels):
    return -np.log(softmax(x)[np.arange(len(x)), labels]).mean()

def backward(upstream, x, labels):
    d = softmax(x)
    d[:, labels] -= 1  # <-
    return upstream * d / len(x)
""",
    "L1 for L2": """
strength = 0.3

def forward(w):
    return strength * np.abs(w).sum()

def backward(upstream, w):
    return upstream * strength * w  # <-
""",
    "overwritten": """
def forward(table, rows):
    return table[rows]

def backward(upstream, table, rows):
    grad = np.zeros_like(table)
    for i, row in enumerate(rows):
        grad[row] = upstream[i]  # <-
    return grad
""",
    "repeated indices": """
def forward(table, rows):
    return table[rows]

def backward(upstream, table, rows):
    grad = np.zeros(table.shape)
    grad[rows] += upstream  # <-
    return grad
""",
    "swapped": """
def forward(a, b):
    return 2 * a + 3 * b

def backward(upstream, a, b):
    return 3 * upstream, 2 * upstream  # <-
""",
    "upstream changed": """
def forward(x):
    return np.maximum(x, 0)

def backward(upstream, x):
    upstream[x < 0] = 0  # <-
    return upstream
""",
    "helper": """
def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def slope(x):
    return sigmoid(x) * sigmoid(x)  # <-

def forward(x):
    return sigmoid(x)

def backward(upstream, x):
    return upstream * slope(x)
""",
    "last round": """
def forward(x):
    return np.cumsum(x, axis=0)

def backward(upstream, x):
    grad = upstream.copy()
    for t in range(len(x) - 2, 0, -1):  # <-
        grad[t] += grad[t + 1]
    return grad
""",
    "whole numbers": """
def forward(x, mask):
    return x * mask

def backward(upstream, x, mask):
    grad = np.zeros_like(mask, dtype=int)  # <-
    grad[mask] = upstream[mask]
    return grad
""",
    "variance": """
def forward(x):
    return (x - x.mean(axis=0)) / x.std(axis=0), (x - x.mean(axis=0), x.std(axis=0))

def backward(upstream, cache):
    centered, std = cache
    h = centered / std
    dx = (upstream - upstream.mean(axis=0)) / std  # <-
    return dx
""",
    "expression of forward": """
def forward(x):
    return x / (1 + np.abs(x))

def backward(upstream, x):
    return upstream  # <-
""",
    "sign by division": """
def forward(x):
    return np.abs(x)

def backward(upstream, x):
    sign = x / np.abs(x)  # <-
    return upstream * sign
""",
    "mask without upstream": """
def forward(x):
    return np.maximum(x, 0)

def backward(upstream, x):
    dx = x > 0  # <-
    return dx
""",
    "sign, with equal entries": """
def forward(x):
    order = np.argsort(x, axis=1)
    return np.take_along_axis(x, order, axis=1), order

def backward(upstream, order):
    dx = np.zeros(order.shape)
    np.put_along_axis(dx, order, upstream, axis=1)
    return -dx  # <-
""",
}
