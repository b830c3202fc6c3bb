"""Floor 4: image augmentation, a batch at a time, each image with parameters of its own.

Read `warp.py` (moving pixels by a matrix), `transforms.py` (random matrices) and `compose.py`
(several transforms, one resampling), in this order.
"""

from .compose import Compose
from .transforms import (
    Geometric,
    RandomCrop,
    RandomHorizontalFlip,
    RandomRotation,
    Transform,
    rotation_matrix,
)
from .warp import warp
