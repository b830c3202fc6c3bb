"""A function of Tensors, which the engine differentiates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np

from ..autograd import Tensor, grad
from ..autograd import tensor as state
from ..autograd.diagnosis import MISSING
from ..autograd.tensor import recording
from ..backend import current_backend, namespace
from ..errors import ArgumentError, ArgumentTypeError
from .subject import (
    NOTHING,
    Input,
    Ruling,
    Subject,
    close,
    described,
    in_place,
    input_names,
    kind_of,
    name_of,
    on_host,
    same,
    unrepeatable,
)


class TensorFunction(Subject):
    """A function of Tensors.

    Args:
        function: takes `inputs`, returns a Tensor or a tuple of Tensors.
        inputs: floating-point Tensors, arrays and numbers are differentiated; integer and boolean
            arrays become constant Tensors; anything else is handed on as it is.
        parameters: leaf Tensors that `function` finds by itself.  Inside `with subject:` they hold
            float64 arrays, and afterwards their own again.
        name, names: of the function and of `inputs`; by default what the function tells.
    """

    def __init__(
        self,
        function: Callable,
        inputs: Sequence[Any],
        parameters: Any = (),
        name: str = "",
        names: Sequence[str] = (),
    ) -> None:
        super().__init__(name or name_of(function))
        self.function = function
        self.arguments: list[Any] = []  # an Input stands in the place of a leaf
        self.libraries: list[Any] = []  # of the leaves
        for name, x in zip(names or input_names(function, len(inputs)), inputs):
            data = x.data if isinstance(x, Tensor) else x
            own = namespace(data)
            # NumPy arrays and numbers go to the current backend; a Tensor stays on its own.
            moves = not isinstance(x, Tensor) and own.name == "numpy"
            library = current_backend() if moves else own
            kind = kind_of(data)
            if kind == "float":
                self.arguments.append(self.add(name, data))
                self.libraries.append(library)
            elif kind == "constant":
                self.arguments.append(Tensor(library.asarray(data)) if data is x else x)
            else:
                self.arguments.append(x)
        self.parameters = named(parameters)
        for name, p in self.parameters.items():
            self.add(name, p.data)
        if not self.inputs:
            raise ArgumentTypeError(NOTHING)

    def __enter__(self) -> TensorFunction:
        self.held = [p.data for p in self.parameters.values()]
        return self

    def __exit__(self, *exception: Any) -> None:
        for p, data in zip(self.parameters.values(), self.held):
            p.data = data

    def called(self, vector: np.ndarray) -> tuple[list[Tensor], list[Tensor]]:
        """Leaves that hold the values of `vector`, and the outputs."""
        __tracebackhide__ = True
        leaves = [
            Tensor(library.asarray(x.of(vector).copy()), requires_grad=True)
            for x, library in zip(self.inputs, self.libraries)
        ]
        for x, p, held in zip(self.inputs[len(leaves) :], self.parameters.values(), self.held):
            p.data = namespace(held).asarray(x.of(vector).copy())
        waiting = iter(leaves)
        arguments = [next(waiting) if isinstance(x, Input) else x for x in self.arguments]
        with recording(True), np.errstate(all="ignore"):
            found = self.function(*arguments)
        outputs = as_outputs(found)
        for y in outputs:
            if not isinstance(y, Tensor):
                raise Ruling(
                    "fail",
                    f"it returned {described(y)}; it must return a Tensor, computed with "
                    f"minireg's operations from the Tensors it is given."
                    + (MISSING if y is None else ""),
                )
        return leaves + list(self.parameters.values()), outputs

    def value(self, vector: np.ndarray) -> np.ndarray:
        __tracebackhide__ = True
        return self.flattened([y.numpy() for y in self.called(vector)[1]])

    def gradients(self, vector: np.ndarray, upstream: np.ndarray) -> list[Any]:
        return self.differentiated(*self.called(vector), upstream)

    def differentiated(
        self, leaves: list[Tensor], outputs: list[Tensor], upstream: np.ndarray
    ) -> list[np.ndarray]:
        """The gradients of all outputs, added up.  The graph is kept, and no `.grad` is touched."""
        total = [np.zeros(leaf.shape) for leaf in leaves]
        self.cut = not any(y.requires_grad for y in outputs)
        for y, u in zip(outputs, self.separated(upstream)):
            if y.requires_grad:
                u = namespace(y.data).asarray(u.astype(y.dtype))
                with np.errstate(all="ignore"):
                    parts = grad(y, leaves, gradient=u, retain_graph=True)
                total = [sum_ + part.numpy() for sum_, part in zip(total, parts)]
        return total

    def examine(self, upstream: np.ndarray) -> None:
        __tracebackhide__ = True
        with upstream_watched():
            leaves, outputs = self.called(self.start)
        self.check_untouched(leaves, "it")
        first = self.differentiated(leaves, outputs, upstream)
        second = self.differentiated(leaves, outputs, upstream)
        self.check_untouched(leaves, "its backward pass")
        for x, a, b in zip(self.inputs, first, second):
            if not close(a, b):
                raise unrepeatable(x.name, a, b)

    def check_untouched(self, leaves: list[Tensor], culprit: str) -> None:
        for x, leaf in zip(self.inputs, leaves):
            if not same(leaf.numpy(), x.of(self.start)):
                raise in_place(culprit, x.name)


@contextmanager
def upstream_watched() -> Iterator[None]:
    """Operations recorded inside raise a Ruling if a vjp of theirs changes its argument g."""
    before = state._watcher

    def watch(operation: Any, arrays: list[Any], result: Tensor) -> None:
        if before is not None:
            before(operation, arrays, result)
        vjps = result._vjps
        if isinstance(vjps, tuple):
            result._vjps = tuple(watched(vjp, operation) for vjp in vjps)
        else:
            result._vjps = watched(vjps, operation)

    state._watcher = watch
    try:
        yield
    finally:
        state._watcher = before


def watched(vjp: Any, operation: Any) -> Any:
    """A vjp, or the function that gives all gradients, that looks after its first argument."""
    if not callable(vjp):
        return vjp

    @wraps(vjp)
    def checked(g: Any, *needs: Any) -> Any:
        before = np.array(on_host(g))
        found = vjp(g, *needs)
        if not same(np.asarray(on_host(g)), before):
            raise Ruling(
                "fail",
                f"the derivative of {operation.__name__.lstrip('_')} changes its upstream gradient "
                f"g in place. Other branches of a graph still need it: return a new array.",
            )
        return found

    return checked


def as_outputs(found: Any) -> list[Any]:
    """What a function returned, as a list."""
    return list(found) if isinstance(found, (tuple, list)) else [found]


def named(parameters: Any) -> dict[str, Tensor]:
    """Parameters by name, each once, or what is wrong with them.

    Args:
        parameters: Tensors, pairs (name, Tensor), or a dictionary.
    """
    if isinstance(parameters, Tensor):
        raise ArgumentTypeError("parameters takes several Tensors; for one, write [p].")
    pairs: Iterable[Any] = parameters
    if isinstance(parameters, Mapping):
        pairs = parameters.items()
    found: dict[str, Tensor] = {}
    for i, p in enumerate(pairs):
        name, p = p if isinstance(p, tuple) else (f"parameter {i}", p)
        if not isinstance(p, Tensor):
            raise ArgumentTypeError(f"{name} must be a Tensor, got {described(p)}.")
        if not (p.is_leaf and p.requires_grad):
            raise ArgumentError(
                f"{name} is no parameter: it must be a leaf with requires_grad=True. Leave it "
                f"out, or make it one: mr.tensor(data, requires_grad=True)."
            )
        if all(p is not other for other in found.values()):
            found[name] = p
    return found
