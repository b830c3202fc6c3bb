"""Floor 0: write files completely or not at all, and lock folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from itertools import count
from pathlib import Path
from typing import Any

from .errors import ArgumentError, ArgumentTypeError

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

counter = count()


def as_path(path: Any) -> Path:
    """Return the given path of a file as a `Path`."""
    if not isinstance(path, str | os.PathLike):
        raise ArgumentTypeError(f"The path of a file must be a string or a Path, got {path!r}.")
    if not os.fspath(path):
        raise ArgumentError("The path of a file is empty.")
    return Path(path)


def check_folder(folder: Path, argument: str | None = None) -> None:
    """Make `folder` and check, before a long computation, that files can be written there.

    Args:
        folder: is made together with its parent folders.
        argument: the name of the caller's argument, for the error.

    Raises:
        ArgumentError: the folder cannot be made or written to; the message says why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".minireg-probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise explain_unwritable(folder, error, argument) from error


@contextmanager
def lock_folder(folder: Path, argument: str | None = None) -> Iterator[None]:
    """A `with` block in which nothing else can lock the folder; one that does not exist is free.

    The lock belongs to an open file, so the system releases it however the process ends.

    Raises:
        ArgumentError: another process, which the message names, has locked the folder.
    """
    if fcntl is None or not folder.is_dir():
        yield
        return
    path = folder / ".lock"
    try:
        file = path.open("a+")
    except OSError as error:
        raise explain_unwritable(folder, error, argument) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(file.fileno()).st_nlink == 0:  # the other process has just removed it
                raise BlockingIOError
        except BlockingIOError as error:
            file.seek(0)
            raise ArgumentError(
                f"Process {file.read()} is writing into the folder {str(folder)!r}. Wait until it "
                f"ends, stop it, or choose another folder.",
                argument=argument,
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Check that the file can be written, without changing it; remove old temporary files."""
    remove_leftovers(path)
    try:
        existed = path.exists()
        path.open("ab").close()
        if not existed:
            path.unlink()
    except OSError as error:
        raise explain_unwritable(path.parent, error) from error


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write all files under temporary names, then rename them, replacing existing files.

    If anything fails while they are written, the folder keeps its old files and no others.

    Raises:
        ArgumentError: a file cannot be written; the message says why.
    """
    own = f"{os.getpid()}-{next(counter)}"  # several threads may write a file of the same name
    pairs = [(folder / f".{name}.{own}.tmp", folder / name) for name in files]
    try:
        for (temporary, _), content in zip(pairs, files.values(), strict=True):
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())  # or a power cut could leave an empty file of this name
        for temporary, final in pairs:
            os.replace(temporary, final)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise explain_unwritable(folder, error) from error
    finally:
        for temporary, _ in pairs:
            with suppress(OSError, ValueError):
                temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """`write_files` for a single file."""
    write_files(path.parent, {path.name: content})


def remove_leftovers(path: Path) -> None:
    """Remove the temporary files of a process that was killed while it wrote this file."""
    for leftover in path.parent.glob(f".{escape(path.name)}.*.tmp"):
        leftover.unlink(missing_ok=True)


def explain_unwritable(
    folder: Path, error: Exception, argument: str | None = None
) -> ArgumentError:
    reason = getattr(error, "strerror", None) or error
    return ArgumentError(
        f"Cannot write into the folder {str(folder)!r}: {reason}. Choose another one.",
        argument=argument,
    )
