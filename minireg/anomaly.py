"""detect_anomaly: find the operation that gave the first NaN, and arrays changed too early.

The engine reports every operation; its result is checked here, and its vjps are wrapped.
"""

from __future__ import annotations

import linecache
import os
import sys
import zlib
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

from .autograd import Tensor
from .autograd.mode import Block, add_watcher, remove_watcher
from .backend import Array, namespace
from .checks import describe_value
from .errors import AnomalyError

PACKAGE = os.path.dirname(__file__) + os.sep


class detect_anomaly(Block):
    """Stop at the first NaN or infinity, and name the operation and the line that made it.

    The forward pass checks the result of every operation, the backward pass every derivative of
    the operations recorded inside.  It also detects an array that was changed in place after an
    operation saved it for its derivative: that derivative would silently be wrong.  All this takes
    time (on a GPU also a transfer for each operation): use it only to look for a mistake.

    Args:
        infinities: False lets infinities pass, for models that mask with −inf.

    Raises:
        AnomalyError: a NaN, an infinity, or a changed array was found.

    >>> x = mr.tensor([1.0, 2.0], requires_grad=True)
    >>> with detect_anomaly():
    ...     y = x * x
    ...     x.data += 1
    ...     y.sum().backward()
    Traceback (most recent call last):
    minireg.errors.AnomalyError: multiply saved argument 2, float32 (2,), for its derivative, ...
    """

    def __init__(self, infinities: bool = True) -> None:
        self.bad = is_not_finite if infinities else np.isnan

    def __enter__(self) -> None:
        add_watcher(Watcher(self.bad))

    def __exit__(self, *error: Any) -> None:
        remove_watcher().warnings.__exit__(*error)


class Watcher:
    """Checks every operation while a block is open."""

    def __init__(self, bad: Callable) -> None:
        self.bad = bad
        self.warnings = np.errstate(all="ignore")  # or NumPy would warn before the error is raised
        self.warnings.__enter__()

    def __call__(self, operation: Any, arrays: list[Array], result: Tensor) -> None:
        Watched(operation, arrays, result, self.bad).look()


def is_not_finite(values: np.ndarray) -> np.ndarray:
    return ~np.isfinite(values)


class Watched:
    """One operation: what it was given, what it saved, and where the user called it.

    Args:
        operation, arrays, result: as the engine reports them.
        bad: a function that marks the values to look for, such as `np.isnan`.
    """

    def __init__(self, operation: Any, arrays: list[Array], result: Tensor, bad: Callable) -> None:
        self.name = operation.__name__.lstrip("_")
        self.arrays, self.result, self.bad = arrays, result, bad
        self.line = find_calling_line()
        self.saved: list[tuple[str, Any, int]] = []

    def look(self) -> None:
        """Check the result, and put checks around the derivatives."""
        given = ", ".join(map(describe_value, self.arrays))
        self.check(self.result.data, f"{self.name} gave", f"from ({given})")
        vjps = self.result._vjps
        if vjps is None:
            return
        names = {id(self.result.data): "its result"}
        names |= {id(x): f"argument {i + 1}" for i, x in enumerate(self.arrays)}
        for array in find_saved_arrays(vjps):
            self.saved.append((names.get(id(array), "an array"), array, compute_checksum(array)))
        if callable(vjps):
            self.result._vjps = self.watch_joint(vjps)
        else:
            watched = (vjp and self.watch_vjp(vjp, i) for i, vjp in enumerate(vjps))
            self.result._vjps = tuple(watched)

    def watch_vjp(self, vjp: Callable, i: int) -> Callable:
        """The vjp for argument i, with its checks."""

        def call(g: Any) -> Any:
            self.check_saved()
            part = vjp(g)
            self.check_derivative(part, g, i)
            return part

        return call

    def watch_joint(self, joint: Callable) -> Callable:
        """The function that gives all gradients at once, with its checks."""

        @wraps(joint)
        def call(g: Any, needs: list[bool]) -> Any:
            self.check_saved()
            parts = joint(g, needs)
            for i, part in enumerate(parts):
                if part is not None:
                    self.check_derivative(part, g, i)
            return parts

        return call

    def check_derivative(self, part: Array, g: Array, i: int) -> None:
        what = f"The derivative of {self.name} with respect to argument {i + 1} gave"
        already = ", which already held such values" if self.find_bad(g).size else ""
        self.check(part, what, f"from the upstream gradient {describe_value(g)}{already}")

    def check(self, array: Array, what: str, source: str) -> None:
        """Raise if `array` holds a bad value."""
        places = self.find_bad(array)
        if places.size == 0:
            return
        values = as_host_array(array)
        first = np.unravel_index(places[0], values.shape)
        already = "".join(
            f" Argument {i + 1} already held such values."
            for i, x in enumerate(self.arrays)
            if self.find_bad(x).size
        )
        raise AnomalyError(
            f"{what} {values[first]} in {places.size} of {values.size} entries, first at "
            f"{tuple(map(int, first))}, {source}.{already}\n  {self.line}"
        )

    def find_bad(self, x: Any) -> np.ndarray:
        """The flat indices of the bad values in x; none if x is not an array or a number."""
        if not hasattr(x, "dtype") and not isinstance(x, (int, float)):
            return np.zeros(0)
        values = as_host_array(x)
        return np.flatnonzero(self.bad(values)) if values.dtype.kind == "f" else np.zeros(0)

    def check_saved(self) -> None:
        """Raise if an array that a derivative needs has been changed."""
        for name, array, before in self.saved:
            if compute_checksum(array) != before:
                raise AnomalyError(
                    f"{self.name} saved {name}, {describe_value(array)}, for its derivative, and "
                    f"the array was changed in place before backward. Change it after backward, or "
                    f"make a new array.\n  {self.line}"
                )


def as_host_array(x: Any) -> np.ndarray:
    """An array (or a number) as a NumPy array."""
    return np.asarray(namespace(x).to_host(x))


def find_saved_arrays(vjps: Any) -> list[Any]:
    """The arrays that vjps keep alive: in closures, in partials, and nested in these."""
    found: dict[int, Any] = {}
    pending: list[Any] = [vjps]
    seen: set[int] = set()
    while pending:
        x = pending.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        if isinstance(x, (tuple, list)):
            pending.extend(x)
        elif isinstance(x, dict):
            pending.extend(x.values())
        elif isinstance(x, partial):
            pending.extend([x.func, x.args, x.keywords])
        elif hasattr(x, "__closure__"):
            cells = [cell.cell_contents for cell in x.__closure__ or ()]
            pending.extend([*cells, *(x.__defaults__ or ())])
        elif hasattr(x, "dtype") and hasattr(x, "shape") and not isinstance(x, Tensor):
            found[id(x)] = x
    return list(found.values())


def compute_checksum(array: Array) -> int:
    return zlib.crc32(as_host_array(array).tobytes())


def find_calling_line() -> str:
    """The file, number and text of the innermost line outside of minireg."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame = frame.f_back
    name, number = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(name, number, frame.f_globals).strip()
    return f"{name}, line {number}" + (f": {text}" if text else "")
