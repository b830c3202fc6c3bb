"""The errors of minireg.  Each message says what was given, what was expected, and what to do.

Each class also inherits from the built-in exception that a Python programmer would catch.
"""

from __future__ import annotations

__all__ = [
    "AnomalyError", "ArgumentError", "ArgumentTypeError", "BackendError", "DataError",
    "GraphError", "IndexRangeError", "MiniregError", "NonFiniteLossError",
]  # fmt: skip


class MiniregError(Exception):
    """The base of all errors below: `except MiniregError` catches each of them.

    Attributes:
        argument: the name of the argument that the message is about, if it is about one; the
            command line names the option of the same name.
        operation: the name of the operation that raised the error; the message begins with it.
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
    """A backward pass that is not possible: no graph, a freed graph, no second derivative."""


class AnomalyError(MiniregError, ArithmeticError):
    """A NaN, an infinity, or an array that was changed while a derivative still needed it."""


class NonFiniteLossError(MiniregError, ArithmeticError):
    """A loss that became NaN or infinite during training."""


class BackendError(MiniregError, RuntimeError):
    """An array library that is not usable here; the message names the step that failed."""


class DataError(ArgumentError):
    """A dataset that cannot be used: no examples, NaN, labels out of range, a damaged file."""
