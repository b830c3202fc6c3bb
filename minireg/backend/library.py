"""Which array library an array belongs to, and which one makes new arrays.

`namespace(x)` answers the first question: code that uses it runs on NumPy arrays, on CuPy arrays
and (once `minireg.ops` has registered itself) on Tensors.  The current backend answers the second
question: `set_backend`, `use_backend`, `MINIREG_BACKEND`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from ..errors import ArgumentError, BackendError

Array = Any  # an array of any backend: `np.ndarray`, `cupy.ndarray`


class Backend:
    """An array library, together with the few operations that it lacks or names differently.

    `backend.exp` is the library's own `exp`; `backend.sigmoid` is one of minireg's kernels (see
    `ops/kernels.py`).  A name is looked up once and then kept.
    """

    def __init__(
        self,
        name: str,
        library: Any,
        array_type: type,
        to_host: Callable[[Array], np.ndarray],
        synchronize: Callable[[], None],
    ) -> None:
        self.name = name
        self.library = library
        self.array_type = array_type
        self.to_host = to_host  # device array -> NumPy array; on a GPU this waits for the device
        self.synchronize = synchronize  # wait until everything that was started is finished

    def __getattr__(self, name: str) -> Any:
        value = _kernels[name] if name in _kernels else getattr(self.library, name)
        setattr(self, name, value)
        return value

    def __repr__(self) -> str:
        return f"<backend {self.name}>"

    def transfer(self, array: Array, name: str) -> Array:
        """The same values as an array of the backend called `name`."""
        target = backend(name)
        return array if target is self else target.asarray(self.to_host(array))


_kernels: dict[str, Callable] = {}


def kernel(function: Callable) -> Callable:
    """Add this function of plain arrays to every backend, under the function's name."""
    _kernels[function.__name__] = function
    return function


NUMPY = Backend("numpy", np, np.ndarray, to_host=lambda array: array, synchronize=lambda: None)


# -- the library of an array -----------------------------------------------------------------------

_namespaces: dict[type, Any] = {np.ndarray: NUMPY}
_tensor_namespace: Any = None


def register_namespace(array_type: type, library: Any, *, tensors: bool = False) -> None:
    """Make `namespace(x)` return `library` for every x of `array_type`."""
    global _tensor_namespace
    _namespaces[array_type] = library
    if tensors:
        _tensor_namespace = library


def namespace(*xs: Any) -> Any:
    """The module of functions for these arguments: `minireg.ops` if any of them is a Tensor, else
    the backend of the arrays among them (NumPy if there are only numbers).

    >>> namespace(np.ones(3), 2.0)
    <backend numpy>
    """
    found = NUMPY
    for x in xs:
        library = _namespaces.get(type(x), NUMPY)
        if library is not NUMPY:
            if library is _tensor_namespace:
                return library
            found = library
    return found


# -- where new arrays are made ---------------------------------------------------------------------

_loaders: dict[str, Callable[[], Backend]] = {}
_loaded: dict[str, Backend] = {"numpy": NUMPY}
_current: Backend | None = None  # None: not chosen yet, so MINIREG_BACKEND decides
_inside: ContextVar[Backend | None] = ContextVar("inside", default=None)  # a use_backend block


def register_backend(name: str, loader: Callable[[], Backend]) -> None:
    """Register a backend by name; `loader` runs at the first use and may raise BackendError."""
    _loaders[name] = loader


def backend_names() -> list[str]:
    """The names that `backend()` knows, whether usable here or not."""
    return ["numpy", *_loaders]


def backend(name: str) -> Backend:
    """The backend called `name`; `"auto"` is CuPy where it works and NumPy elsewhere.

    Raises:
        ArgumentError: no backend has this name.
        BackendError: the backend is not usable here; the message says what failed and what to do.

    >>> backend("numpy")
    <backend numpy>
    """
    if name == "auto":
        try:
            return backend("cupy")
        except BackendError:
            return NUMPY
    if name not in _loaded:
        if name not in _loaders:
            known = ", ".join(repr(known) for known in [*backend_names(), "auto"])
            raise ArgumentError(f"No backend is called {name!r}. Known: {known}.")
        found = _loaders[name]()
        register_namespace(found.array_type, found)
        _loaded[name] = found
    return _loaded[name]


def current_backend() -> Backend:
    """The backend on which `mr.tensor`, parameters and data loaders make new arrays."""
    global _current
    chosen = _inside.get() or _current
    if chosen is None:
        chosen = _current = backend(os.environ.get("MINIREG_BACKEND") or "numpy")
    return chosen


def set_backend(name: str) -> Backend:
    """Make `name` ("numpy", "cupy" or "auto") the backend of all new tensors.

    The environment variable MINIREG_BACKEND chooses the one a program starts with.

    >>> set_backend("numpy")
    <backend numpy>
    """
    global _current
    _current = backend(name)
    return _current


@contextmanager
def use_backend(name: str) -> Iterator[Backend]:
    """`set_backend` for the length of a `with` block, in the current thread or asyncio task.

    >>> with use_backend("numpy") as chosen:
    ...     print(chosen.name)
    numpy
    """
    chosen = backend(name)
    token = _inside.set(chosen)
    try:
        yield chosen
    finally:
        _inside.reset(token)
