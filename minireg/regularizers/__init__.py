"""Floor 4: penalties on weights.  Each has a value, an explicit gradient and a proximal step.

Read `penalty.py` (what all share, and sums), `elementwise.py` (L1, L2) `constraints.py`, and
`layers.py` (penalties that belong to layers).

>>> from minireg import regularizers as reg
>>> penalty = reg.L1(1e-5) + reg.L2(1e-4)
>>> penalty(nn.Linear(784, 10)).shape        # a term of the loss
()
"""

from .constraints import Constraint, NonNegative
from .elementwise import L1, L2
from .layers import of_layers
from .penalty import Penalty

__all__ = ["L1", "L2", "Constraint", "NonNegative", "Penalty", "of_layers"]
