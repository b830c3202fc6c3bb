"""Schedules: the learning rate as a function of the steps taken so far.

>>> optimizer = optim.SGD([mr.tensor([1.0], requires_grad=True)], lr=0.5)
>>> schedule = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.1)
>>> for epoch in range(4):
...     optimizer.step()
...     schedule.step()
...     print(schedule.get_last_lr())
[0.5]
[0.05]
[0.05]
[0.005000000000000001]
"""

from .annealing import CosineAnnealingLR, ExponentialLR, LambdaLR, MultiStepLR, StepLR
from .one_cycle import OneCycleLR
from .plateau import ReduceLROnPlateau
from .scheduler import LRScheduler
from .sequence import SequentialLR
from .warm_up import ConstantLR, LinearLR

__all__ = [
    "ConstantLR", "CosineAnnealingLR", "ExponentialLR", "LRScheduler", "LambdaLR", "LinearLR",
    "MultiStepLR", "OneCycleLR", "ReduceLROnPlateau", "SequentialLR", "StepLR",
]  # fmt: skip
