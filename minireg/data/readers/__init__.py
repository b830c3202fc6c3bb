"""Readers for your own data.

`front_door.py` recognises what a path is; each format has a file: `npz.py`, `table.py`, `idx.py`,
`images.py`, `sequence.py`.  `opening.py` holds what all of them check before they read, and
`targets.py` how texts become classes.
"""

from .idx import read_idx, read_idx_array
from .images import read_image_folder
from .npz import read_npz
from .recognize import Splits, read
from .schema import Schema
from .sequence import from_sequence
from .table import Table, open_table, read_table

__all__ = [
    "Schema",
    "Splits",
    "Table",
    "from_sequence",
    "open_table",
    "read",
    "read_idx",
    "read_idx_array",
    "read_image_folder",
    "read_npz",
    "read_table",
]
