"""CuPy, used only after a probe has passed.

`cupy.cuda.is_available()` only asks the driver for the number of devices: a missing compiler,
missing headers or a missing cuBLAS show up later, in the middle of a training run.  The probe runs
once what training needs: a kernel and a matrix product.
"""

from __future__ import annotations

from typing import Any

from ..errors import BackendError
from .library import Backend

INSTALL = (
    "Install CuPy for your driver: pip install 'minireg[cuda13]' (NVIDIA driver 580 or newer) or "
    "pip install 'minireg[cuda12]' (driver 525 or newer)."
)
DRIVER = (
    "minireg needs an NVIDIA GPU with a driver at least as new as CuPy's CUDA version: nvidia-smi "
    "shows the driver, pip list the CuPy package. Without a GPU use the numpy backend."
)


def load_cupy() -> Backend:
    """Return the CuPy backend, or raise a BackendError with the failed step and what to do."""
    try:
        import cupy  # noqa: PLC0415
    except ImportError as error:
        raise BackendError(f"CuPy cannot be imported ({error}). {INSTALL}") from error
    except Exception as error:  # a broken CUDA installation can raise anything while it is loaded
        raise BackendError(
            f"Importing CuPy failed with {type(error).__name__}: {error}. Remove every cupy "
            f"package (pip list shows them), then: {INSTALL}"
        ) from error
    probe(cupy)
    return Backend(
        "cupy",
        cupy,
        cupy.ndarray,
        to_host=cupy.asnumpy,
        synchronize=lambda: cupy.cuda.Device().synchronize(),
    )


def probe(cupy: Any) -> None:
    """Compile and run a kernel, read its result, multiply two matrices; raise if a step fails."""
    step, advice = "finding a GPU", DRIVER
    try:
        if cupy.cuda.runtime.getDeviceCount() == 0:
            raise RuntimeError("the driver reports no device (CUDA_VISIBLE_DEVICES may be empty)")
        step = "compiling and running a kernel"
        advice = f"The CUDA toolkit is incomplete. {INSTALL}"
        x = cupy.arange(4, dtype=cupy.float32)
        total = float((x * 2 + 1).sum())
        step = "a matrix product (cuBLAS)"
        corner = float((x.reshape(2, 2) @ x.reshape(2, 2))[1, 1])
        step, advice = "comparing results", "The GPU or its driver is faulty."
        if (total, corner) != (16.0, 11.0):
            raise RuntimeError(f"got {total} and {corner}, expected 16.0 and 11.0")
    except Exception as error:  # CUDA's errors share no base class
        raise BackendError(
            f"CuPy {cupy.__version__} is installed, but {step} failed: {error}. {advice}"
        ) from error
