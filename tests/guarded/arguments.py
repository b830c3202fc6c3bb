"""What may be handed to a function of the guarded library, and the NumPy arrays behind it."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from .surface import words

NUMBERS = (bool, int, float, complex, np.generic)

# Where CuPy takes an array.  Anything else (a shape, an axis, a count) must be known on the host.
ARRAYS = words("""
    a a1 a2 a_max a_min A ar ar1 ar2 args arr arr1 arr2 array ary arys b choices condition dst
    element f fill_value filt fp indices keys m mask max min operands out prepend append prototype
    src sorter test_elements to_begin to_end v val vals value values weights where x x1 x2 xi xp y z
""")
# Where it takes a sequence of arrays.
SEQUENCES = words("tup args arys operands xi choicelist condlist keys choices")
# The keywords behind `**kwargs`.
KEYWORDS = {
    "einsum": {"dtype", "optimize"},
    "meshgrid": {"indexing", "sparse", "copy"},
    "pad": {"constant_values", "end_values", "reflect_type", "stat_length"},
}


class Guarded:
    """The base of the guarded array: `_host` is the NumPy array that it guards."""

    __slots__ = ("_host",)

    _host: np.ndarray


def unsupported(x: Any) -> TypeError:
    """CuPy's own words for an argument of the wrong library."""
    advice = "; upload it first: asarray(x)" if isinstance(x, np.ndarray) else ""
    return TypeError(f"Unsupported type {type(x)}: CuPy does not convert it by itself{advice}")


def check(
    name: str, parameters: inspect.Signature, args: Any, options: Any, *, method: bool = False
) -> None:
    """Raise what CuPy would raise, or what a GPU would quietly pay for.

    A function's first argument must be an array where it may be one; a method has `self` for that.
    """
    try:
        bound = parameters.bind(*args, **options)
    except TypeError as error:
        raise TypeError(f"CuPy's {name}({', '.join(parameters.parameters)}): {error}") from None
    for i, (parameter, value) in enumerate(bound.arguments.items()):
        kind = parameters.parameters[parameter].kind
        if name == "ndarray.astype" and parameter in ("casting", "subok"):
            raise TypeError(f"CuPy's {name}: {parameter} is not supported yet")
        if kind is inspect.Parameter.VAR_KEYWORD:
            unknown = set(value) - KEYWORDS.get(name, set())
            if unknown:
                raise TypeError(f"CuPy's {name} does not take {sorted(unknown)}")
        elif parameter in SEQUENCES and isinstance(value, (tuple, list)):
            for x in value:
                if not (isinstance(x, (Guarded, str, *NUMBERS)) or x is Ellipsis):
                    raise unsupported(x)
        elif parameter in ARRAYS:
            if not isinstance(value, Guarded):
                is_number = value is None or isinstance(value, NUMBERS)
                if not is_number or (i == 0 and not method):
                    raise unsupported(value)
        else:
            refuse_arrays(name, parameter, value)


def refuse_arrays(name: str, parameter: str, value: Any) -> None:
    """A shape, an axis or a count is a host number: a device array would have to be read."""
    if isinstance(value, (Guarded, np.ndarray)):
        raise TypeError(
            f"{name}: {parameter} must be known on the host, got {type(value).__name__} "
            f"(it cannot be interpreted as an integer)"
        )
    if isinstance(value, (tuple, list)):
        for part in value:
            refuse_arrays(name, parameter, part)


def lowered(x: Any, operands: list[Guarded]) -> Any:
    """`x` with NumPy arrays in place of guarded ones, which are added to `operands`."""
    if isinstance(x, Guarded):
        operands.append(x)
        return x._host
    if isinstance(x, (tuple, list)):
        return type(x)(lowered(part, operands) for part in x)
    return x
