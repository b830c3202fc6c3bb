"""The error messages for an operation that was called wrongly or written wrongly.

This code runs only after something has failed.
"""

from __future__ import annotations

import inspect
from typing import Any, NoReturn

from ..checks import describe_value
from ..errors import ArgumentError, ArgumentTypeError, IndexRangeError, MiniregError

# -- arguments of an operation that NumPy or CuPy refuses ------------------------------------------

# What Python and NumPy raise for arguments that an operation cannot use.
MISTAKES = (TypeError, ValueError, IndexError, AttributeError, OverflowError)
NOT_ARRAYS = (list, tuple, dict, str, type(None))
SPELLINGS = {"dim": "axis", "keepdim": "keepdims", "a_min": "min", "a_max": "max", "input": "x"}


def explain(error: Exception, name: str, signature: inspect.Signature, args: tuple) -> NoReturn:
    """Raise the error again as a MiniregError that names the operation.

    The message of a MiniregError only gets the operation's name at its start: the innermost name,
    if an operation is made of others.  Any other error is rewritten, with the arguments given.
    """
    name = name.lstrip("_")
    if isinstance(error, AttributeError) and not any(isinstance(x, NOT_ARRAYS) for x in args):
        raise error  # a mistake in the operation itself
    if not isinstance(error, MiniregError):
        explained = rewrite(error, name, signature, args)
        explained.operation = name
        raise explained from error
    if error.operation is None:
        error.operation, error.args = name, (f"{name}: {error}",)
    raise error


def rewrite(error: Exception, name: str, signature: inspect.Signature, args: tuple) -> MiniregError:
    """Return an error of Python or of the array library as a MiniregError."""
    text = str(error)
    for theirs, ours in SPELLINGS.items():
        if f"unexpected keyword argument '{theirs}'" in text and ours in signature.parameters:
            return ArgumentTypeError(
                f"{name} calls this argument {ours!r}, not {theirs!r} "
                f"(the name of the array API standard): {name}{signature}."
            )
    given = ", ".join(map(describe_value, args))
    if isinstance(error, AttributeError):
        hint = " mr.tensor makes one from a list." if any(isinstance(x, list) for x in args) else ""
        return ArgumentTypeError(f"{name} takes Tensors. It was given ({given}).{hint}")
    kinds = {IndexError: IndexRangeError, TypeError: ArgumentTypeError}
    kind = next(
        (ours for theirs, ours in kinds.items() if isinstance(error, theirs)), ArgumentError
    )
    text = text.removeprefix(f"{name}() ").rstrip(".")
    call = f" Write {name}{signature}." if " positional argument" in text else ""
    return kind(f"{name}: {text}. It was given ({given}).{call}")


# -- a body of @primitive that returns something wrong ---------------------------------------------

MISSING = " Its return statement may be missing."
COMMA = " A comma is missing: (lambda g: ...) is the function itself, (lambda g: ...,) a tuple."


def check_returned(
    error: Exception, operation: Any, output: Any, called: Any = None, *arguments: Any
) -> None:
    """Raise an error about `output`, which a body returned instead of value and vjps.

    Args:
        error: the exception that `output` caused.
        called: the part of `output` that was called with `arguments`.  If it accepts them, the
            error came from inside of it, and nothing is raised.
    """
    if isinstance(error, MiniregError) or (called is not None and accepts(called, *arguments)):
        return
    hint = MISSING if output is None else ""
    if callable(called) and accepts(called, None):
        hint = COMMA
    raise ArgumentTypeError(
        f"{operation.__name__.lstrip('_')} returned {outline(output)}, and a primitive returns its "
        f"value and a tuple with one function of the upstream gradient for each argument: "
        f"return y, (lambda g: ...,).{hint}"
    ) from error


def raise_missing_derivative(operation: Any, number: int) -> NoReturn:
    """Raise an error: an argument requires a gradient, but there is no vjp for it."""
    raise ArgumentError(
        f"{operation.__name__} has no derivative with respect to its argument number {number}. "
        f"Pass it detached: x.detach()."
    )


def raise_wrong_gradient(
    error: Exception, operation: Any, vjps: Any, vjp: Any, shape: tuple[int, ...], part: Any
) -> NoReturn:
    """Raise an error about `part`, which `vjp` returned instead of a gradient of this shape."""
    number = [other is vjp for other in vjps].index(True) + 1
    got = f"shape {part.shape}" if hasattr(part, "shape") else f"{part!r}"
    raise ArgumentError(
        f"The derivative of {operation.__name__} with respect to its argument number {number} must "
        f"be an array of shape {shape} (or broadcast from it), got {got}."
        f"{MISSING if part is None else ''}"
    ) from error


def accepts(function: Any, *arguments: Any) -> bool:
    """Whether the function can be called with these arguments, judging by its signature."""
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:  # some built-in functions have no signature
        return True
    return True


def outline(x: Any) -> str:
    """Describe x and the parts of a tuple, for instance as `(float32 (2,), (a function,))`."""
    if isinstance(x, tuple):
        return f"({', '.join(map(outline, x))}{',' * (len(x) == 1)})"
    return "a function" if callable(x) else describe_value(x)
