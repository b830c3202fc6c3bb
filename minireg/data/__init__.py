"""Floor 4: examples, and how they reach the model.

Read `dataset.py` (what a set of examples is and how it is divided), `loader.py` (batches on the
device) and `shipped.py` (the digits that come with the package), in this order.
"""

from .dataset import Dataset
from .loader import DataLoader
from .shipped import load_digits, load_digits8x8

__all__ = ["DataLoader", "Dataset", "load_digits", "load_digits8x8"]
