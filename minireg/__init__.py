"""minireg: a deep-learning engine small enough to read.

import minireg as mr

x = mr.tensor([1.0, 2.0], requires_grad=True)
(x * x).sum().backward()
x.grad                                   # array([2., 4.], dtype=float32)

The examples in all docstrings assume these imports:

import numpy as np
import minireg as mr
from minireg import nn, optim
"""

from typing import TYPE_CHECKING, Any

from numpy import bool_, float32, float64, int32, int64, uint8

from . import ops
from .anomaly import detect_anomaly
from .autograd import Tensor, grad, no_grad, primitive, value_and_grad
from .backend import namespace, set_backend, use_backend
from .batch import Batch
from .gradcheck import (
    assert_gradients,
    check_backward,
    check_gradients,
    check_loss,
    check_model,
)
from .graph import draw_graph
from .ops import *  # noqa: F403
from .random import Generator, default_generator, seed
from .serialization import load, save

from . import augment, data, nn, optim, regularizers  # isort: skip  the floors above
from .nn.layer_table import summary  # isort: skip
from .training import (  # isort: skip
    Checkpoint, EarlyStopping, History, callbacks, evaluate, fit, lr_find, mc_predict,
    metrics, predict,
)  # fmt: skip

if TYPE_CHECKING:
    from . import models
    from .models import Settings, load_model

__version__ = "0.1.0"

__all__ = [
    "Batch", "Checkpoint", "EarlyStopping", "Generator", "History", "Settings", "Tensor",
    "assert_gradients", "augment", "bool_", "callbacks", "check_backward", "check_gradients",
    "check_loss", "check_model", "data", "default_generator", "detect_anomaly", "draw_graph",
    "evaluate", "fit",
    "float32", "float64", "grad", "int32", "int64", "load", "load_model", "lr_find", "mc_predict",
    "metrics", "models", "namespace", "nn", "no_grad", "optim", "predict", "primitive",
    "regularizers", "save", "seed", "set_backend", "summary", "uint8", "use_backend",
    "value_and_grad",
]  # fmt: skip
if not TYPE_CHECKING:  # type checkers read the star import, see ops/__init__.py
    __all__ += ops.__all__


def __getattr__(name: str) -> Any:
    # On first use: models loads the data readers, a tenth of the time to import minireg.
    if name not in ("Settings", "load_model", "models"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    models = import_module(".models", __name__)
    return models if name == "models" else getattr(models, name)


def __dir__() -> list[str]:
    return __all__
