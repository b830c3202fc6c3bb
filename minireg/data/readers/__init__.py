"""Readers for your own data.

`front_door.py` recognises what a path is; each format has a file: `npz.py`, `table.py`, `idx.py`,
`images.py`, `sequence.py`.  `opening.py` holds what all of them check before they read, and
`targets.py` how texts become classes.
"""

from .front_door import Splits, read
from .idx import read_idx, read_idx_array
from .images import read_image_folder
from .npz import read_npz
from .sequence import from_sequence
from .table import read_csv

__all__ = [
    "Splits",
    "from_sequence",
    "read",
    "read_csv",
    "read_idx",
    "read_idx_array",
    "read_image_folder",
    "read_npz",
]
