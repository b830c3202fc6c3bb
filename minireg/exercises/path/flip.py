"""flip: an image and its mirror image."""

from ... import ops
from ...gradcheck import Floats
from ..checks import Gradient, Values
from ..exercise import Exercise


def flip(x):
    return x[..., ::-1].copy()


INPUTS = ({"x": Floats(2, 2, "H", "W")}, {"x": Floats("H", "W")})

EXERCISE = Exercise(
    title="Flip left and right",
    statement="""
The simplest augmentation of images is the mirror image: what was on the left
is on the right. Columns are the last axis, and W is their number:

    y[..., j] = x[..., W - 1 - j]

    x (N, C, H, W)    images, or x (H, W): one without channels
    y                 has the shape of x

Write the forward pass, and the backward pass: upstream is dL/dy and has the
shape of y. Return dL/dx.

Both must return new arrays. x[::-1] is a view: it shows the memory of x, and
changes if somebody writes to x later.
""",
    stub='''
def flip(x):
    """Return y, a new array."""
    return ...  # replace this line


def flip_backward(upstream, x):
    """Return dL/dx, a new array."""
    return ...  # replace this line
''',
    checks=(
        Values(flip, *INPUTS),
        Gradient(flip, *INPUTS, own=lambda x: ops.flip(x, axis=-1)),
    ),
    hints=(
        "A slice with the step -1 goes backwards. On which axis?",
        "x[..., ::-1] reverses the last axis. The three dots stand for all axes before it.",
        "Each entry of x is one entry of y, at the mirrored place. Where must the upstream "
        "gradient of this entry go?",
        "The gradient is mirrored, too: upstream[..., ::-1].copy(). The copy makes a new array.",
    ),
)
