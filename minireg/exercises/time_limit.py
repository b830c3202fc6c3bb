"""A limit on how long a function of a student may run, so that an endless loop ends."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 5.0  # a function of an exercise needs less than a millisecond
AGAIN = 1.0  # until the next interrupt: one that falls into a callback of the collector is lost


class TooLong(Exception):
    """The limit was exceeded.  The traceback leads to the line that was running."""


@contextmanager
def limit_time() -> Iterator[None]:
    """Inside the `with` block, raise TooLong after `SECONDS`.

    The main thread is interrupted as by Ctrl-C, on every system; in other threads, and within a
    single call of NumPy, there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    exceeded, done = threading.Event(), threading.Event()

    def interrupt() -> None:
        pause = SECONDS
        while not done.wait(pause):
            exceeded.set()
            _thread.interrupt_main()
            pause = AGAIN

    threading.Thread(target=interrupt, daemon=True).start()
    try:
        yield
    except KeyboardInterrupt as error:
        if not exceeded.is_set():
            raise
        said = f"was still running after {SECONDS:g} seconds. Is there a loop without end?"
        raise TooLong(said).with_traceback(error.__traceback__) from None
    finally:
        done.set()
