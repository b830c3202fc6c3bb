"""Record `cupy_surface.json` from the CuPy that is installed: python -m tests.guarded"""

import cupy

from .surface import FILE, record, written

FILE.write_text(written(record(cupy)), encoding="utf-8", newline="\n")
