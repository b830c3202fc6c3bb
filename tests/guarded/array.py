"""GuardedArray: a NumPy array that behaves as if it lay on a GPU.

It refuses what CuPy refuses, it counts what would make a program wait for the GPU, and it is a
little stricter: CuPy uploads a host array or a list that is used as an index without a word; here
that is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .arguments import NUMBERS, Guarded, lowered, unsupported
from .counting import host_read, upload
from .surface import recorded

IMPLICIT = (
    "Implicit conversion to a NumPy array is not allowed. "
    "Read it on purpose: backend.to_host(x), or tensor.numpy()."
)


class GuardedArray(Guarded):
    """Made by the functions of the guarded library, never directly."""

    __slots__ = ("__weakref__", "base")

    __array_priority__ = 100
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, host: np.ndarray, base: GuardedArray | None) -> None:
        if host.dtype.char not in "?bBhHiIlLqQefdFD":
            raise ValueError(f"Unsupported dtype {host.dtype}")
        self._host = host
        self.base = base  # the array whose memory this one shows, or None

    # -- what is known on the host -----------------------------------------------------------------

    shape = property(lambda self: self._host.shape)
    ndim = property(lambda self: self._host.ndim)
    size = property(lambda self: self._host.size)
    dtype = property(lambda self: self._host.dtype)
    itemsize = property(lambda self: self._host.itemsize)
    nbytes = property(lambda self: self._host.nbytes)
    strides = property(lambda self: self._host.strides)
    flags = property(lambda self: Flags(self))
    # Both libraries have these, and neither gives an array: `getattr(x, "data", x)` is a mistake.
    data = property(lambda self: object())
    device = property(lambda self: "guarded")

    T = property(lambda self: wrapped(self._host.T, [self]))
    mT = property(lambda self: wrapped(self._host.mT, [self]))
    real = property(lambda self: wrapped(self._host.real, [self]))
    imag = property(lambda self: wrapped(self._host.imag, [self]))

    def __len__(self) -> int:
        return len(self._host)

    def __iter__(self) -> Iterator[GuardedArray]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self)))

    def __copy__(self) -> GuardedArray:
        return GuardedArray(self._host.copy(), None)

    def __deepcopy__(self, memo: Any) -> GuardedArray:
        return GuardedArray(self._host.copy(), None)

    def __getattr__(self, name: str) -> Any:
        surface = recorded()
        known = name in surface["methods"] or name in surface["attributes"]
        raise AttributeError(
            f"CuPy's arrays have {name!r}, but NumPy's have not, or the guard does not model it"
            if known
            else f"CuPy's arrays have no attribute {name!r}"
        )

    # -- reading a value: the host waits for the device --------------------------------------------

    def __bool__(self) -> bool:
        host_read("bool(x)")
        return bool(self._host)

    def __int__(self) -> int:
        host_read("int(x)")
        return int(self._scalar())

    def __float__(self) -> float:
        host_read("float(x)")
        return float(self._scalar())

    def __complex__(self) -> complex:
        host_read("complex(x)")
        return complex(self._scalar())

    def _scalar(self) -> Any:
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self._host.reshape(())[()]

    def __repr__(self) -> str:
        host_read("repr(x)")
        return repr(self._host)

    def __str__(self) -> str:
        host_read("str(x)")
        return str(self._host)

    def __format__(self, spec: str) -> str:
        host_read("format(x)")
        return format(self._host[()] if self.ndim == 0 else self._host, spec)

    def get(self) -> np.ndarray:
        """CuPy's own name for the copy on the host; `Backend.to_host` is minireg's."""
        host_read("x.get()")
        return self._host.copy()

    # -- what NumPy would do with it ---------------------------------------------------------------

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise TypeError(IMPLICIT)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        raise TypeError(f"np.{function.__name__} was given an array of the device. {IMPLICIT}")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        # `np.float32(2) * x` arrives here, and CuPy takes NumPy's numbers.
        numbers = [x for x in inputs if isinstance(x, np.generic)]
        others = [x for x in inputs if not isinstance(x, (np.generic, GuardedArray))]
        if method == "__call__" and numbers and not others and not options:
            operands: list[Guarded] = []
            return wrapped(ufunc(*lowered(inputs, operands)), operands)
        raise unsupported(others[0]) if others else TypeError(f"np.{ufunc.__name__}: {IMPLICIT}")

    # -- indexing ----------------------------------------------------------------------------------

    def __getitem__(self, index: Any) -> GuardedArray:
        host_index, has_arrays = device_index(index, "x[boolean mask]")
        if not has_arrays:  # a view, also of a single entry
            parts = host_index if isinstance(host_index, tuple) else (host_index,)
            if Ellipsis not in parts:
                host_index = (*parts, Ellipsis)
        return wrapped(self._host[host_index], [self])

    def __setitem__(self, index: Any, value: Any) -> None:
        host_index, has_arrays = device_index(index, "x[boolean mask] = …")
        if not isinstance(value, (GuardedArray, *NUMBERS)):
            raise unsupported(value)
        if has_arrays and not isinstance(value, GuardedArray):
            upload("x[indices] = number")
        self._host[host_index] = value._host if isinstance(value, GuardedArray) else value

    # -- what CuPy lacks (operators.py adds what it has) -------------------------------------------

    def __imatmul__(self, other: Any) -> Any:
        raise TypeError("CuPy has no x @= y: Python would quietly rebind x. Write x = x @ y")


class Flags:
    """The memory layout.  Nothing on a GPU is read-only, so there is no `writeable`."""

    def __init__(self, array: GuardedArray) -> None:
        flags = array._host.flags
        self.c_contiguous, self.f_contiguous = flags.c_contiguous, flags.f_contiguous
        self.owndata, self.forc, self.fnc = array.base is None, flags.forc, flags.fnc

    def __getitem__(self, name: str) -> bool:
        if name not in ("C_CONTIGUOUS", "F_CONTIGUOUS", "OWNDATA"):
            raise KeyError(f"{name} is not defined for cupy.ndarray.flags")
        return getattr(self, name.lower())


def device_index(index: Any, what: str) -> tuple[Any, bool]:
    """`index` for the NumPy array inside, and whether there are arrays in it.

    The shape of what a boolean mask selects depends on its values: that is a host read.
    """
    parts = []
    has_arrays = False
    for part in index if isinstance(index, tuple) else (index,):
        if isinstance(part, GuardedArray):
            has_arrays = True
            if part.dtype.kind == "b":
                host_read(what)
            part = part._host
        elif isinstance(part, (np.ndarray, list, tuple, bool, np.bool_)):
            raise TypeError(
                f"An index must be on the device already, got {type(part).__name__}: CuPy would "
                f"upload it silently, at every use. Upload it once: asarray(index)"
            )
        parts.append(part)
    return (tuple(parts) if isinstance(index, tuple) else parts[0]), has_arrays


# -- results ---------------------------------------------------------------------------------------


def wrapped(value: Any, operands: Sequence[Guarded]) -> Any:
    """What NumPy returned, guarded; a reduction's NumPy scalar becomes a 0-d array."""
    if isinstance(value, np.generic):
        value = np.asarray(value)
    if isinstance(value, np.ndarray):
        for operand in operands:
            if operand._host is value:  # out=, or nothing had to be done
                return operand
        return GuardedArray(*with_base(value, operands))
    if isinstance(value, (tuple, list)):
        parts = [wrapped(part, operands) for part in value]
        return value._make(parts) if hasattr(value, "_make") else type(value)(parts)
    return value


def with_base(
    value: np.ndarray, operands: Sequence[Guarded]
) -> tuple[np.ndarray, GuardedArray | None]:
    """`value` and the guarded array that owns its memory; None if it owns it itself."""
    owner = memory_owner(value)
    if owner is value:
        return value, None
    if not value.flags.writeable:  # `broadcast_to` and `diagonal`, on NumPy
        value = writeable_view(value, owner)
    for operand in operands:
        if isinstance(operand, GuardedArray) and memory_owner(operand._host) is owner:
            return value, operand if operand.base is None else operand.base
    return value, GuardedArray(owner, None)


def memory_owner(host: np.ndarray) -> np.ndarray:
    while isinstance(host.base, np.ndarray):
        host = host.base
    return host


def writeable_view(value: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """The same view of `owner`, allowed to write."""
    # It owns its memory, so that it is one block, with its axes in some order.
    memory = owner.transpose(sorted(range(owner.ndim), key=lambda i: -owner.strides[i]))
    start = value.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    return np.ndarray(value.shape, value.dtype, memory, start if value.size else 0, value.strides)
