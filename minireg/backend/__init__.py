"""Floor 0: arrays.  The same code runs on NumPy and CuPy.

Read `library.py` first (which array library an array belongs to), then `sums.py` (how arrays are
added up without losing digits), `gpu.py` (whether CuPy is really usable here), `memory.py` (why the
arrays of a step cause no page faults) and `blocks.py` (how a batch is computed part by part).
"""

from . import sums
from .blocks import count_at_once, divide, find_blocks
from .gpu import load_cupy
from .library import (
    Array,
    Backend,
    backend,
    backend_names,
    current_backend,
    kernel,
    namespace,
    register_backend,
    register_namespace,
    set_backend,
    use_backend,
)
from .memory import keep_freed_memory

keep_freed_memory()
register_backend("cupy", load_cupy)
kernel(sums.sum)
kernel(sums.mean)
