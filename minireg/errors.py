"""Every error minireg raises on purpose: what came, what was expected, what to do.

Each class also inherits from the built-in exception that a Python programmer would catch.
"""

from __future__ import annotations

import inspect
from typing import Any

__all__ = [
    "AnomalyError",
    "ArgumentError",
    "ArgumentTypeError",
    "BackendError",
    "DataError",
    "GraphError",
    "IndexRangeError",
    "MiniregError",
]


class MiniregError(Exception):
    """The base of all errors below: `except MiniregError` catches what minireg says."""


class ArgumentError(MiniregError, ValueError):
    """A value or a shape that does not fit."""


class ArgumentTypeError(MiniregError, TypeError):
    """An object of the wrong kind or dtype, or an argument that does not exist."""


class IndexRangeError(MiniregError, IndexError):
    """An index or an axis outside its range."""


class GraphError(MiniregError, RuntimeError):
    """A backward pass that cannot be done: no graph, a freed graph, no second derivative."""


class AnomalyError(MiniregError, ArithmeticError):
    """A NaN, an infinity, or an array that was changed while a derivative still needed it."""


class BackendError(MiniregError, RuntimeError):
    """An array library that is not usable here; the message names the step that failed."""


class DataError(ArgumentError):
    """A dataset that cannot be used: no examples, NaN, labels out of range, a damaged file."""


def check_probability(name: str, p: object, *, below_one: bool = False) -> float:
    """Return `p` as a float, or say why it is no probability."""
    interval = "[0, 1)" if below_one else "[0, 1]"
    if isinstance(p, bool) or not hasattr(p, "__float__") or getattr(p, "ndim", False):
        raise ArgumentTypeError(f"{name} must be a number in {interval}, got {p!r}.")
    p = float(p)  # type: ignore[arg-type]
    if not (0 <= p < 1 or (p == 1 and not below_one)):
        raise ArgumentError(f"{name} must be in {interval}, got {p}.")
    return p


def check_number(
    name: str, value: object, *, minimum: float | None = None, above: float | None = None
) -> float:
    """Return `value` as a finite float that is at least `minimum` (or greater than `above`)."""
    if isinstance(value, bool) or not hasattr(value, "__float__") or getattr(value, "ndim", False):
        raise ArgumentTypeError(f"{name} must be a number, got {value!r}.")
    number = float(value)  # type: ignore[arg-type]
    if number != number or number in (float("inf"), float("-inf")):
        raise ArgumentError(f"{name} must be finite, got {number}.")
    if minimum is not None and number < minimum:
        raise ArgumentError(f"{name} must be at least {minimum:g}, got {number:g}.")
    if above is not None and number <= above:
        raise ArgumentError(f"{name} must be greater than {above:g}, got {number:g}.")
    return number


def check_count(name: str, value: object, *, minimum: int = 1) -> int:
    """Return `value` as an int that is at least `minimum`."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or getattr(value, "ndim", False):
        raise ArgumentTypeError(f"{name} must be a whole number, got {value!r}.")
    count = int(value)  # type: ignore[call-overload]
    if count < minimum:
        raise ArgumentError(f"{name} must be at least {minimum}, got {count}.")
    return count


# -- what an operation says when NumPy or CuPy refuses its arguments -------------------------------

SPELLINGS = {"dim": "axis", "keepdim": "keepdims", "a_min": "min", "a_max": "max", "input": "x"}


def explained(error: Exception, name: str, signature: inspect.Signature, args: tuple) -> Exception:
    """The same error with the operation's name, what it was given, and what it takes."""
    if isinstance(error, MiniregError):
        return error
    name, text = name.lstrip("_"), str(error)
    for theirs, ours in SPELLINGS.items():
        if f"unexpected keyword argument '{theirs}'" in text and ours in signature.parameters:
            return ArgumentTypeError(
                f"{name} calls this argument {ours!r}, not {theirs!r} "
                f"(the name of the array API standard): {name}{signature}."
            )
    given = ", ".join(map(described, args))
    if isinstance(error, AttributeError):
        return ArgumentTypeError(f"{name} takes Tensors. It was given ({given}).")
    text = text.removeprefix(f"{name}() ").rstrip(".")
    kind = next(
        (
            ours
            for theirs, ours in ((IndexError, IndexRangeError), (TypeError, ArgumentTypeError))
            if isinstance(error, theirs)
        ),
        ArgumentError,
    )
    return kind(f"{name}: {text}. It was given ({given}).")


def described(x: Any) -> str:
    """`float32 (2, 3)` for an array, its repr for a small thing, its type for the rest."""
    if hasattr(x, "shape") and hasattr(x, "dtype"):
        return f"{x.dtype} {tuple(x.shape)}"
    text = repr(x)
    return text if len(text) <= 40 else type(x).__name__


# -- what is said about a body of @primitive that does not return what it should -------------------

MISSING = " Is its return statement missing?"
COMMA = " A comma is missing: (lambda g: ...) is the function itself, (lambda g: ...,) a tuple."


def check_returned(
    error: Exception, operation: Any, output: Any, called: Any = None, *arguments: Any
) -> None:
    """Raise what is wrong with `output`, which a body returned in place of value and vjps.

    Args:
        error: how that was noticed.
        called: the part of `output` that had been called with these arguments.  If it takes them,
            the error came from inside, and nothing is raised.
    """
    if isinstance(error, MiniregError) or (called is not None and takes(called, *arguments)):
        return
    hint = MISSING if output is None else ""
    if callable(called) and takes(called, None):
        hint = COMMA
    raise ArgumentTypeError(
        f"{operation.__name__.lstrip('_')} returned {outline(output)}, and a primitive returns its "
        f"value and a tuple with one function of the upstream gradient for each argument: "
        f"return y, (lambda g: ...,).{hint}"
    ) from error


def no_derivative(operation: Any, number: int) -> ArgumentError:
    """What is said to a Tensor that requires a gradient, and its place has no vjp."""
    return ArgumentError(
        f"{operation.__name__} has no derivative with respect to its argument number {number}. "
        f"Pass it detached: x.detach()."
    )


def wrong_gradient(
    operation: Any, vjps: Any, vjp: Any, shape: tuple[int, ...], part: Any
) -> ArgumentError:
    """What is wrong with `part`, which `vjp` returned in place of a gradient of this shape."""
    number = [other is vjp for other in vjps].index(True) + 1
    got = f"shape {part.shape}" if hasattr(part, "shape") else f"{part!r}"
    return ArgumentError(
        f"The derivative of {operation.__name__} with respect to its argument number {number} must "
        f"be an array of shape {shape} (or broadcast from it), got {got}."
        f"{MISSING if part is None else ''}"
    )


def takes(function: Any, *arguments: Any) -> bool:
    """It can be called with these arguments, as far as it tells."""
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:  # some built-in functions have no signature
        return True
    return True


def outline(x: Any) -> str:
    """`(float32 (2,), (a function,))`: what a tuple is made of."""
    if isinstance(x, tuple):
        return f"({', '.join(map(outline, x))}{',' * (len(x) == 1)})"
    return "a function" if callable(x) else described(x)
