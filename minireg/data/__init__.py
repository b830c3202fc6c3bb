"""Floor 4: examples, and how they reach the model.

Read `dataset.py` (what a set of examples is and how it is divided), `loader.py` (batches on the
device), `shipped.py` (the digits that come with the package) and `generated.py` (moons, spirals,
polynomials), in this order.
"""

from .dataset import Dataset
from .generated import polynomial_regression, spirals, two_moons
from .loader import DataLoader
from .shipped import load_digits, load_digits8x8

__all__ = [
    "DataLoader",
    "Dataset",
    "load_digits",
    "load_digits8x8",
    "polynomial_regression",
    "spirals",
    "two_moons",
]
