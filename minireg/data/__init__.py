"""Floor 4: examples, and how they reach the model.

Read `dataset.py` (what a set of examples is and how it is divided), `loader.py` (batches on the
device), `shipped.py` (the digits that come with the package) and `generated.py` (moons, spirals,
polynomials), in this order; `readers/` reads your own files.
"""

from .dataset import Dataset
from .generated import polynomial_regression, spirals, two_moons
from .loader import DataLoader
from .readers import (
    Splits,
    from_sequence,
    read,
    read_csv,
    read_idx,
    read_idx_array,
    read_image_folder,
    read_npz,
)
from .shipped import load_digits, load_digits8x8

__all__ = [
    "DataLoader",
    "Dataset",
    "Splits",
    "from_sequence",
    "load_digits",
    "load_digits8x8",
    "polynomial_regression",
    "read",
    "read_csv",
    "read_idx",
    "read_idx_array",
    "read_image_folder",
    "read_npz",
    "spirals",
    "two_moons",
]
