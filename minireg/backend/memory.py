"""Freed memory stays with the process, where the next array takes it.

By default glibc gives large freed arrays back to the system, which delivers the next one page by
page and fills it with zeros: a page fault for each 4 kB, up to half of the time of a training step.
"""

from __future__ import annotations

import os
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # the numbers of malloc.h
KEPT = 1 << 30  # bytes
KEPT_BEFORE_GLIBC_2_35 = 1 << 25  # the largest M_MMAP_THRESHOLD that it accepts


def keep_freed_memory() -> bool:
    """Make malloc keep freed arrays of up to 1 GiB, and 1 GiB of free memory; True if it does.

    Only glibc can.  If the environment configures malloc (MALLOC_…, GLIBC_TUNABLES), that holds.
    Source: mallopt(3).
    """
    configured = "glibc.malloc." in os.environ.get("GLIBC_TUNABLES", "") or any(
        name.startswith("MALLOC_") for name in os.environ
    )
    if sys.platform != "linux" or configured:
        return False
    try:
        import ctypes  # noqa: PLC0415  Python can be built without

        mallopt = ctypes.CDLL(None).mallopt
    except (ImportError, AttributeError):  # musl has no mallopt
        return False
    # Setting one threshold ends glibc's adjustment of both: none is set unless both can be.
    sizes = (KEPT, KEPT_BEFORE_GLIBC_2_35)
    accepted = any(mallopt(M_MMAP_THRESHOLD, size) for size in sizes)
    return accepted and bool(mallopt(M_TRIM_THRESHOLD, KEPT))
