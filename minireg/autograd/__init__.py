"""Floor 1: automatic differentiation.

Read `tensor.py` (what a Tensor holds), `mode.py` (when operations are recorded), `primitive.py`
(how they are) and `backward.py` (how derivatives are found), in this order.
No operation is defined here.
"""

from .backward import grad, value_and_grad
from .mode import no_grad
from .primitive import composed, primitive
from .tensor import Tensor, raw
