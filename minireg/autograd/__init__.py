"""Floor 1: automatic differentiation.

Read `tensor.py` (what a Tensor holds), `primitive.py` (how an operation is recorded) and
`backward.py` (how its derivative is found), in this order.  No operation is defined here.
"""

from .backward import grad, value_and_grad
from .primitive import composed, primitive
from .tensor import Tensor, no_grad, raw
