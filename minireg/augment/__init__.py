"""Floor 4: image augmentation of whole batches; each image gets its own random parameters.

Read `resampling.py` (moving pixels by a matrix), `moves.py` (matrices), `transforms.py` (random
matrices) and `compose.py` (several transforms, one resampling), in this order.
"""

from ..batch import Transform
from .compose import Compose
from .moves import Move, rotation_matrix
from .resampling import warp
from .transforms import (
    Geometric,
    RandomCrop,
    RandomHorizontalFlip,
    RandomRotation,
    RandomTransform,
)
