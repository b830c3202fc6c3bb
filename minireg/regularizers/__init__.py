"""Floor 4: penalties on weights, with value, explicit gradient and proximal step, and on outputs.

Read `penalty.py` (what all share, and sums), `elementwise.py` (L1, L2), `constraints.py`,
`layers.py` (penalties that belong to layers), `description.py`; then `terms.py` (on outputs).

>>> from minireg import regularizers as reg
>>> penalty = reg.L1(1e-5) + reg.L2(1e-4)
>>> penalty(nn.Linear(784, 10)).shape        # a term of the loss
()
"""

from .constraints import Constraint, NonNegative
from .description import describe
from .elementwise import L1, L2
from .layers import of_layers
from .penalty import Penalty
from .terms import ActivityL1, ActivityL2, ConfidencePenalty, OutputPenalty

__all__ = [
    "L1", "L2", "ActivityL1", "ActivityL2", "ConfidencePenalty", "Constraint", "NonNegative",
    "OutputPenalty", "Penalty", "describe", "of_layers",
]  # fmt: skip
