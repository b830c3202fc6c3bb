"""`minireg exercise`: exercises that check themselves."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .grade import grade

if TYPE_CHECKING:
    from ..exercises.folder import Folder

POLL = 0.02  # seconds between two looks at the files


@click.group()
def exercise() -> None:
    """Write backward passes yourself, and have them checked.

    Begin with `minireg exercise start DIR`.  Run the other commands in the folder DIR.
    """


def open_given(context: click.Context, parameter: click.Parameter, value: str) -> Folder:
    from ..exercises.folder import open_folder  # noqa: PLC0415  `minireg --help` is fast

    return open_folder(value)


def strip_suffix(context: click.Context, parameter: click.Parameter, name: str | None) -> Any:
    """Return the name of an exercise, also if its file is given."""
    return name and Path(name).name.removesuffix(".py")


in_folder = click.option(
    "--dir", "folder", default=".", metavar="DIR", callback=open_given,
    help="The folder of the exercises, by default this one.",
)  # fmt: skip
one_exercise = click.argument("name", metavar="NAME", callback=strip_suffix)
this_exercise = click.argument("name", metavar="[NAME]", required=False, callback=strip_suffix)


@exercise.command()
@click.argument("folder", metavar="DIR")
def start(folder: str) -> None:
    """Write a file for each exercise into the folder DIR.

    Files that are there already are not changed.
    """
    from ..exercises import ORDER  # noqa: PLC0415
    from ..exercises.folder import start_folder  # noqa: PLC0415

    written = start_folder(folder)
    kept = len(ORDER) - len(written)
    there = f" {kept} were there already, and nothing in them was changed." if kept else ""
    print(f"Exercises written into {folder}: {len(written)}.{there} Go on with:")
    print(f"\n  cd {folder}\n  minireg exercise next")


@exercise.command("list")
@in_folder
def list_all(folder: Folder) -> None:
    """List the exercises, and tell which are done."""
    from ..exercises import ORDER, get_exercise  # noqa: PLC0415

    width = max(map(len, ORDER))
    for number, name in enumerate(ORDER, 1):
        state = "done" if name in folder.passed else "next" if name == folder.current else ""
        print(f"{number:3}  {state:4}  {name:{width}}  {get_exercise(name).title}")


@exercise.command()
@in_folder
def progress(folder: Folder) -> None:
    """Show how many exercises are done."""
    from ..exercises import ORDER  # noqa: PLC0415

    done, total = len(folder.passed), len(ORDER)
    filled = 40 * done // total
    print(f"[{'#' * filled}{'.' * (40 - filled)}] {done} of {total} done")
    print(f"Next: {folder.current}" if folder.current else "All exercises are done.")


@exercise.command("next")
@in_folder
def show_next(folder: Folder) -> None:
    """Show the first exercise that is not done."""
    from ..exercises import get_exercise  # noqa: PLC0415

    name = get_current(folder)
    shown = get_exercise(name)
    print(f"{name}: {shown.title}\n\n{shown.statement.strip()}\n")
    print(f"Write your answer into the file {folder.file(name)}, and check it:")
    print("\n  minireg exercise check       now\n  minireg exercise watch       at each save")


@exercise.command()
@this_exercise
@in_folder
@click.pass_context
def check(context: click.Context, folder: Folder, name: str | None) -> None:
    """Check an exercise, by default the first that is not done.

    The exit code is 1 if it does not pass.
    """
    if not show_check(folder, name or get_current(folder)):
        context.exit(1)


@exercise.command()
@in_folder
def watch(folder: Folder) -> None:
    """Check each file whenever it is saved.  Ctrl-C ends it."""
    from ..exercises import ORDER  # noqa: PLC0415
    from ..exercises.folder import open_folder  # noqa: PLC0415

    seen = {name: read_time(folder, name) for name in ORDER}
    try:
        show_check(folder, get_current(folder))
        print("\nWaiting for a file to be saved. Ctrl-C ends this.", flush=True)
        while True:
            time.sleep(POLL)
            for name, before in seen.items():
                seen[name] = read_time(folder, name)
                if seen[name] not in (None, before):  # None: an editor is replacing it
                    print(f"\n{'-' * 79}")
                    # The state is read again: another terminal may have shown a hint.
                    show_check(open_folder(folder.path), name)
    except KeyboardInterrupt:
        print("\nNo longer waiting.")


@exercise.command()
@this_exercise
@in_folder
def hint(folder: Folder, name: str | None) -> None:
    """Show one more hint for an exercise, by default the first that is not done."""
    from ..exercises.result import wrap_text  # noqa: PLC0415

    number, total, text = folder.show_hint(name or get_current(folder))
    print(wrap_text(f"Hint {number} of {total}: {text}"))


@exercise.command()
@one_exercise
@in_folder
def reset(folder: Folder, name: str) -> None:
    """Begin an exercise again; the old file is kept as NAME.bak."""
    kept = folder.reset(name)
    print(f"{folder.file(name)} is new." + (f" Your old file is {kept}." if kept else ""))


exercise.add_command(grade)


def get_current(folder: Folder) -> str:
    """Return the first exercise that is not done; end the command if all are."""
    if folder.current is None:
        print("All exercises are done.")
        raise click.exceptions.Exit(0)
    return folder.current


def show_check(folder: Folder, name: str) -> bool:
    """Check an exercise, print what was found and what to do next, and return whether it passed."""
    result = folder.check(name)
    print(result)
    if result and folder.current:
        print(f"\nNext: {folder.current} (minireg exercise next)")
    elif result:
        print("\nAll exercises are done.")
    elif result.verdict == "fail" and result.more_hints:
        print(f"\nFor a hint: minireg exercise hint {name}")
    sys.stdout.flush()  # or `watch` into a pipe shows it late
    return result.passed


def read_time(folder: Folder, name: str) -> Any:
    """Return when a file was saved, and its size; None if there is none."""
    try:
        found = folder.file(name).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
