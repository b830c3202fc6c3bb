"""One thread for matrix products while the demo, or `minireg train`, trains.

Its products are small: a second thread makes them a little faster on an idle machine.  On a busy
one OpenBLAS's threads wait for each other in a loop, and training takes thirty times as long.  And
with one thread the results do not depend on how many cores a machine has.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import numpy as np

PREFIX = "scipy_openblas_{}_num_threads64_"  # the names in the OpenBLAS that NumPy's wheels bring


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Inside the `with` block NumPy's matrix products use one thread.

    A NumPy that was built with another library (Accelerate, MKL) stays as it is.

    >>> with one_blas_thread():
    ...     pass
    """
    library = bundled_openblas()
    if library is None:
        yield
        return
    set_threads = getattr(library, PREFIX.format("set"))
    before = getattr(library, PREFIX.format("get"))()
    set_threads(1)
    try:
        yield
    finally:
        set_threads(before)


def blas_threads() -> AbstractContextManager[None]:
    """One thread, or as many as the environment variable OPENBLAS_NUM_THREADS asks for."""
    return nullcontext() if os.environ.get("OPENBLAS_NUM_THREADS") else one_blas_thread()


def bundled_openblas() -> ctypes.CDLL | None:
    """The OpenBLAS that came with NumPy's wheel, which NumPy has loaded already."""
    package = Path(np.__file__).parent
    for folder in (package.with_name("numpy.libs"), package / ".dylibs"):
        for path in sorted(folder.glob("*openblas*")):
            library = ctypes.CDLL(str(path))
            if hasattr(library, PREFIX.format("set")):
                return library
    return None
