"""Hand-written functions of arrays: a pair of forward and backward."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np

from ..autograd import Tensor
from ..autograd.diagnosis import MISSING
from ..backend import namespace
from ..errors import ArgumentTypeError
from .cause import Cause, make_cause
from .subject import (
    EarlyVerdict,
    Input,
    Subject,
    check_functions,
    classify,
    describe_result,
    get_input_names,
    get_name,
    is_array,
    is_same,
    is_whole,
    to_host,
)

FORWARD = "forward returns an array y, or a tuple (y, cache) of y and what backward needs."


class ArrayFunction(Subject):
    """What hand-written functions of arrays have in common: their arguments.

    Args:
        functions: the functions by the names of their arguments in the call; the first one takes
            `inputs`.
        inputs: floating-point arrays and numbers are differentiated, everything else is constant.
        names: the names of `inputs`; by default those of the arguments of the function.
        differentiable: the names of the inputs that are differentiated; by default all floats.
    """

    checked_by = ""  # the call that the user wrote

    def __init__(
        self,
        functions: dict[str, Callable],
        inputs: Sequence[Any],
        names: Sequence[str] = (),
        differentiable: Collection[str] | None = None,
    ) -> None:
        check_functions(self.checked_by, functions, inputs)
        first = next(iter(functions.values()))
        self.functions, self.function = functions, first
        self.backward = functions.get("backward", first)
        super().__init__(get_name(first))
        self.given = list(inputs)
        self.names = list(names) or get_input_names(first, len(inputs))
        self.arguments: list[Any] = []  # with an Input in place of each differentiable one
        self.integers = False  # whether the functions get whole numbers as arrays of integers
        for name, x in zip(self.names, inputs):
            if isinstance(x, Tensor):
                raise ArgumentTypeError(
                    f"{self.checked_by} checks functions of arrays, but {name} is a Tensor: pass "
                    f"{name}.numpy(), or use check_gradients for a function of Tensors.",
                    argument="inputs",
                )
            chosen = differentiable is None or name in differentiable
            is_input = chosen and classify(x) == "float"
            self.arguments.append(self.add(name, x) if is_input else x)
        if differentiable is None:
            self.constants = [name for name, x in zip(self.names, inputs) if is_whole(x)]
        self.check_inputs()

    @property
    def fixed(self) -> dict[str, Any]:
        """The inputs that are not differentiated, by name."""
        pairs = zip(self.names, self.arguments)
        return {name: x for name, x in pairs if not isinstance(x, Input)}

    @property
    def numbers(self) -> dict[str, float]:
        return find_numbers(self.function, self.fixed)

    def replace(self, name: str, value: Any) -> Self:
        """Return the same with another value of a constant input."""
        k = self.names.index(name)
        return self.with_inputs([*self.given[:k], value, *self.given[k + 1 :]])

    def with_inputs(self, inputs: Sequence[Any]) -> Self:
        """Return the same functions with other inputs."""
        return type(self)(self.functions, inputs, self.names, [x.name for x in self.inputs])

    def with_integers(self) -> Self:
        """Return the same functions, which get inputs of whole numbers as arrays of integers."""
        other = copy.copy(self)
        other.integers = True
        return other

    def make_arguments(self, vector: np.ndarray) -> list[Any]:
        """Return new arguments for forward, of the same kinds as the given inputs."""
        arguments = []
        for x, given in zip(self.arguments, self.given):
            if isinstance(x, Input):
                values = x.of(vector).copy()
                if self.integers and np.array_equal(values, np.round(values)):
                    values = values.astype(np.int64)
                x = namespace(given).asarray(values) if is_array(given) else values.item()
            elif is_array(x):
                x = x.copy()
            arguments.append(x)
        return arguments

    def value(self, vector: np.ndarray) -> np.ndarray:
        __tracebackhide__ = True
        y = np.asarray(to_host(self.run(vector)[1]))
        return self.flatten([y.astype(np.float64) if self.integers else y])

    def select(self, found: Any, who: str) -> list[Any]:
        """Return the gradients of the differentiated inputs from what `who` returned: an array, a
        tuple in the order of the arguments, or a dictionary with their names."""
        wanted = [x.name for x in self.inputs]
        if isinstance(found, Mapping):
            if set(wanted) - set(found) or set(found) - set(self.names):
                came = ", ".join(map(str, found)) or "none"
                raise EarlyVerdict(
                    "fail",
                    f"the gradients must have the names of the arguments ({', '.join(wanted)}), "
                    f"but the dictionary has {came}.",
                    name_number(f"the dictionary has {came}"),
                )
            return [found[name] for name in wanted]
        gradients = list(found) if isinstance(found, (tuple, list)) else [found]
        if len(gradients) == len(self.arguments):  # with entries for the constants, too
            gradients = [g for g, x in zip(gradients, self.arguments) if isinstance(x, Input)]
        if found is None or len(gradients) != len(self.inputs):
            came, n = f"returned {describe_result(found)}", len(wanted)
            raise EarlyVerdict(
                "fail",
                f"{who} must return {n} gradient{'s' * (n != 1)} ({', '.join(wanted)}), in the "
                f"order of the arguments, but {came}." + (MISSING if found is None else ""),
                name_number(f"it {came}"),
            )
        return gradients

    def list_arrays(self, forward_pass: Any) -> list[tuple[str, Any, Any]]:
        rows = zip(self.names, forward_pass[0], self.make_arguments(self.start))
        return [(name, now, before) for name, now, before in rows if is_array(now)]


def name_number(evidence: str) -> Cause:
    """Return the cause if there is not one gradient for each input."""
    return replace(
        make_cause("wrong-shape", evidence, "not one gradient for each input"),
        hints=(
            "What does the return statement give back, and of which inputs is it the gradient?",
            "There is one gradient for each floating-point input, in the order of the arguments.",
        ),
    )


def name_result(evidence: str, rule: str) -> Cause:
    """Return the cause if a function does not return what it must."""
    question = "What does the return statement give back, and what should it give back?"
    explanation = "the function returns something else"
    return replace(make_cause("wrong-shape", evidence, explanation), hints=(question, rule))


def find_numbers(function: Callable, fixed: dict[str, Any]) -> dict[str, float]:
    """Return the numbers that a function uses: its arguments, defaults, names, and literals."""
    found = dict(fixed)
    if inspect.isfunction(function):
        names = inspect.getclosurevars(function)
        defaults = inspect.signature(function).parameters.values()
        literals = {f"{x!r} in {function.__name__}": x for x in function.__code__.co_consts}
        default = {p.name: p.default for p in defaults}
        found = {**literals, **names.globals, **names.nonlocals, **default, **fixed}
    usual = (0, 1, 2, -1, 0.5)
    return {
        name: float(x)
        for name, x in found.items()
        if type(x) in (int, float, np.float64, np.int64) and x not in usual and np.isfinite(x)
    }


class ArrayPair(ArrayFunction):
    """`forward` returns y or (y, cache), `backward` the gradients.

    `backward` takes (upstream, cache) if forward returns a tuple (y, cache), else
    (upstream, *inputs); it returns one gradient for each differentiable input.
    """

    checked_by = "check_backward"
    editable = "backward"
    form = (
        "forward(*inputs), then backward(upstream, cache) if forward returns (y, cache), otherwise "
        "backward(upstream, *inputs)"
    )

    def run(self, vector: np.ndarray) -> tuple[list[Any], Any, tuple[Any, ...]]:
        """Return forward's arguments, y, and what backward takes after the upstream gradient."""
        __tracebackhide__ = True
        arguments = self.make_arguments(vector)
        y = self.call("forward", self.function, *arguments)
        rest: tuple[Any, ...] = tuple(arguments)
        if isinstance(y, tuple) and len(y) == 2:
            y, rest = y[0], (y[1],)
        host = np.asarray(to_host(y))
        if host.dtype.kind not in "fiub" or (host.ndim and not is_array(y)):
            raise EarlyVerdict(
                "fail",
                f"it returned {describe_result(y)}; it must return an array y or a tuple "
                f"(y, cache)." + (MISSING if y is None else ""),
                name_result(f"it returned {describe_result(y)}", FORWARD),
            )
        return arguments, y, rest

    def differentiate(self, forward_pass: Any, upstream: np.ndarray) -> list[Any]:
        __tracebackhide__ = True
        (arguments, y, rest), host = forward_pass, upstream.reshape(self.shapes[0])
        u = namespace(y).asarray(host.copy()) if is_array(y) else float(host)
        self.lent = [("the upstream gradient", u), *zip(self.names, arguments)]
        found = self.call("backward", self.backward, u, *rest)
        if is_array(y) and not is_same(to_host(u), host):
            raise EarlyVerdict(
                "fail",
                "backward changes the upstream gradient in place. Other branches of a network "
                "still need it: work on a copy, upstream.copy().",
                make_cause("upstream-mutated"),
            )
        return self.select(found, "backward")
