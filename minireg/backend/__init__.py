"""Floor 0: arrays.  The same code runs on NumPy and CuPy.

Read `library.py` first (which array library an array belongs to), then `sums.py` (how arrays are
added up without losing digits) and `gpu.py` (whether CuPy is really usable here).
"""

from . import sums
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

register_backend("cupy", load_cupy)
kernel(sums.sum)
kernel(sums.mean)
