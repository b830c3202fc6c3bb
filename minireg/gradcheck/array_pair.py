"""A hand-written pair of functions of arrays: forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..autograd import Tensor
from ..autograd.diagnosis import MISSING
from ..backend import namespace
from ..errors import ArgumentTypeError
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


class ArrayPair(Subject):
    """`forward` returns y or (y, cache), `backward` the gradients.

    Args:
        forward: takes `inputs`.
        backward: takes (upstream, cache) if forward returns a tuple (y, cache), else
            (upstream, *inputs); returns one gradient for each differentiable input.
        inputs: floating-point arrays and numbers are differentiated, everything else is constant.
    """

    editable = "backward"

    def __init__(self, forward: Callable, backward: Callable, inputs: Sequence[Any]) -> None:
        check_functions(
            "check_backward",
            {"forward": forward, "backward": backward},
            inputs[0] if inputs else None,
            "The call is check_backward(forward, backward, x, ...) for a pair of functions of "
            "arrays, and check_gradients(function, x, ...) for one function of Tensors.",
        )
        super().__init__(get_name(forward))
        self.forward, self.backward = forward, backward
        self.given = list(inputs)
        self.names = get_input_names(forward, len(inputs))
        self.arguments: list[Any] = []  # with an Input in place of each differentiable one
        for name, x in zip(self.names, inputs):
            if isinstance(x, Tensor):
                raise ArgumentTypeError(
                    f"check_backward checks functions of arrays, but {name} is a Tensor: pass "
                    f"{name}.numpy(), or use check_gradients for a function of Tensors.",
                    argument="inputs",
                )
            self.arguments.append(self.add(name, x) if classify(x) == "float" else x)
        self.constants = [name for name, x in zip(self.names, inputs) if is_whole(x)]
        self.check_inputs()

    def make_arguments(self, vector: np.ndarray) -> list[Any]:
        """Return new arguments for forward, of the same kinds as the given inputs."""
        arguments = []
        for x, given in zip(self.arguments, self.given):
            if isinstance(x, Input):
                values = x.of(vector).copy()
                x = namespace(given).asarray(values) if is_array(given) else float(values)
            elif is_array(x):
                x = x.copy()
            arguments.append(x)
        return arguments

    def run(self, vector: np.ndarray) -> tuple[list[Any], Any, tuple[Any, ...]]:
        """Return forward's arguments, y, and what backward takes after the upstream gradient."""
        __tracebackhide__ = True
        arguments = self.make_arguments(vector)
        with np.errstate(all="ignore"):
            y = self.forward(*arguments)
        rest: tuple[Any, ...] = tuple(arguments)
        if isinstance(y, tuple) and len(y) == 2:
            y, rest = y[0], (y[1],)
        if np.asarray(to_host(y)).dtype.kind not in "fiub":
            raise EarlyVerdict(
                "fail",
                f"it returned {describe_result(y)}; it must return an array y or a tuple "
                f"(y, cache)." + (MISSING if y is None else ""),
            )
        return arguments, y, rest

    def value(self, vector: np.ndarray) -> np.ndarray:
        __tracebackhide__ = True
        return self.flatten([np.asarray(to_host(self.run(vector)[1]))])

    def differentiate(self, forward_pass: Any, upstream: np.ndarray) -> list[Any]:
        __tracebackhide__ = True
        (_, y, rest), host = forward_pass, upstream.reshape(self.shapes[0])
        u = namespace(y).asarray(host.copy()) if is_array(y) else float(host)
        try:
            with np.errstate(all="ignore"):
                found = self.backward(u, *rest)
        except Exception as error:
            error.add_note(
                "The call is backward(upstream, cache) if forward returns (y, cache), otherwise "
                "backward(upstream, *inputs)."
            )
            raise
        if is_array(y) and not is_same(to_host(u), host):
            raise EarlyVerdict(
                "fail",
                "backward changes the upstream gradient in place. Other branches of a network "
                "still need it: work on a copy, upstream.copy().",
            )
        gradients = list(found) if isinstance(found, (tuple, list)) else [found]
        if len(gradients) == len(self.arguments):  # with entries for the constants, too
            gradients = [g for g, x in zip(gradients, self.arguments) if isinstance(x, Input)]
        if found is None or len(gradients) != len(self.inputs):
            n, names = len(self.inputs), ", ".join(x.name for x in self.inputs)
            raise EarlyVerdict(
                "fail",
                f"backward must return {n} gradient{'s' * (n != 1)} ({names}), in the order of "
                f"forward's arguments, but returned {describe_result(found)}."
                + (MISSING if found is None else ""),
            )
        return gradients

    def list_arrays(self, forward_pass: Any) -> list[tuple[str, Any, Any]]:
        rows = zip(self.names, forward_pass[0], self.make_arguments(self.start))
        return [(name, now, before) for name, now, before in rows if is_array(now)]
