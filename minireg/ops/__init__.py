"""Floor 2: the differentiable operations, one family per file.

The names in the `__all__` of a family are public.  Importing this package binds the operations to
Tensor (`x + y`, `x.sum()`) and makes `namespace(x)` return the package for Tensors.
"""
# ruff: noqa: F403

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..autograd import Tensor
from ..backend import register_namespace
from .activations import *
from .arithmetic import *
from .arrangement import *
from .comparisons import *
from .constants import *
from .contractions import *
from .convolution import *
from .dropout import *
from .elementary import *
from .elementwise_losses import *
from .exchange import *
from .indexing import *
from .linear_algebra import *
from .losses import *
from .methods import bind
from .normalization import *
from .pooling import *
from .reductions import *
from .sampling import *
from .shapes import *
from .sorting import *
from .windows import *

if not TYPE_CHECKING:  # a computed list would hide the imports above from type checkers
    _families = [module for name, module in sys.modules.items() if name.startswith(f"{__name__}.")]
    __all__ = [name for family in _families for name in getattr(family, "__all__", ())]

register_namespace(Tensor, sys.modules[__name__], tensors=True)
bind(sys.modules[__name__])
