"""Floor 4: datasets, and batches for a model.

Read `dataset.py` (a set of examples), `division.py` (its random parts), `loader.py`
(batches on the device), `shipped.py` (the digits that come with the package) and `generated.py`
(moons, spirals, polynomials), in this order; `readers/` reads your own files.
"""
# ruff: noqa: F403, F405

from typing import TYPE_CHECKING, Any

from .dataset import Dataset
from .generated import polynomial_regression, spirals, two_moons
from .loader import DataLoader
from .shipped import load_digits, load_mnist5k

if TYPE_CHECKING:
    from .readers import *

__all__ = [
    "DataLoader", "Dataset", "Schema", "Splits", "Table", "from_sequence", "load_digits",
    "load_mnist5k", "open_table", "polynomial_regression", "read", "read_idx", "read_idx_array",
    "read_image_folder", "read_npz", "read_table", "spirals", "two_moons",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # The readers load zipfile, gzip and lzma, which take a tenth of the import time of minireg.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import readers  # noqa: PLC0415

    return getattr(readers, name)


def __dir__() -> list[str]:
    return __all__
