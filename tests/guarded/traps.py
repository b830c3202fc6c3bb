"""Lines of code that pass every test on NumPy and fail, or crawl, on a GPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Arrays:
    """What the traps are tried on: device arrays, and a host array of the shape of `x`."""

    def __init__(self, xp: Any, upload: Callable[[np.ndarray], Any]) -> None:
        self.xp = xp
        self.host = np.arange(6, dtype=np.float32).reshape(2, 3)
        self.host_indices = np.array([0, 1])
        self.x = upload(self.host)
        self.row = upload(np.arange(3, dtype=np.float32))
        self.indices = upload(self.host_indices)
        self.condition = upload(self.host > 2)
        self.small = upload(np.arange(3, dtype=np.int16))
        self.integer = upload(np.array(2))
        self.scalar = upload(np.array(2.5, dtype=np.float32))


def assigned(x: Any, index: Any, value: Any) -> None:
    x[index] = value


def multiplied_in_place(a: Arrays) -> None:
    square = a.xp.ones((2, 2), dtype=np.float32)
    square @= a.xp.ones((2, 2), dtype=np.float32)


REFUSED_BY_CUPY: dict[str, Callable[[Arrays], Any]] = {
    # implicit conversion to NumPy
    "np.asarray(x)": lambda a: np.asarray(a.x),
    "memory of the host indexed by x": lambda a: a.host[a.indices],
    "range(x)": lambda a: range(a.integer),
    "a list indexed by x": lambda a: [1, 2, 3][a.integer],
    "a shape from x": lambda a: a.xp.zeros(a.integer),
    # host arrays among device arrays
    "x * host": lambda a: a.x * a.host,
    "host * x": lambda a: a.host * a.x,
    "x + host 0-d array": lambda a: a.x + np.array(2.0),
    "x == host": lambda a: a.x == a.host,
    "x < host": lambda a: a.x < a.host,
    "x @ host": lambda a: a.x @ a.host.T,
    "host @ x": lambda a: a.host.T @ a.x,
    "x += host": lambda a: a.x.__iadd__(a.host),
    "x * list": lambda a: a.row * [1, 2, 3],
    "x[...] = host": lambda a: assigned(a.x, ..., a.host),
    "x[...] = list": lambda a: assigned(a.x, ..., [1, 2, 3]),
    "out=host": lambda a: a.xp.add(a.x, 1, out=a.host),
    "exp(list)": lambda a: a.xp.exp([1.0, 2.0]),
    "max(list)": lambda a: a.xp.max([1.0, 2.0]),
    "maximum(x, host)": lambda a: a.xp.maximum(a.x, a.host),
    "where(bool, x, x)": lambda a: a.xp.where(True, a.x, a.x),
    "where(condition, x, host)": lambda a: a.xp.where(a.condition, a.x, a.host),
    "concatenate with host": lambda a: a.xp.concatenate([a.x, a.host]),
    "stack with host": lambda a: a.xp.stack([a.x, a.host]),
    "matmul with host": lambda a: a.xp.matmul(a.x, a.host.T),
    "tensordot with host": lambda a: a.xp.tensordot(a.x, a.host),
    "broadcast_to of host": lambda a: a.xp.broadcast_to(a.host, (4, 2, 3)),
    "expand_dims of host": lambda a: a.xp.expand_dims(a.host, 0),
    "asarray of a mixed list": lambda a: a.xp.asarray([a.row, np.ones(3)]),
    # names that CuPy lacks
    "errstate": lambda a: a.xp.errstate,
    "vecdot": lambda a: a.xp.vecdot,
    "linalg.vector_norm": lambda a: a.xp.linalg.vector_norm,
    "ndenumerate": lambda a: a.xp.ndenumerate,
    "block": lambda a: a.xp.block,
    "insert": lambda a: a.xp.insert,
    "x.__array_namespace__": lambda a: a.x.__array_namespace__,
    "x.__index__": lambda a: a.integer.__index__(),
    "x.__contains__": lambda a: a.x.__contains__,
    "x.to_device": lambda a: a.x.to_device,
    "flags.writeable": lambda a: a.x.flags.writeable,
    'flags["WRITEABLE"]': lambda a: a.x.flags["WRITEABLE"],
    "maximum.reduce": lambda a: a.xp.maximum.reduce(a.x),
    "subtract.accumulate": lambda a: a.xp.subtract.accumulate(a.x),
    "multiply.at": lambda a: a.xp.multiply.at(a.row, a.indices, a.row[:2]),
    "add.at of int16": lambda a: a.xp.add.at(a.small, a.indices, a.small[:2]),
    "subtract.at of float32": lambda a: a.xp.subtract.at(a.row, a.indices, a.row[:2]),
    # arguments that CuPy lacks
    "zeros(device=)": lambda a: a.xp.zeros(3, device="cpu"),
    "clip(min=)": lambda a: a.xp.clip(a.x, min=0),
    "max(initial=)": lambda a: a.xp.max(a.x, initial=0),
    "x.sum(where=)": lambda a: a.x.sum(where=a.condition),
    "var(correction=)": lambda a: a.xp.var(a.x, correction=1),
    "add(where=)": lambda a: a.xp.add(a.x, 1, where=a.condition, out=None),
    "take(mode=)": lambda a: a.xp.take(a.row, a.indices, mode="clip"),
    "argsort(stable=)": lambda a: a.xp.argsort(a.row, stable=True),
    "count_nonzero(keepdims=)": lambda a: a.xp.count_nonzero(a.x, axis=0, keepdims=True),
    "einsum(order=)": lambda a: a.xp.library.einsum("ij->ji", a.x, order="C"),
    "as_strided(writeable=)": lambda a: a.xp.lib.stride_tricks.as_strided(
        a.row, (2, 2), (4, 4), writeable=False
    ),
    "astype(casting=)": lambda a: a.x.astype(np.float64, casting="safe"),
    "x.item(0)": lambda a: a.x.item(0),
    "repeat by an array": lambda a: a.xp.repeat(a.row, a.xp.asarray(np.array([1, 0, 2]))),
    "split by an array": lambda a: a.xp.split(a.row, a.indices),
}

REFUSED_BY_THE_GUARD: dict[str, Callable[[Arrays], Any]] = {
    # uploaded without a word, at every use
    "x[host indices]": lambda a: a.x[a.host_indices],
    "x[list]": lambda a: a.x[[0, 1]],
    "x[host mask]": lambda a: a.x[a.host > 2],
    "x[host indices] = x": lambda a: assigned(a.x, a.host_indices, a.x),
    "x[indices] = host": lambda a: assigned(a.x, a.indices, a.host),
    "x[indices] = list": lambda a: assigned(a.row, a.indices, [1, 2]),
    "take(host indices)": lambda a: a.xp.take(a.row, a.host_indices),
    "x.take(list)": lambda a: a.row.take([0, 1]),
    "add.at(host indices)": lambda a: a.xp.add.at(a.row, a.host_indices, a.row[:2]),
    # dispatched without a word: the code is written for NumPy
    "np.exp(x)": lambda a: np.exp(a.x),
    "np.add(x, 1)": lambda a: np.add(a.x, 1),
    "np.sum(x)": lambda a: np.sum(a.x),
    "np.concatenate": lambda a: np.concatenate([a.x]),
    "max(host)": lambda a: a.xp.max(a.host),
    "reshape(host)": lambda a: a.xp.reshape(a.host, (3, 2)),
    # quietly something else than on NumPy
    "x @= y": multiplied_in_place,
    "arange(x)": lambda a: a.xp.arange(a.integer),
}
