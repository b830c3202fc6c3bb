"""Readers for your own data.

`recognize.py` detects the format of a path; each format has a file: `npz.py`, `table.py` (with
`cells.py` for the text, `columns.py` for the choice of features and target, and `schema.py` for
their encoding), `idx.py`, `images.py` (with `pictures.py` for a single one), `sequence.py`.
`paths.py` has the checks that all readers share, `targets.py` turns texts into classes.
"""

from .idx import read_idx, read_idx_array
from .images import read_image_folder
from .npz import read_npz
from .recognize import Splits, read
from .schema import Schema
from .sequence import from_sequence
from .table import Table, open_table, read_table

__all__ = [
    "Schema", "Splits", "Table", "from_sequence", "open_table", "read", "read_idx",
    "read_idx_array", "read_image_folder", "read_npz", "read_table",
]  # fmt: skip
