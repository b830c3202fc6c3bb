"""@primitive makes an operation from a function of arrays that returns its value and derivative.

    @primitive
    def exp(x):
        y = namespace(x).exp(x)
        return y, (lambda g: g * y,)

The body returns its value and a tuple of vjps (vector-Jacobian products), one for each argument:
`g` is dL/d(value), and the vjp returns dL/d(argument).  "The contract" in CONTRIBUTING.md says what
a body may rely on, and what the engine does for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from ..backend import namespace
from .diagnosis import MISTAKES, check_returned, explain, raise_missing_derivative
from .mode import get_mode
from .tensor import Tensor, next_order

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
ITSELF = object()  # the default of `plain`: the body itself can be re-run on Tensors

Function = TypeVar("Function", bound=Callable)


def primitive(body: Callable | None = None, *, plain: Any = ITSELF) -> Any:
    """Turn `body` into an operation on Tensors.

    Args:
        body: takes plain arrays (and numbers), returns `value, vjps` or `value, vjps, auxiliary`.

            * `vjps` is a tuple with one function of the upstream gradient for each argument.  It
              may be shorter than the arguments, and None is for an argument without gradient; an
              empty tuple means that the value is a constant.
            * Instead of a tuple, one function `joint(g, needs)` may return the tuple of all
              gradients; `needs[i]` is True if gradient i is needed.
            * `auxiliary` is a tuple of arrays without gradient; the operation then returns
              `(Tensor, *auxiliary)`.
        plain: for a body that computes with array tricks (writing in place, shared work): a
            function that composes the same value of other operations, for second derivatives.
            With `plain=None` there are no second derivatives.

    An operation of your own takes a few lines:

    >>> @mr.primitive
    ... def cube(x):
    ...     return x * x * x, (lambda g: g * 3 * x * x,)
    >>> x = mr.tensor(2.0, requires_grad=True)
    >>> cube(x).backward()
    >>> x.grad
    array(12., dtype=float32)
    """
    if body is None:
        return lambda body: primitive(body, plain=plain)

    signature = inspect.signature(body)
    chooses_dtype = "dtype" in signature.parameters

    @wraps(body)
    def apply(*args: Any, **options: Any) -> Any:
        arrays, needs = [], []
        try:
            if options:
                args, options = place_tensors(signature, args, options)
            for x in args:
                if isinstance(x, Tensor):
                    arrays.append(x.data)
                    needs.append(x.requires_grad)
                else:  # a NumPy number counts as a Python number
                    arrays.append(x.item() if isinstance(x, np.generic) else x)
                    needs.append(False)
            output = body(*arrays, **options) if options else body(*arrays)
        except MISTAKES as error:
            explain(error, apply.__name__, signature, args)

        try:
            value, vjps = output[0], output[1]
            if type(value) is not np.ndarray:
                value = as_array(value, arrays)
            if value.dtype == FLOAT64 and not chooses_dtype and not is_double(arrays):
                value = value.astype(FLOAT32)

            # A new Tensor, field by field: a call of __init__ would take as long as all the rest.
            result = object.__new__(Tensor)
            result.data = value
            result._grad = None
            result._order = next_order()
            result._retains_grad = False
            paused, watchers = get_mode()
            if vjps and not paused and True in needs:
                result.requires_grad = True
                result._primitive = apply
                result._args = args
                result._options = options or None
                result._vjps = vjps if callable(vjps) else drop_unneeded(apply, vjps, needs)
            else:
                result.requires_grad = False
                result._primitive = result._options = result._vjps = None
                result._args = ()
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            check_returned(error, apply, output)
            raise
        for watcher in watchers:
            watcher(apply, arrays, result)
        return result if len(output) == 2 else (result, *output[2])

    operation: Any = apply
    operation.body = body
    operation.plain = None if plain is ITSELF else plain
    operation.twice = plain is not None
    return operation


def composed(function: Function) -> Function:
    """Mark a function that is made of other operations: the chain rule gives its derivatives.

    For arguments that it cannot use, it raises the same kind of errors as a primitive.

    >>> mr.stack([mr.ones(2)], dim=1)
    Traceback (most recent call last):
    minireg.errors.ArgumentTypeError: stack calls this argument 'axis', not 'dim' ...
    """
    signature = inspect.signature(function)

    @wraps(function)
    def apply(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except MISTAKES as error:
            explain(error, apply.__name__, signature, args)

    return apply  # type: ignore[return-value]


def drop_unneeded(operation: Any, vjps: tuple[Any, ...], needs: list[bool]) -> tuple[Any, ...]:
    """`vjps` without those that will not be called, so that their arrays can be freed."""
    if False not in needs and None not in vjps and len(vjps) == len(needs):
        return vjps
    kept = list(vjps[: len(needs)])
    for i, need in enumerate(needs):
        if not need:
            if i < len(kept):
                kept[i] = None
        elif i >= len(kept) or kept[i] is None:
            raise_missing_derivative(operation, i + 1)
    return tuple(kept)


def as_array(value: Any, arrays: list[Any]) -> Any:
    """A number as a 0-d array: NumPy's reductions give NumPy scalars, CuPy's give 0-d arrays."""
    if isinstance(value, np.generic):
        return np.asarray(value)
    return namespace(*arrays).asarray(value) if isinstance(value, (float, int)) else value


def is_double(arrays: list[Any]) -> bool:
    """Whether the result is float64: if an array is.  (NumPy also widens float32 with int64.)"""
    for x in arrays:  # noqa: SIM110  any() with a generator takes four times as long
        if getattr(x, "dtype", FLOAT32) == FLOAT64:
            return True
    return False


def place_tensors(signature: inspect.Signature, args: tuple, options: dict) -> tuple[tuple, dict]:
    """Move Tensors given by keyword to their place among the positional arguments."""
    if not any(isinstance(x, Tensor) for x in options.values()):
        return args, options
    bound = signature.bind(*args, **options)
    bound.apply_defaults()
    return bound.args, bound.kwargs
