"""matmul: the product of two matrices."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient
from ..exercise import Exercise


def matmul(a, b):
    return a @ b


EXERCISE = Exercise(
    title="Matrix product",
    statement="""
The forward pass is the product of two matrices:

    y = a @ b             a (N, K)   b (K, M)   y (N, M)

    y[i, j] = sum over k of a[i, k] * b[k, j]

Write the backward pass. upstream is dL/dy, of shape (N, M). Return dL/da, of
shape (N, K), and dL/db, of shape (K, M).
""",
    stub='''
def matmul_backward(upstream, a, b):
    """Return dL/da and dL/db."""
    return ..., ...  # replace this line
''',
    checks=(Gradient(matmul, {"a": Floats("N", "K"), "b": Floats("K", "M")}, own=ops.matmul),),
    hints=(
        "Which entries of y does a[i, k] act on? With which slopes?",
        "dL/da[i, k] is the sum over j of upstream[i, j] * b[k, j]. Which matrix product is that?",
        "In a product, the inner indices are summed. The sum over j needs upstream (N, M) and "
        "a matrix of shape (M, K).",
        "dL/da = upstream @ b.T. Find dL/db in the same way, from the shapes (K, N) and (N, M).",
    ),
)
