"""planted_bug: one line of a backward pass is wrong."""

import numpy as np

from ... import ops
from ...gradcheck import Floats, Integers
from ..checks import Gradient, Property
from ..comparing import compare
from ..exercise import Exercise
from ..student import describe


def network(x, labels, w1, b1, w2, b2):
    scores = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


def own_network(x, labels, w1, b1, w2, b2):
    hidden = ops.relu(ops.matmul(x, w1) + b1)
    return ops.cross_entropy(ops.matmul(hidden, w2) + b2, labels)


CODE = """def network(x, labels, w1, b1, w2, b2):
    rows = np.arange(len(x))
    hidden = x @ w1 + b1
    active = np.maximum(hidden, 0)
    scores = active @ w2 + b2
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean()
    dscores = np.exp(log_p)
    dscores[rows, labels] -= 1
    dscores = dscores / len(x)
    dw2 = active.T @ dscores
    db2 = dscores.sum(axis=0)
    dactive = dscores @ w2.T
    dhidden = dactive * (dactive > 0)
    dw1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    return loss, (dw1, db1, dw2, db2)"""
LINES = CODE.splitlines()
WRONG = 15
INPUTS = {
    "x": Floats("N", "D"),
    "labels": Integers("N", below="C"),
    "w1": Floats("D", "H"),
    "b1": Floats("H"),
    "w2": Floats("H", "C"),
    "b2": Floats("C"),
}


def the_wrong_line_is_found(student):
    found = student.call("wrong_line")
    if compare(found, WRONG, {}):
        known = isinstance(found, (int, np.integer)) and 1 <= found <= len(LINES)
        where = student.locate("wrong_line")
        line = f":\n    {LINES[found - 1].strip()}" if known else "."
        return f"wrong_line{where}: {describe(found)} is not the number of the wrong line{line}"


EXERCISE = Exercise(
    title="Find the planted bug",
    statement=f"""
This function computes the loss of a network of two layers with ReLU, and the
gradients of its weights. One line of it is wrong. Nothing raises an error,
and the network even learns a little.

{chr(10).join(f"{number:2}  {line}" for number, line in enumerate(LINES, 1))}

    x (N, D), labels (N,)     the examples, and whole numbers from 0 to C - 1
    w1 (D, H), b1 (H,)        the first layer
    w2 (H, C), b2 (C,)        the second layer

Write wrong_line, which returns the number of the wrong line. Correct network,
which stands below: repair the line, and replace the last one by line {len(LINES)}. It
returns the loss and the gradients of the four weights.
""",
    stub=f'''
def wrong_line():
    """Return the number of the wrong line."""
    return ...  # replace this line


{chr(10).join(LINES[:-1])}
    return ...  # replace this line
''',
    checks=(
        Gradient(network, INPUTS, own=own_network, part=1, gradients_of=("w1", "b1", "w2", "b2")),
        Property(the_wrong_line_is_found),
    ),
    hints=(
        f"Replace the last line by line {len(LINES)}, and check. Which of the four gradients are "
        f"wrong, and which are right?",
        "The gradients of w2 and b2 are right. So all lines that they need are right. Which lines "
        "do only w1 and b1 need?",
        "Four lines are left, 14 to 17. In each of them, compare with your own backward passes of "
        "matmul, relu and linear.",
        "ReLU passes the gradient on where its input was positive. Which array is the input of "
        "ReLU here, and which array does the wrong line look at?",
    ),
)
