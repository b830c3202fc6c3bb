"""Checks of arguments, shared by everything that takes numbers from a user.

Each returns the value in the form that the caller computes with, or raises an error that carries
the name of the argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import index
from typing import Any

from .errors import ArgumentError, ArgumentTypeError


def as_float(value: Any) -> float | None:
    """The value as a float; None if it is not a number, or is a tensor that requires a gradient."""
    if isinstance(value, (bool, type)) or not hasattr(value, "__float__"):
        return None
    if getattr(value, "ndim", 0) or getattr(value, "requires_grad", False):
        return None
    try:
        return float(value)
    except OverflowError:  # a whole number beyond the largest float
        return float("inf") if value > 0 else float("-inf")


def check_probability(name: str, p: object, *, below_one: bool = False, meaning: str = "") -> float:
    """Return `p` as a float in [0, 1], or in [0, 1) with `below_one`."""
    interval = "[0, 1)" if below_one else "[0, 1]"
    number = as_float(p)
    if number is None:
        raise ArgumentTypeError(
            f"{name}{meaning} must be a number in {interval}, got {show(p)}.",
            argument=name,
        )
    if not (0 <= number < 1 or (number == 1 and not below_one)):
        raise ArgumentError(f"{name}{meaning} must be in {interval}, got {number}.", argument=name)
    return number


def check_dropping(name: str, p: object) -> float:
    """Return `p`, a probability of dropping, as a float in [0, 1)."""
    return check_probability(name, p, below_one=True, meaning=", the probability of dropping,")


def check_number(
    name: str,
    value: object,
    *,
    minimum: float | None = None,
    above: float | None = None,
    maximum: float | None = None,
) -> float:
    """Return `value` as a finite float, at least `minimum` (or greater than `above`), at most
    `maximum`; -0.0 is 0.0.
    """
    number = as_float(value)
    if number is None:
        raise ArgumentTypeError(f"{name} must be a number, got {show(value)}.", argument=name)
    if number != number or number in (float("inf"), float("-inf")):
        raise ArgumentError(f"{name} must be finite, got {number}.", argument=name)
    if minimum is not None and number < minimum:
        raise ArgumentError(f"{name} must be at least {minimum:g}, got {number:g}.", argument=name)
    if above is not None and number <= above:
        raise ArgumentError(
            f"{name} must be greater than {above:g}, got {number:g}.", argument=name
        )
    if maximum is not None and number > maximum:
        raise ArgumentError(f"{name} must be at most {maximum:g}, got {number:g}.", argument=name)
    return number + 0.0


def check_count(name: str, value: object, *, minimum: int = 1, maximum: int | None = None) -> int:
    """Return `value` as an int that is at least `minimum` and at most `maximum`."""
    try:
        if isinstance(value, bool):
            raise TypeError
        count = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ArgumentTypeError(
            f"{name} must be a whole number, got {show(value)}.", argument=name
        ) from None
    if count < minimum:
        raise ArgumentError(f"{name} must be at least {minimum}, got {count}.", argument=name)
    if maximum is not None and count > maximum:
        raise ArgumentError(f"{name} must be at most {maximum}, got {count}.", argument=name)
    return count


def check_flag(name: str, value: object) -> bool:
    """Return `value`, True or False."""
    if not isinstance(value, bool):
        raise ArgumentTypeError(f"{name} must be True or False, got {show(value)}.", argument=name)
    return value


def check_choice(name: str, value: Any, choices: Iterable[Any]) -> Any:
    """Return `value`, one of the `choices`, which are texts or None."""
    *most, last = choices
    if not isinstance(value, str | None) or value not in (*most, last):
        listed = f"{', '.join(map(repr, most))} or {last!r}"
        raise ArgumentError(f"{name} must be {listed}, got {show(value)}.", argument=name)
    return value


class Checked:
    """An attribute that is checked whenever it is assigned, also in the middle of a training.

    >>> class Layer:
    ...     p = Checked(check_probability, below_one=True)
    >>> layer = Layer()
    >>> layer.p = 1.5
    Traceback (most recent call last):
    minireg.errors.ArgumentError: p must be in [0, 1), got 1.5.
    """

    def __init__(self, check: Callable[..., Any], **limits: Any) -> None:
        self.check, self.limits = check, limits

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __set__(self, instance: Any, value: Any) -> None:
        vars(instance)[self.name] = self.check(self.name, value, **self.limits)


def check_regularizer(regularizer: Any) -> Any:
    """Return `regularizer`, a penalty or None."""
    has_methods = hasattr(regularizer, "value") and hasattr(regularizer, "proximal")
    if regularizer is None or (has_methods and not isinstance(regularizer, type)):
        return regularizer
    raise ArgumentTypeError(
        f"regularizer must be a penalty on weights such as regularizers.L2(1e-4), got "
        f"{regularizer!r}.",
        argument="regularizer",
    )


def describe_value(x: Any) -> str:
    """Describe x: `float32 (2, 3)` for an array, else its repr, or its type if that is long."""
    if hasattr(x, "shape") and hasattr(x, "dtype"):
        return f"{x.dtype} {tuple(x.shape)}"
    text = repr(x)
    return text if len(text) <= 40 else type(x).__name__


def dtype_kind(x: Any) -> str:
    """The kind of the dtype of an array, such as "f"; "" for anything that is not of NumPy's kinds.

    >>> dtype_kind(np.zeros(3)), dtype_kind([0.0])
    ('f', '')
    """
    return getattr(getattr(x, "dtype", None), "kind", "")


def show(x: object) -> str:
    """The repr of an argument; arrays with axes are described."""
    return describe_value(x) if getattr(x, "ndim", 0) else repr(x)
