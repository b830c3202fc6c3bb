"""A function of Tensors, which the engine differentiates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import Any

import numpy as np

from ..autograd import Tensor, grad
from ..autograd.diagnosis import MISSING
from ..autograd.mode import add_watcher, recording, remove_watcher
from ..backend import current_backend, namespace
from ..errors import ArgumentError, ArgumentTypeError
from .cause import make_cause
from .subject import (
    EarlyVerdict,
    Input,
    Subject,
    check_functions,
    classify,
    describe_result,
    get_input_names,
    get_name,
    is_same,
    is_whole,
    to_host,
)

NO_TENSOR = "it returns no Tensor"


class TensorFunction(Subject):
    """A function of Tensors.

    Args:
        function: takes `inputs`, returns a Tensor or a tuple of Tensors.
        inputs: floating-point Tensors, arrays and numbers are differentiated; integer and boolean
            arrays become constant Tensors; anything else is passed on unchanged.
        parameters: other leaf Tensors that `function` uses.  Inside `with subject:` they hold
            float64 arrays; afterwards their own arrays are restored.
        name, names: the names of the function and of `inputs`; by default its own.
    """

    backward_name = "its backward pass"
    form = "function(*inputs)"

    def __init__(
        self,
        function: Callable,
        inputs: Sequence[Any],
        parameters: Any = (),
        name: str = "",
        names: Sequence[str] = (),
    ) -> None:
        check_functions("check_gradients", {"function": function}, inputs)
        super().__init__(name or get_name(function))
        self.function = function
        self.arguments: list[Any] = []  # with an Input in place of each leaf
        self.libraries: list[Any] = []  # of the leaves
        for name, x in zip(names or get_input_names(function, len(inputs)), inputs):
            data = x.data if isinstance(x, Tensor) else x
            own = namespace(data)
            # NumPy arrays and numbers go to the current backend; a Tensor stays on its own.
            moves = not isinstance(x, Tensor) and own.name == "numpy"
            library = current_backend() if moves else own
            kind = classify(data)
            if is_whole(data):
                self.constants.append(name)
            if kind == "float":
                self.arguments.append(self.add(name, data))
                self.libraries.append(library)
            elif kind == "constant":
                self.arguments.append(Tensor(library.asarray(data)) if data is x else x)
            else:
                self.arguments.append(x)
        self.parameters = name_parameters(parameters)
        for name, p in self.parameters.items():
            self.add(name, p.data)
        self.check_inputs()

    def __enter__(self) -> TensorFunction:
        self.held = [p.data for p in self.parameters.values()]
        return self

    def __exit__(self, *exception: Any) -> None:
        for p, data in zip(self.parameters.values(), self.held):
            p.data = data

    def run(self, vector: np.ndarray) -> tuple[list[Tensor], list[Tensor]]:
        """Return the leaves (inputs first) and the outputs."""
        __tracebackhide__ = True
        leaves = [
            Tensor(library.asarray(x.of(vector).copy()), requires_grad=True)
            for x, library in zip(self.inputs, self.libraries)
        ]
        for x, p, held in zip(self.inputs[len(leaves) :], self.parameters.values(), self.held):
            p.data = namespace(held).asarray(x.of(vector).copy())
        waiting = iter(leaves)
        arguments = [next(waiting) if isinstance(x, Input) else x for x in self.arguments]
        with recording(True):
            found = self.call("it", self.function, *arguments)
        outputs = as_outputs(found)
        for y in outputs:
            if not isinstance(y, Tensor):
                raise EarlyVerdict(
                    "fail",
                    f"it returned {describe_result(y)}; it must return a Tensor, computed with "
                    f"minireg's operations from the Tensors it is given."
                    + (MISSING if y is None else ""),
                    make_cause("wrong-shape", f"it returned {describe_result(y)}", NO_TENSOR),
                )
        return leaves + list(self.parameters.values()), outputs

    def value(self, vector: np.ndarray) -> np.ndarray:
        __tracebackhide__ = True
        return self.flatten([y.numpy() for y in self.run(vector)[1]])

    def differentiate(self, forward_pass: Any, upstream: np.ndarray) -> list[np.ndarray]:
        """Return the summed gradients of all outputs; the graph is kept, no `.grad` is changed."""
        leaves, outputs = forward_pass
        total = [np.zeros(leaf.shape) for leaf in leaves]
        self.cut = not any(y.requires_grad for y in outputs)
        for y, u in zip(outputs, self.split(upstream)):
            if y.requires_grad:
                u = namespace(y.data).asarray(u.astype(y.dtype))
                parts = self.call("its backward pass", differentiate, y, leaves, u)
                total = [sum_ + part.numpy() for sum_, part in zip(total, parts)]
        return total

    def list_arrays(self, forward_pass: Any) -> list[tuple[str, Any, Any]]:
        pairs = zip(self.inputs, forward_pass[0])
        return [(x.name, leaf.data, x.of(self.start)) for x, leaf in pairs]

    def watch(self) -> AbstractContextManager:
        return watch_upstream()


def differentiate(y: Tensor, leaves: list[Tensor], upstream: Any) -> tuple[Tensor, ...]:
    return grad(y, leaves, gradient=upstream, retain_graph=True)


@contextmanager
def watch_upstream() -> Iterator[None]:
    """Make operations recorded inside raise an EarlyVerdict if one of their vjps changes its g."""

    def watch(operation: Any, arrays: list[Any], result: Tensor) -> None:
        vjps = result._vjps
        if isinstance(vjps, tuple):
            result._vjps = tuple(watch_vjp(vjp, operation) for vjp in vjps)
        else:
            result._vjps = watch_vjp(vjps, operation)

    add_watcher(watch)
    try:
        yield
    finally:
        remove_watcher()


def watch_vjp(vjp: Any, operation: Any) -> Any:
    """Wrap a vjp, or a joint function for all gradients, to check that it does not change g."""
    if not callable(vjp):
        return vjp

    @wraps(vjp)
    def watched(g: Any, *needs: Any) -> Any:
        before = np.array(to_host(g))
        found = vjp(g, *needs)
        if not is_same(np.asarray(to_host(g)), before):
            raise EarlyVerdict(
                "fail",
                f"the derivative of {operation.__name__.lstrip('_')} changes its upstream gradient "
                f"g in place. Other branches of a graph still need it: return a new array.",
                make_cause("upstream-mutated"),
            )
        return found

    return watched


def as_outputs(found: Any) -> list[Any]:
    """Return what a function returned, as a list."""
    return list(found) if isinstance(found, (tuple, list)) else [found]


def name_parameters(parameters: Any) -> dict[str, Tensor]:
    """Return parameters by name, each once; raise an error if one is not a parameter.

    Args:
        parameters: Tensors, pairs (name, Tensor), or a dictionary.
    """
    if isinstance(parameters, Tensor):
        raise ArgumentTypeError(
            "parameters takes several Tensors; for one, write [p].", argument="parameters"
        )
    pairs: Iterable[Any] = parameters
    if isinstance(parameters, Mapping):
        pairs = parameters.items()
    found: dict[str, Tensor] = {}
    for i, p in enumerate(pairs):
        name, p = p if isinstance(p, tuple) else (f"parameter {i}", p)
        if not isinstance(p, Tensor):
            raise ArgumentTypeError(
                f"{name} must be a Tensor, got {describe_result(p)}.", argument="parameters"
            )
        if not (p.is_leaf and p.requires_grad):
            raise ArgumentError(
                f"{name} is not a parameter: it must be a leaf with requires_grad=True. Leave it "
                f"out, or make it one: mr.tensor(data, requires_grad=True).",
                argument="parameters",
            )
        if all(p is not other for other in found.values()):
            found[name] = p
    return found
