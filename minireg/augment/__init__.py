"""Floor 4: image augmentation of whole batches; each image gets its own random parameters.

Read `draw.py` and `transform.py` (parameters are drawn, then applied), `matrices.py` and `moves.py`
(moving pixels by a matrix for each image), `geometric.py` and `compose.py` (several transforms, one
resampling), `policy.py` (which transform acts on which image) and `text.py` (a pipeline as text),
in this order.
"""

from ..batch import Transform
from .affine import RandomAffine, RandomRotation, RandomScale, RandomShear, RandomTranslation
from .colour import ColorJitter, RandomBrightness, RandomContrast, RandomSaturation
from .compose import Compose
from .conversion import Normalize, ToTensor
from .crops import CenterCrop, Pad, RandomCrop
from .draw import Draw
from .elastic import ElasticTransform
from .erasing import Cutout, RandomErasing
from .geometric import (
    Geometric,
    RandomHorizontalFlip,
    RandomQuarterTurn,
    RandomVerticalFlip,
)
from .matrices import about_center, affine_matrix, identities, rotation_matrix
from .mixing import CutMix, MixUp
from .moves import Move
from .noise import GaussianBlur, GaussianNoise
from .operations import OPERATIONS, Operation, TrivialAugment
from .policy import OneOf, Sometimes
from .resize import RandomResizedCrop, Resize
from .text import parse
from .transform import ImageTransform
