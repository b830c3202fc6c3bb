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
    NOTHING,
    Input,
    Ruling,
    Subject,
    close,
    described,
    in_place,
    input_names,
    is_array,
    kind_of,
    name_of,
    numbers,
    on_host,
    same,
    unrepeatable,
)


class ArrayPair(Subject):
    """`forward` returns y or (y, cache), `backward` the gradients.

    Args:
        forward: takes `inputs`.
        backward: takes (upstream, cache) if forward returns a tuple (y, cache), else
            (upstream, *inputs); returns one gradient for each differentiable input.
        inputs: floating-point arrays and numbers are differentiated, everything else is constant.
    """

    def __init__(self, forward: Callable, backward: Callable, inputs: Sequence[Any]) -> None:
        super().__init__(name_of(forward))
        self.forward, self.backward = forward, backward
        self.given = list(inputs)
        self.names = input_names(forward, len(inputs))
        self.arguments: list[Any] = []  # an Input stands in the place of a differentiable one
        for name, x in zip(self.names, inputs):
            if isinstance(x, Tensor):
                raise ArgumentTypeError(
                    f"check_backward checks functions of arrays, and {name} is a Tensor: pass "
                    f"{name}.numpy(), or use check_gradients for a function of Tensors."
                )
            self.arguments.append(self.add(name, x) if kind_of(x) == "float" else x)
        if not self.inputs:
            raise ArgumentTypeError(NOTHING)

    def arguments_at(self, vector: np.ndarray) -> list[Any]:
        """Fresh arguments for forward, of the kind that came."""
        arguments = []
        for x, given in zip(self.arguments, self.given):
            if isinstance(x, Input):
                values = x.of(vector).copy()
                x = namespace(given).asarray(values) if is_array(given) else float(values)
            elif is_array(x):
                x = x.copy()
            arguments.append(x)
        return arguments

    def run(self, arguments: list[Any]) -> tuple[Any, tuple[Any, ...]]:
        """y, and what backward takes after the upstream gradient."""
        __tracebackhide__ = True
        with np.errstate(all="ignore"):
            y = self.forward(*arguments)
        rest: tuple[Any, ...] = tuple(arguments)
        if isinstance(y, tuple) and len(y) == 2:
            y, rest = y[0], (y[1],)
        if np.asarray(on_host(y)).dtype.kind not in "fiub":
            raise Ruling(
                "fail",
                f"it returned {described(y)}; it must return an array y or a tuple (y, cache)."
                + (MISSING if y is None else ""),
            )
        return y, rest

    def value(self, vector: np.ndarray) -> np.ndarray:
        __tracebackhide__ = True
        y, _ = self.run(self.arguments_at(vector))
        return self.flattened([np.asarray(on_host(y))])

    def gradients(self, vector: np.ndarray, upstream: np.ndarray) -> list[Any]:
        return self.differentiated(*self.run(self.arguments_at(vector)), upstream)

    def differentiated(self, y: Any, rest: tuple[Any, ...], upstream: np.ndarray) -> list[Any]:
        """What backward returns, one gradient for each differentiable input."""
        __tracebackhide__ = True
        host = upstream.reshape(self.shapes[0])
        u = namespace(y).asarray(host.copy()) if is_array(y) else float(host)
        try:
            with np.errstate(all="ignore"):
                found = self.backward(u, *rest)
        except Exception as error:
            error.add_note(
                "It was called as backward(upstream, cache) if forward returns (y, cache), else as "
                "backward(upstream, *inputs)."
            )
            raise
        if is_array(y) and not same(on_host(u), host):
            raise Ruling(
                "fail",
                "backward changes the upstream gradient in place. Other branches of a network "
                "still need it: work on a copy, upstream.copy().",
            )
        gradients = list(found) if isinstance(found, (tuple, list)) else [found]
        if len(gradients) == len(self.arguments):  # the constants have a place, too
            gradients = [g for g, x in zip(gradients, self.arguments) if isinstance(x, Input)]
        if found is None or len(gradients) != len(self.inputs):
            n, names = len(self.inputs), ", ".join(x.name for x in self.inputs)
            raise Ruling(
                "fail",
                f"backward must return {n} gradient{'s' * (n != 1)} ({names}), in the order of "
                f"forward's arguments, and returned {described(found)}."
                + (MISSING if found is None else ""),
            )
        return gradients

    def examine(self, upstream: np.ndarray) -> None:
        __tracebackhide__ = True
        arguments = self.arguments_at(self.start)
        y, rest = self.run(arguments)
        self.check_untouched(arguments, "it")
        # Copied: a backward that adds to its own array would change its first answer.
        first = [numbers(g) for g in self.differentiated(y, rest, upstream)]
        self.check_untouched(arguments, "backward")
        second = [numbers(g) for g in self.differentiated(y, rest, upstream)]
        for x, a, b in zip(self.inputs, first, second):
            if a is not None and b is not None and not close(a, b):
                raise unrepeatable(x.name, a, b)

    def check_untouched(self, arguments: list[Any], culprit: str) -> None:
        for name, now, before in zip(self.names, arguments, self.arguments_at(self.start)):
            if is_array(now) and not same(on_host(now), on_host(before)):
                raise in_place(culprit, name)
