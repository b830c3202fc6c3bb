"""What holds for the operations of one thread or asyncio task: whether they are recorded, and
which watchers are called after each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from inspect import isgeneratorfunction
from typing import Any

# How many no_grad blocks are open, and the watchers: watcher(operation, arrays, result).
_mode: ContextVar[tuple[int, tuple]] = ContextVar("mode", default=(0, ()))
get_mode = _mode.get


class Block(ContextDecorator):
    """The base of `with` blocks that are also decorators, of functions and of generators.

    A subclass keeps nothing of a single entry in itself: one object can be entered several times,
    by several threads, too.
    """

    def __enter__(self) -> Any:
        raise NotImplementedError

    def __exit__(self, *error: Any) -> None:
        raise NotImplementedError

    def __call__(self, function: Callable) -> Any:
        if not isgeneratorfunction(function):
            return super().__call__(function)

        @wraps(function)
        def generate(*args: Any, **options: Any) -> Any:
            generator = function(*args, **options)
            step = partial(next, generator)
            while True:
                try:
                    with self:  # but not around the yield: there the caller's code runs
                        value = step()
                except StopIteration as stop:
                    return stop.value
                try:
                    step = partial(generator.send, (yield value))
                except BaseException as error:
                    step = partial(generator.throw, error)

        return generate


class no_grad(Block):
    """Record nothing: a `with` block or a decorator for evaluation and parameter updates.

    It holds for the current thread (or asyncio task) only.

    >>> x = mr.tensor(2.0, requires_grad=True)
    >>> with no_grad():
    ...     y = x * x
    >>> y.requires_grad
    False
    """

    def __enter__(self) -> None:
        paused, watchers = get_mode()
        _mode.set((paused + 1, watchers))

    def __exit__(self, *error: Any) -> None:
        paused, watchers = get_mode()
        _mode.set((paused - 1, watchers))


@contextmanager
def recording(on: bool) -> Iterator[None]:
    """Switch the recording of operations on or off for the length of a `with` block."""
    token = _mode.set((not on, get_mode()[1]))
    try:
        yield
    finally:
        _mode.reset(token)


def add_watcher(watcher: Callable[[Any, list, Any], None]) -> None:
    """Call `watcher(operation, arrays, result)` after each operation, until it is removed."""
    paused, watchers = get_mode()
    _mode.set((paused, (*watchers, watcher)))


def remove_watcher() -> Any:
    """Remove the watcher that was added last, and return it."""
    paused, watchers = get_mode()
    _mode.set((paused, watchers[:-1]))
    return watchers[-1]
