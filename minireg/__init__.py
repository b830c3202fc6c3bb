"""minireg: a deep-learning engine small enough to read.

import minireg as mr

x = mr.tensor([1.0, 2.0], requires_grad=True)
(x * x).sum().backward()
x.grad                                   # array([2., 4.], dtype=float32)
"""

from typing import TYPE_CHECKING

from numpy import bool_, float32, float64, int32, int64, uint8

from . import ops
from .anomaly import detect_anomaly
from .autograd import Tensor, grad, no_grad, primitive, value_and_grad
from .backend import namespace, set_backend, use_backend
from .batch import Batch
from .gradcheck import assert_gradients, check_backward, check_gradients
from .ops import *  # noqa: F403
from .random import Generator, default_generator, seed
from .serialization import load, save

from . import augment, data, nn, optim, regularizers  # isort: skip  the floors above
from .nn.layer_table import summary  # isort: skip
from .training import (  # isort: skip
    Checkpoint, EarlyStopping, History, callbacks, evaluate, fit, lr_find, metrics, predict,
)  # fmt: skip

__version__ = "0.1.0"

__all__ = [
    "Batch",
    "Checkpoint",
    "EarlyStopping",
    "Generator",
    "History",
    "Tensor",
    "assert_gradients",
    "augment",
    "bool_",
    "callbacks",
    "check_backward",
    "check_gradients",
    "data",
    "default_generator",
    "detect_anomaly",
    "evaluate",
    "fit",
    "float32",
    "float64",
    "grad",
    "int32",
    "int64",
    "load",
    "lr_find",
    "metrics",
    "namespace",
    "nn",
    "no_grad",
    "optim",
    "predict",
    "primitive",
    "regularizers",
    "save",
    "seed",
    "set_backend",
    "summary",
    "uint8",
    "use_backend",
    "value_and_grad",
]
if not TYPE_CHECKING:
    __all__ += ops.__all__
