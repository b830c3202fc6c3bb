"""linear: a layer with weights and a bias."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def linear(x, w, b):
    return x @ w + b


INPUTS = {"x": Floats("N", "D"), "w": Floats("D", "M"), "b": Floats("M")}

EXERCISE = Exercise(
    title="Linear layer",
    statement="""
A linear layer turns N examples of D numbers into N examples of M numbers:

    y = x @ w + b

    x (N, D)      an example in each row
    w (D, M)      weights
    b (M,)        bias, added to each row
    y (N, M)

Write the forward pass, and the backward pass: upstream is dL/dy, of shape
(N, M). Return dL/dx, dL/dw and dL/db, each with the shape of its input.
""",
    stub='''
def linear(x, w, b):
    """Return y."""
    return ...  # replace this line


def linear_backward(upstream, x, w, b):
    """Return dL/dx, dL/dw and dL/db."""
    return ..., ..., ...  # replace this line
''',
    checks=(
        Values(linear, INPUTS),
        Gradient(linear, INPUTS, own=lambda x, w, b: ops.matmul(x, w) + b),
    ),
    hints=(
        "This is a matrix product and a sum with broadcasting. You know the backward pass of each.",
        "How many rows of y does b[j] act on? What does that mean for its gradient?",
        "The sum passes upstream on, unchanged, to the product x @ w. For b it is summed over "
        "the stretched axis.",
        "dL/dx = upstream @ w.T, dL/dw = x.T @ upstream. dL/db is the sum of upstream over axis 0.",
    ),
)
