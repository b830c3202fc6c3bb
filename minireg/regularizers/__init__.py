"""Floor 4: penalties on weights.  Each has a value, an explicit gradient and a proximal step.

>>> from minireg import nn, regularizers as reg
>>> penalty = reg.L1(1e-5) + reg.L2(1e-4)
>>> penalty(nn.Linear(784, 10)).shape        # a term of the loss
()
"""

from .penalties import L1, L2, Penalty

__all__ = ["L1", "L2", "Penalty"]
