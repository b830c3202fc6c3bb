"""The operators and methods of GuardedArray: those that CuPy has, with CuPy's arguments."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from .arguments import NUMBERS, Guarded, check, lowered, unsupported
from .array import GuardedArray, wrapped
from .counting import host_read
from .surface import recorded, signature, words


def defers_to(other: Any) -> bool:
    """True for an object that wants to do the operation itself, such as a Tensor."""
    return not isinstance(other, np.ndarray) and hasattr(other, "__array_ufunc__")


def binary(function: Any, reflected: bool) -> Any:
    def operate(self: GuardedArray, other: Any) -> Any:
        if not isinstance(other, (GuardedArray, *NUMBERS)):
            if defers_to(other):
                return NotImplemented
            raise unsupported(other)
        b = other._host if isinstance(other, GuardedArray) else other
        value = function(b, self._host) if reflected else function(self._host, b)
        return wrapped(value, [self])

    return operate


def in_place(function: Any) -> Any:
    def operate(self: GuardedArray, other: Any) -> GuardedArray:
        if not isinstance(other, (GuardedArray, *NUMBERS)):
            raise unsupported(other)
        host = self._host
        function(host, other._host if isinstance(other, GuardedArray) else other)
        return self

    return operate


def unary(function: Any) -> Any:
    return lambda self: wrapped(function(self._host), [self])


# Methods that wait for the device, and those that give the host something.
READING = words("choose compress dump dumps item nonzero tobytes tofile tolist")


def method(name: str, parameters: str) -> Any:
    bound = signature(parameters)

    def call(self: GuardedArray, *args: Any, **options: Any) -> Any:
        check(f"ndarray.{name}", bound, args, options, method=True)
        if name in READING:
            host_read(f"x.{name}()")
        operands: list[Guarded] = [self]
        args = lowered(args, operands)
        options = {key: lowered(x, operands) for key, x in options.items()}
        return wrapped(getattr(self._host, name)(*args, **options), operands)

    call.__name__ = name
    return call


BINARY = words("""
    add and eq floordiv ge gt le lshift lt matmul mod mul ne or pow rshift sub truediv xor
""")
for _name in BINARY:
    _function = getattr(operator, f"__{_name}__")
    for _prefix in ("", "r", "i"):
        if f"__{_prefix}{_name}__" in recorded()["operators"]:
            _made = (
                in_place(getattr(operator, f"__i{_name}__"))
                if _prefix == "i"
                else binary(_function, reflected=_prefix == "r")
            )
            setattr(GuardedArray, f"__{_prefix}{_name}__", _made)
for _prefix in ("", "r"):
    setattr(GuardedArray, f"__{_prefix}divmod__", binary(divmod, reflected=_prefix == "r"))
for _name in ("abs", "invert", "neg", "pos"):
    setattr(GuardedArray, f"__{_name}__", unary(getattr(operator, f"__{_name}__")))
for _name, _parameters in recorded()["methods"].items():
    if hasattr(np.ndarray, _name):
        setattr(GuardedArray, _name, method(_name, _parameters))
