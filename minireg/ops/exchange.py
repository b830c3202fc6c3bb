"""Arrays of other libraries without a copy: the DLPack protocol, in and out."""

from __future__ import annotations

from typing import Any

from ..autograd import Tensor, composed
from ..backend import backend
from ..errors import ArgumentTypeError

__all__ = ["from_dlpack"]

# DLDeviceType in dlpack.h: whose backend can read the memory of which device.
READERS = {1: "numpy", 2: "cupy"}


@composed
def from_dlpack(x: Any) -> Tensor:
    """A Tensor on the memory of another library's array, of PyTorch or JAX for instance.

    Nothing is copied: what one side writes, the other side sees.  The device decides the backend:
    NumPy for the CPU and CuPy for a CUDA device, whichever backend is the current one.  (NumPy 2.0
    gives a read-only array.)

    Args:
        x: an object with `__dlpack__` and `__dlpack_device__`.

    Raises:
        ArgumentTypeError: `x` lacks these methods, requires a gradient, lies on another kind of
            device, or has a dtype that the backend lacks.
        BackendError: `x` lies on a CUDA device, and CuPy is not usable here.

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
            f"the memory of the CPU and of CUDA devices can be read, and this {type(x).__name__} "
            f"lies on a device of DLPack type {device}. Move it first."
        )
    xp = backend(READERS[device])
    try:
        array = xp.from_dlpack(x)
    except (BufferError, RuntimeError) as error:  # a dtype, say, that NumPy has not
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
    """The device in the numbers of dlpack.h: its type and its index."""
    return x.data.__dlpack_device__()
