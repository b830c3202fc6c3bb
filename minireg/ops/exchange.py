"""Arrays of other libraries without a copy: the DLPack protocol, in and out."""

from __future__ import annotations

from typing import Any

from ..autograd import Tensor, composed
from ..backend import backend
from ..errors import ArgumentTypeError

__all__ = ["from_dlpack"]

# DLDeviceType in dlpack.h, and the backend that can read the memory of such a device.
READERS = {1: "numpy", 2: "cupy"}


@composed
def from_dlpack(x: Any) -> Tensor:
    """A Tensor that shares the memory of an array of another library, such as PyTorch or JAX.

    Nothing is copied: changes made by one library are seen by the other.  The device decides the
    backend (NumPy for the CPU, CuPy for a CUDA device), not the current backend.  (NumPy 2.0 gives
    a read-only array.)

    Args:
        x: an object with `__dlpack__` and `__dlpack_device__`.

    Raises:
        ArgumentTypeError: `x` lacks these methods, requires a gradient, is on another kind of
            device, or has a dtype that the backend lacks.
        BackendError: `x` is on a CUDA device, and CuPy is not usable here.

    >>> theirs = np.zeros(2)
    >>> ours = from_dlpack(theirs)
    >>> theirs[0] = 5
    >>> ours
    tensor([5., 0.], dtype=float64)
    """
    if not (hasattr(x, "__dlpack__") and hasattr(x, "__dlpack_device__")):
        raise ArgumentTypeError(
            f"x must be an array with the methods __dlpack__ and __dlpack_device__, got "
            f"{type(x).__name__}. For numbers, lists and copies use mr.tensor(x)."
        )
    device = int(x.__dlpack_device__()[0])
    if device not in READERS:
        raise ArgumentTypeError(
            f"x must be on the CPU or on a CUDA device, but this {type(x).__name__} is on a device "
            f"of DLPack type {device}. Move it first."
        )
    xp = backend(READERS[device])
    try:
        array = xp.from_dlpack(x)
    except (BufferError, RuntimeError) as error:  # such as a dtype that NumPy lacks
        raise ArgumentTypeError(f"this {type(x).__name__} cannot be shared: {error}") from error
    if array.dtype.kind not in "fiub":
        raise ArgumentTypeError(f"tensors hold real numbers, and this array is {array.dtype}.")
    return Tensor(array)


def to_dlpack(x: Tensor, **options: Any) -> Any:
    """The capsule that other libraries' `from_dlpack(x)` asks for; `options` as in the protocol."""
    if x.requires_grad:
        raise ArgumentTypeError(
            "Another library would not record what it does with a Tensor that requires a gradient. "
            "Share x.detach()."
        )
    return x.data.__dlpack__(**options)


def dlpack_device(x: Tensor) -> tuple[int, int]:
    """The type and the index of the device, as numbered in dlpack.h."""
    return x.data.__dlpack_device__()
