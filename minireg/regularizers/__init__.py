"""Floor 4: penalties on weights, with value, explicit gradient and proximal step, and on outputs.

Read `penalty.py` (what all share, and sums), `elementwise.py` (L1, L2), `groups.py` (group lasso),
`matrices.py` (norms and singular values), `constraints.py`, `layers.py` (penalties that belong to
layers), `description.py`, `equivalent.py` (other libraries); then `terms.py` (on outputs).

>>> from minireg import regularizers as reg
>>> penalty = reg.L1(1e-5) + reg.L2(1e-4)
>>> penalty(nn.Linear(784, 10)).shape        # a term of the loss
()
"""

from .constraints import Constraint, MaxNorm, NonNegative, UnitNorm
from .description import describe
from .elementwise import L1, L1L2, L2, ElasticNet
from .equivalent import equivalent
from .groups import GroupLasso, SparseGroupLasso
from .layers import of_layers
from .matrices import Norm, Nuclear, Orthogonal, Spectral
from .penalty import Penalty
from .terms import ActivityL1, ActivityL2, ConfidencePenalty, OutputPenalty

__all__ = [
    "L1", "L1L2", "L2", "ActivityL1", "ActivityL2", "ConfidencePenalty", "Constraint",
    "ElasticNet", "GroupLasso", "MaxNorm", "NonNegative", "Norm", "Nuclear", "Orthogonal",
    "OutputPenalty", "Penalty", "SparseGroupLasso", "Spectral", "UnitNorm", "describe",
    "equivalent", "of_layers",
]  # fmt: skip
