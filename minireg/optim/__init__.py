"""Floor 4: optimizers, schedules of their learning rates, and clipping of gradients."""

from . import lr_scheduler
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .clipping import clip_grad_norm_, clip_grad_value_
from .optimizer import Optimizer
from .rmsprop import RMSprop
from .sgd import SGD, SGDW

__all__ = [
    "SGD", "SGDW", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "clip_grad_norm_",
    "clip_grad_value_", "lr_scheduler",
]  # fmt: skip
