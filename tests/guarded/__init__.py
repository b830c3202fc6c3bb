"""The guarded backend: NumPy arrays that behave as if they lay on a GPU.

Code that runs on it converts nothing implicitly, mixes no host array with a device array, and uses
only names and arguments that CuPy has; `counting` tells how often it waited for the device or
uploaded to it.  So a machine without a GPU finds most of what would break, or be slow, on one.

    import tests.guarded as guarded

    guarded.register()                                  # tests/conftest.py does this
    with mr.use_backend("guarded"), guarded.counting() as counts:
        step()
    assert counts.host_reads == 0, counts.where()
"""

from __future__ import annotations

from minireg.backend import Backend, register_backend

from . import operators  # noqa: F401  gives GuardedArray its operators and methods
from .array import GuardedArray
from .counting import Counts, counting
from .library import GuardedLibrary

__all__ = ["Counts", "GuardedArray", "GuardedLibrary", "counting", "load", "register"]


def load() -> Backend:
    """A Backend of guarded arrays."""
    library = GuardedLibrary()
    return Backend(
        "guarded", library, GuardedArray, to_host=library.asnumpy, synchronize=lambda: None
    )


def register() -> None:
    """Make `mr.use_backend("guarded")` work."""
    register_backend("guarded", load)
