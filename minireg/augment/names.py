"""The names of transforms in the text form of a pipeline."""

from __future__ import annotations

from .affine import RandomAffine, RandomRotation, RandomScale, RandomShear, RandomTranslation
from .colour import ColorJitter, RandomBrightness, RandomContrast, RandomSaturation
from .conversion import Normalize, ToTensor
from .crops import CenterCrop, Pad, RandomCrop
from .elastic import ElasticTransform
from .erasing import Cutout, RandomErasing
from .geometric import RandomHorizontalFlip, RandomQuarterTurn, RandomVerticalFlip
from .mixing import CutMix, MixUp
from .noise import GaussianBlur, GaussianNoise
from .operations import TrivialAugment
from .policy import OneOf, Sometimes
from .resize import RandomResizedCrop, Resize
from .transform import ImageTransform

NAMES: dict[str, type[ImageTransform]] = {
    "flip": RandomHorizontalFlip,
    "vflip": RandomVerticalFlip,
    "turn": RandomQuarterTurn,
    "rotate": RandomRotation,
    "translate": RandomTranslation,
    "scale": RandomScale,
    "shear": RandomShear,
    "affine": RandomAffine,
    "crop": RandomCrop,
    "centercrop": CenterCrop,
    "resizedcrop": RandomResizedCrop,
    "resize": Resize,
    "pad": Pad,
    "elastic": ElasticTransform,
    "erase": RandomErasing,
    "cutout": Cutout,
    "brightness": RandomBrightness,
    "contrast": RandomContrast,
    "saturation": RandomSaturation,
    "jitter": ColorJitter,
    "noise": GaussianNoise,
    "blur": GaussianBlur,
    "normalize": Normalize,
    "totensor": ToTensor,
    "mixup": MixUp,
    "cutmix": CutMix,
    "trivial": TrivialAugment,
    "oneof": OneOf,
    "sometimes": Sometimes,
}
