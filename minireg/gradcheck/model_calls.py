"""The calls of modules in one forward pass: what each was given, and the state it started from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress
from pickle import dumps
from typing import Any

import numpy as np

from ..autograd import Tensor
from ..random import Generator, default_generator
from .subject import get_input_names
from .tensor_function import TensorFunction


class State:
    """What calls of modules may change, parameters excepted, to be put back by `restore`.

    These are their attributes, the arrays of their buffers, and random streams: those among the
    attributes, the default one of minireg, and NumPy's global one.
    """

    def __init__(self, modules: Iterable[Any]) -> None:
        self.attributes = [(module, dict(vars(module))) for module in modules]
        values = [value for _, attributes in self.attributes for value in attributes.values()]
        constants = [x for x in values if isinstance(x, Tensor) and not x.requires_grad]
        self.arrays = [(x, x.data, x.data.copy()) for x in constants]
        streams: list[Any] = [x for x in values if isinstance(x, Generator)]
        streams += [x.bit_generator for x in values if isinstance(x, np.random.Generator)]
        streams += [default_generator(), np.random.mtrand.get_bit_generator()]
        self.streams = [(stream, stream.state) for stream in streams]

    def drop_unchanged(self) -> None:
        """Keep only buffers and random streams that have changed since: to restore takes time."""
        self.arrays = [
            (x, data, values)
            for x, data, values in self.arrays
            if x.data is not data or bool((data != values).any())
        ]
        moved = [dumps(stream.state) != dumps(state) for stream, state in self.streams]
        self.streams = list(compress(self.streams, moved))

    def restore(self) -> None:
        for module, attributes in self.attributes:
            vars(module).clear()
            vars(module).update(attributes)
        for x, data, values in self.arrays:
            x.data = data
            data[...] = values
        for stream, state in self.streams:
            stream.state = state


@dataclass
class Call:
    """One call of a module or of the loss.

    Attributes:
        path: the path of the module; "the model" and "the loss" for these two.
        label: its name in the report.
        function: the forward pass of the module.
        inputs: positional arguments and options, with copies of the Tensors.
        parameters: those of the module by name, which the check differentiates.
        state: that of the module and its parts before the call.
        outputs: the floating-point Tensors that it gave.
        differentiable: whether a derivative can be asked for.
        upstream: the gradients of the loss with respect to `outputs`, if they were found.
        parts: the calls inside this one.
    """

    path: str
    label: str
    function: Callable
    inputs: tuple[tuple[Any, ...], dict[str, Any]]
    parameters: dict[str, Tensor]
    state: State
    outputs: list[Tensor] = field(default_factory=list)
    differentiable: bool = True
    upstream: list[np.ndarray] | None = None
    parts: list[Call] = field(default_factory=list)

    def run(self, *tensors: Tensor) -> Any:
        """Call the function again from the same state, with other values of the Tensors."""
        self.state.restore()
        args, options = put_tensors(self.inputs, iter(tensors))
        found = self.function(*args, **options)
        outputs = [x for _, x in name_tensors("", found)]
        return [x for x in outputs if x.dtype.kind == "f"] if outputs else found

    def make_subject(self) -> TensorFunction:
        args, options = self.inputs
        names = [*get_input_names(self.function, len(args)), *options]
        named = [
            pair
            for name, value in zip(names, (*args, *options.values()))
            for pair in name_tensors(name, value)
        ]
        tensors = [tensor for _, tensor in named]
        return TensorFunction(
            self.run, tensors, self.parameters, self.label, [name for name, _ in named]
        )


class Recorder:
    """Records the calls of watched functions.

    Attributes:
        calls: the outermost ones; the others are their parts.
        open: those that have not returned: after an error, the last one is where it was raised.
        active: whether it records.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.open: list[Call] = []
        self.active = False
        self.counts: Counter[str] = Counter()

    def watch_modules(self, model: Any) -> None:
        """Record each call of the model and of its modules, until their state is restored."""
        for path, module in list(model.named_modules()):
            kind, parameters = type(module).__name__, find_parameters(module)
            label = f"{path!r} ({kind})" if path else f"the model ({kind})"
            modules = [part for _, part in module.named_modules()]
            # A Sequential calls `layer.forward(x)`, so `forward` is what is replaced.
            watched = self.watch(path or "the model", label, module.forward, parameters, modules)
            vars(module)["forward"] = watched

    def watch(
        self,
        path: str,
        label: str,
        function: Callable,
        parameters: dict[str, Tensor],
        modules: list[Any],
    ) -> Callable:
        """Return the function, whose calls are recorded."""

        def call(*args: Any, **options: Any) -> Any:
            if not self.active:
                return function(*args, **options)
            self.counts[path] += 1
            again = f", call {self.counts[path]}" if self.counts[path] > 1 else ""
            copies = (Tensor(x.data.copy()) for _, x in name_tensors("", (args, options)))
            inputs = put_tensors((args, options), copies)
            made = Call(path + again, label + again, function, inputs, parameters, State(modules))
            (self.open[-1].parts if self.open else self.calls).append(made)
            depth = len(self.open)
            self.open.append(made)
            found = function(*args, **options)
            del self.open[depth:]
            made.state.drop_unchanged()
            tensors = [x for _, x in name_tensors("", found)]
            made.outputs = [x for x in tensors if x.dtype.kind == "f"]
            given = [x for _, x in name_tensors("", inputs)]
            takes = bool(parameters) or any(x.dtype.kind == "f" for x in given)
            made.differentiable = takes and (bool(made.outputs) or not tensors)
            return found

        return call

    def walk(self) -> Iterator[Call]:
        """Return all calls."""
        pending = list(self.calls)
        while pending:
            call = pending.pop()
            yield call
            pending += call.parts


def find_parameters(module: Any) -> dict[str, Tensor]:
    """Return the parameters that are not frozen, by their paths; none for a function."""
    named = module.named_parameters() if hasattr(module, "named_parameters") else ()
    return {name: p for name, p in named if p.requires_grad}


def name_tensors(name: str, x: Any) -> Iterator[tuple[str, Tensor]]:
    """Return the Tensors in nested tuples, lists and dictionaries, with the names of places."""
    if isinstance(x, Tensor):
        yield name, x
    elif isinstance(x, (tuple, list, dict)):
        for key, part in x.items() if isinstance(x, dict) else enumerate(x):
            yield from name_tensors(f"{name}[{key!r}]", part)


def put_tensors(x: Any, tensors: Iterator[Tensor]) -> Any:
    """Return nested tuples, lists and dictionaries with other Tensors in place of theirs."""
    if isinstance(x, Tensor):
        return next(tensors)
    if isinstance(x, dict):
        return {key: put_tensors(part, tensors) for key, part in x.items()}
    if isinstance(x, (tuple, list)):
        make = getattr(x, "_make", type(x))  # of a named tuple
        return make(put_tensors(part, tensors) for part in x)
    return x
