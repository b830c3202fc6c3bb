"""embedding: rows that are used several times."""

import numpy as np

from ... import ops
from ...gradcheck import Floats, Integers
from ..checks import Gradient
from ..exercise import Exercise


def embedding(table, indices):
    return table[indices]


REPEATED = {"table": Floats(5, "D"), "indices": np.array([[0, 2, 2], [4, 2, 0]])}

EXERCISE = Exercise(
    title="Embedding",
    statement="""
A table has a row of D numbers for each of V words. The forward pass looks up
the rows of the words in a text:

    y = table[indices]

    table (V, D)      a row for each word
    indices (N,)      whole numbers from 0 to V - 1; y is (N, D)
    indices (N, T)    N texts of T words; y is (N, T, D)

The same word may stand at several places. Write the backward pass: upstream
is dL/dy and has the shape of y. Return dL/dtable, of shape (V, D). indices
needs no gradient.
""",
    stub='''
def embedding_backward(upstream, table, indices):
    """Return dL/dtable."""
    return ...  # replace this line
''',
    checks=(
        Gradient(
            embedding,
            {"table": Floats("V", "D"), "indices": Integers("N", below="V")},
            REPEATED,
            own=lambda table, indices: ops.take(table, indices, axis=0),
        ),
    ),
    hints=(
        "If a word is not in the text, what is the gradient of its row?",
        "Row v of the table acts on all places with the index v. Its gradient is the sum of the "
        "upstream gradients there.",
        "gradient[indices] += upstream adds only once for a repeated index: NumPy reads all old "
        "values first, and writes afterwards. Use a loop, or a function that adds each time.",
        "Begin with zeros of the shape of table. Then np.add.at(gradient, indices, upstream).",
    ),
)
