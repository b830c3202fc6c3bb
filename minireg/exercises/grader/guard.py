"""What a submission may do: an audit hook that cannot be removed, and limits of the system.

The hook sees what Python code asks the system for (PEP 578).  Only a few kinds of events are
allowed; with any other one the process ends at once, so no code of the submission can catch an
error and go on.  Files may be read from Python's library and from NumPy, and from nowhere else.

This file needs the standard library only: it is used in the process of the submission.
"""

from __future__ import annotations

import _imp
import _thread
import gc
import importlib
import os
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.machinery import EXTENSION_SUFFIXES
from typing import Any, NoReturn

# ruff: noqa: SIM905  lists of words
ALLOWED = frozenset(
    """compile exec marshal.loads marshal.load code.__new__ function.__new__ array.__new__
    object.__getattr__ object.__setattr__ object.__delattr__ builtins.id builtins.input
    builtins.input/result sys._getframe sys._getframemodulename sys.settrace sys.setprofile
    sys.excepthook sys.unraisablehook time.sleep pickle.find_class os.putenv os.unsetenv""".split()
)
FOLDERS = frozenset(("os.listdir", "os.scandir"))
SUFFIXES = tuple(EXTENSION_SUFFIXES)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# Modules that a submission may import although they are compiled: nothing compiled is loaded later.
USEFUL = """array cmath csv dataclasses decimal fractions heapq math random statistics typing
    unicodedata numpy.fft numpy.linalg numpy.random""".split()
# Functions that reach the system, and that the hook does not see.
HIDDEN = "pidfd_open mkfifo mknod unshare setns chroot nice setpriority dup2".split()


def limit_resources(memory: int, seconds: int) -> None:
    """Limit memory (bytes) and processor time, and allow no process, thread, or written file.

    Windows has no such limits; only the time limit of the grader holds there.
    """
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    limits = {
        "RLIMIT_AS": memory,
        "RLIMIT_CPU": seconds,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": 0,
        "RLIMIT_NOFILE": 32,
    }
    for name, limit in limits.items():
        if hasattr(resource, name):
            resource.setrlimit(getattr(resource, name), (limit, limit))


def hide_modules(packages: Sequence[str]) -> None:
    """Leave only Python's library and NumPy to be imported, and no function that goes unseen.

    Compiled modules that are not loaded yet (sockets, ctypes, ...) cannot be imported any more.
    """
    for name in USEFUL:
        importlib.import_module(name)
    hidden = [os.path.dirname(package) for package in packages]
    sys.path[:] = [path for path in sys.path if path not in hidden]
    sys.path_importer_cache.clear()
    folders = [path for path in sys.path if os.path.isdir(path)]
    files = [file for folder in folders for file in os.listdir(folder)]
    compiled = {file.partition(".")[0] for file in files if file.endswith(SUFFIXES)}
    for name in compiled | set(sys.builtin_module_names):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    for name in ("gc", "signal", "_signal"):
        sys.modules[name] = None  # type: ignore[assignment]
    for system in (os, sys.modules.get("posix")):
        for name in HIDDEN:
            if hasattr(system, name):
                delattr(system, name)
    gc.disable()  # or a `__del__` of the submission could run while the hook does

    def start(*_: Any, **__: Any) -> None:  # in some versions of Python, the hook sees no threads
        sys.audit("_thread.start_new_thread")

    def create(spec: Any) -> NoReturn:
        raise ImportError(f"{spec.name} cannot be loaded")

    for module in (_thread, threading):
        for name in ("start_new_thread", "start_new", "start_joinable_thread"):
            for found in (name, f"_{name}"):
                if hasattr(module, found):
                    setattr(module, found, start)
    _imp.create_builtin = create  # type: ignore[assignment]
    os.environ.clear()


def install_hook(library: str, packages: Sequence[str], replies: int, length: int) -> None:
    """From now on, end the process when something is not allowed, and tell the grader.

    Args:
        library: the folder of Python's library.
        packages: the folders of the packages that may be read: NumPy.
        replies: the pipe to the grader.
        length: of the numbers in a frame, in bytes.
    """
    sys.addaudithook(make_hook(library, tuple(packages), replies, length))


def make_hook(
    library: str,
    packages: tuple[str, ...],
    replies: int,
    length: int,
    allowed: frozenset[str] = ALLOWED,
    folders: frozenset[str] = FOLDERS,
    writing: int = WRITING,
    separator: str = os.sep,
    type: Any = type,
    str: Any = str,
    int: Any = int,
    len: Any = len,
    bytes: Any = bytes,
    ascii: Any = ascii,
    write: Any = os.write,
    end: Any = os._exit,
) -> Callable[[str, tuple[Any, ...]], None]:
    """Return the hook.  Other code cannot exchange what it uses.

    It is one function, since another function could be changed through the frames of the stack.
    It calls no method of an object that the submission made, which could look at these frames.
    """
    inside_library = library + separator
    inside_packages = tuple([package + separator for package in packages])

    def hook(event: Any, arguments: tuple[Any, ...]) -> None:
        if event in allowed:
            return
        verb, what = "used", event
        if event == "import":
            name, file = arguments[:2]
            if file is None:
                return
            verb, what = "loaded the compiled module", name
        elif event == "open" or event in folders:
            path, mode, flags = arguments if event == "open" else (arguments[0], None, 0)
            verb, what = "opened the file" if event == "open" else "listed the folder", path
            if (
                type(path) is str
                and (mode is None or (type(mode) is str and not mode.strip("rbtU")))
                and type(flags) is int
                and not flags & writing
                and not ("/../" in path or "\\..\\" in path)
                and (
                    path == library
                    or path in packages
                    or path.startswith(inside_packages)
                    or (path.startswith(inside_library) and "-packages" not in path)
                    # or in the working folder, which is empty
                    or not ("/" in path or "\\" in path or ":" in path or path == "..")
                )
            ):
                return
        shown = ascii(what) if type(what) is str or type(what) is int else "something"
        said = f"{verb} {shown[:200]}".replace("\\", "").replace('"', "")
        text = b'{"dict": [["refused", "' + said.encode() + b'"]]}'
        size = (length + len(text)).to_bytes(length, "big")
        try:
            write(replies, size + bytes(length) + len(text).to_bytes(length, "big") + text)
        finally:
            end(3)

    return hook
