"""Floor 4: penalties on weights.  Each has a value, an explicit gradient and a proximal step.

Read `penalty.py` (what all share, and sums), `elementwise.py` (L1, L2), `groups.py` (group lasso),
`matrices.py` (norms and singular values), `constraints.py`, and `equivalent.py` (other libraries).

>>> from minireg import regularizers as reg
>>> penalty = reg.L1(1e-5) + reg.L2(1e-4)
>>> penalty(nn.Linear(784, 10)).shape        # a term of the loss
()
"""

from .constraints import Constraint, MaxNorm, NonNegative, UnitNorm
from .elementwise import L1, L1L2, L2, ElasticNet
from .equivalent import equivalent
from .groups import GroupLasso, SparseGroupLasso
from .matrices import Norm, Nuclear, Orthogonal, Spectral
from .penalty import Penalty

__all__ = [
    "L1", "L1L2", "L2", "Constraint", "ElasticNet", "GroupLasso", "MaxNorm", "NonNegative", "Norm",
    "Nuclear", "Orthogonal", "Penalty", "SparseGroupLasso", "Spectral", "UnitNorm", "equivalent",
]  # fmt: skip
