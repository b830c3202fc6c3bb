"""Every error minireg raises on purpose: what came, what was expected, what to do.

Each class also inherits from the built-in exception that a Python programmer would catch.
"""

from __future__ import annotations

__all__ = [
    "AnomalyError", "ArgumentError", "ArgumentTypeError", "BackendError", "DataError",
    "GraphError", "IndexRangeError", "MiniregError", "NonFiniteLossError",
]  # fmt: skip


class MiniregError(Exception):
    """The base of all errors below: `except MiniregError` catches what minireg says.

    Attributes:
        argument: the name of the argument that the message is about, if it is about one; the
            command line names the option of the same name.
        operation: the operation that was given it; its name stands in front of the message.
    """

    operation: str | None = None

    def __init__(self, message: str = "", *, argument: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument


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


class NonFiniteLossError(MiniregError, ArithmeticError):
    """A loss that became NaN or infinite during training."""


class BackendError(MiniregError, RuntimeError):
    """An array library that is not usable here; the message names the step that failed."""


class DataError(ArgumentError):
    """A dataset that cannot be used: no examples, NaN, labels out of range, a damaged file."""
